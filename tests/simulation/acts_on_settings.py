"""What admins do with the connection to Jira and its settings."""

from app.clock import utcnow
from app.extensions import db
from app.models import Plan, Role
from app.services.connection import disconnect, organization_plan
from app.services.fields import switches
from app.services.organizations import memberships
from app.services.owed import metadata_reads
from app.services.settings import save
from app.services.settings.drafts import DEFAULT, Choice, Draft, Returning, saved_draft
from app.services.webhooks import webhook_tests
from demo.jira_cloud.catalog.sites import PROJECTS, issue_types
from tests.simulation import founding
from tests.simulation.installation import JIRA
from tests.simulation.somebody import Somebody

ACCOUNTS = ("unpack@acme.test", "admin@acme.test")
# How long somebody waits for the form to tell which types there are.
READING = 20.0
# PLAT has every field on its screen, MOB's and FIN's differ, and TPL's Task has no description.
TARGETS = ("PLAT", "API", "TPL", "FIN")


class ActsOnSettings(Somebody):
    """Maps, connects, pays, and chooses what comes back."""

    def remap(self, again: bool = False) -> None:
        """Choose another project for everybody, or for one team."""
        key = self.dice.choice(TARGETS)
        project = next(each for each in PROJECTS["acme-eng"] if each.key == key)
        connection = self.connection
        draft = self._saved()
        team = self.dice.choice([None, *sorted(self.organization.teams, key=lambda each: each.id)])
        slot = team.id if team else DEFAULT
        choices = {**draft.choices, slot: Choice(project.id, issue_types("acme-eng")["Task"].id)}
        wanted = Draft(draft.version, True, choices, draft.returning)
        try:
            save.save(self.organization, self.user, wanted, utcnow())
        except save.SettingsInvalid:  # its types were not read yet: as when the form asks for them
            db.session.rollback()
            metadata_reads.want_types(connection, [project.id])
            db.session.commit()
            if not again:
                self.world.scheduler.pause(READING)
                self.remap(again=True)
            return
        who = team.name if team else "everybody"
        whose = self.customer
        self.say(f"maps {who} to {key}", lambda: self.world.auditor.mapped(whose, slot, key))

    def take_over(self) -> None:
        """Choose what comes back from Jira."""
        draft = self._saved()
        fields = ["summary", "assignee", "duedate"]
        taken_over = frozenset(name for name in fields if self.dice.random() < 0.5)
        returning = Returning(self.dice.random() < 0.85, taken_over)
        wanted = Draft(draft.version, draft.overrides, draft.choices, returning)
        save.save(self.organization, self.user, wanted, utcnow())
        words = ", ".join([f"webhooks {returning.webhooks}", *sorted(taken_over)])
        whose = self.customer
        self.say(
            f"lets come back: {words}",
            lambda: self.world.auditor.returning(whose, returning.webhooks, taken_over),
        )

    def disconnect(self) -> None:
        """Disconnect from Jira."""
        farewell = disconnect.begin(self.organization, self.user)
        self.say("disconnects Jira", lambda: self.world.auditor.disconnected(self.customer))
        disconnect.delete_webhooks(farewell)
        disconnect.finish(farewell)
        db.session.commit()

    def reconnect(self) -> None:
        """Connect again, perhaps with another account."""
        self.connect(self.dice.choice(ACCOUNTS), "acme-eng")

    def connect_elsewhere(self) -> None:
        """Connect another site."""
        self.connect("unpack@acme.test", "acme-labs")

    def connect(self, account: str, slug: str) -> None:
        """Consent with `account` and choose the site."""
        whose = self.customer
        founding.consent(whose, self.world.cloud.control, account, slug, JIRA)
        self.say(
            f"connects {slug} as {account}",
            lambda: self.world.auditor.connected(whose, account, slug),
        )

    def downgrade(self) -> None:
        """Put the organization on the free plan, or back on Pro."""
        free = self.organization.plan is Plan.FREE
        self.plan(Plan.PRO if free else Plan.FREE)

    def plan(self, plan: Plan) -> None:
        """Put the organization on that plan."""
        organization_plan.change_plan(self.organization, plan, self.user)
        whose, paid = self.customer, plan.includes_jira
        self.say(f"changes to {plan}", lambda: self.world.auditor.plan(whose, paid))

    def change_role(self) -> None:
        """Make somebody an Admin or a Member, or hand the ownership over."""
        members = sorted(self.organization.memberships, key=lambda each: each.user_id)
        owner = next(each for each in members if each.role is Role.OWNER)
        other = self.dice.choice([each for each in members if each is not owner])
        if self.dice.random() < 0.2:
            memberships.transfer_ownership(other, owner.user)
        else:
            role = Role.MEMBER if other.role is Role.ADMIN else Role.ADMIN
            memberships.change_role(other, role, owner.user)
        self.say(f"makes {other.user.email} {other.role}")

    def send_test(self) -> None:
        """Ask Jira to report a mark, as a proof that webhooks arrive."""
        test = webhook_tests.request(self.connection)
        self.say(f"sends a test: {test.error or 'it is on its way'}")

    def _saved(self) -> Draft:
        """The settings as the form shows them."""
        organization = self.organization
        return saved_draft(organization, switches.taken_over(organization.settings))
