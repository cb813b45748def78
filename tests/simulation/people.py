"""What people do in Unpack: the services that the routes call, and the commit that they make.

Each tells the auditor what it meant in the moment of the commit: not before, because nothing may
come of it, and not after, because others already act on it.
"""

import random
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CompletedIn,
    IssueLink,
    JiraConnection,
    LinkState,
    Organization,
    Phase,
    Plan,
    Retrospective,
    Team,
    User,
)
from app.services.connection import disconnect, organization_plan
from app.services.errors import UnpackError
from app.services.fields import switches
from app.services.outbound import links
from app.services.owed import metadata_reads
from app.services.retrospectives import action_items, phases
from app.services.retrospectives.action_items import ActionItemFields
from app.services.settings import save
from app.services.settings.drafts import DEFAULT, Choice, Draft, Returning, saved_draft
from app.services.sync_log import retry
from demo.jira_cloud.catalog.sites import PROJECTS, issue_types
from tests.simulation import founding
from tests.simulation.installation import JIRA
from tests.simulation.network import UNSPEAKABLE
from tests.simulation.world import World

ACCOUNTS = ("unpack@acme.test", "admin@acme.test")
# PLAT has every field on its screen, MOB's and FIN's differ, and TPL's Task has no description.
TARGETS = ("PLAT", "API", "TPL", "FIN")


# How often somebody turns to what was touched last, here or in Jira.
AGAIN = 0.5


class Somebody:
    """One action of one person: `number` makes its words differ from all others'."""

    def __init__(self, world: World, number: int, dice: random.Random) -> None:
        self.world = world
        self.number = number
        self.dice = dice

    @property
    def organization(self) -> Organization:
        return db.session.scalars(select(Organization)).one()

    @property
    def user(self) -> User:
        return self.dice.choice(db.session.scalars(select(User).order_by(User.id)).all())

    def say(self, what: str, *after_commit: Callable[[], None]) -> None:
        """Commit; with it, the auditor hears of it and the history gets its line."""
        actor = self.world.scheduler.current
        assert actor is not None
        name = actor.name

        def committed() -> None:
            self.world.tell(name, what)
            for each in after_commit:
                each()

        actor.when_committed = committed
        db.session.commit()
        actor.when_committed = None

    # Action items

    def write(self) -> None:
        """Add some action items to a retrospective."""
        retrospective = self._retrospective(has_items=True)
        if retrospective is None:
            return
        self._add(retrospective, self.dice.choice([1, 1, 2, 5]))

    def commit(self) -> None:
        """Bring a retrospective into Commit, with more items if it has none."""
        retrospective = self._retrospective(phase=Phase.DISCUSS)
        if retrospective is None:
            return
        if not action_items.items_of(retrospective):
            count = self.dice.choice([1, 2, 3, 5, 8, 12, 30])
            self._add(retrospective, count, bad=self.dice.random() < 0.1)
        self._move(retrospective, Phase.DISCUSS, Phase.COMMIT)

    def go_back(self) -> None:
        """Bring a retrospective from Commit back to Discuss, or from there forward again."""
        if retrospective := self._retrospective(phase=Phase.COMMIT):
            self._move(retrospective, Phase.COMMIT, Phase.DISCUSS)

    def edit(self) -> None:
        """Change one or more fields of an action item."""
        item = self._item()
        if item is None:
            return
        what = self.dice.choice(["title", "description", "assignee", "due", "all"])
        fields = ActionItemFields(
            title=self._words("title") if what in {"title", "all"} else item.title,
            description=(
                self._words("text") if what in {"description", "all"} else item.description
            ),
            assignee_id=self.user.id if what in {"assignee", "all"} else item.assignee_id,
            due_on=self._day() if what in {"due", "all"} else item.due_on,
        )
        action_items.edit(item, fields)
        number = item.id
        self.say(
            f"edits {what} of item {number}",
            lambda: self.world.auditor.edited(number, vars(fields)),
        )

    def delete(self) -> None:
        """Delete an action item."""
        if item := self._item():
            action_items.delete(item, self.user)
            number = item.id
            self.say(f"deletes item {number}", lambda: self.world.auditor.deleted(number))

    def complete(self) -> None:
        """Complete an action item here, or open it again."""
        item = self._item()
        if item is None:
            return
        number, done = item.id, not item.complete
        if done:
            action_items.complete(item, self.user)
        else:
            action_items.reopen(item)
        self.say(
            f"{'completes' if done else 'reopens'} item {number}",
            lambda: self.world.auditor.completed(number, done, CompletedIn.UNPACK),
        )

    def sync(self) -> None:
        """Press Sync to Jira."""
        if item := self._item():
            action_items.lock(item)
            links.request_sync(item)
            number = item.id
            self.say(f"syncs item {number}", lambda: self.world.auditor.wanted([number]))

    def retry_all(self) -> None:
        """Press Retry all in the Sync Log."""
        failed = db.session.scalars(
            select(IssueLink.action_item_id).where(IssueLink.state == LinkState.ERROR)
        ).all()
        count = retry.retry_all(self.organization, self.user)
        self.say(f"retries all: {count}", lambda: self.world.auditor.rearmed(list(failed)))

    def unlink(self) -> None:
        """Unlink an action item from its issue."""
        if item := self._item(linked=True):
            action_items.lock(item)
            links.unlink(item)
            number = item.id
            self.say(f"unlinks item {number}", lambda: self.world.auditor.unlinked(number))

    def create_again(self) -> None:
        """Create the issue of an item again that was deleted in Jira."""
        found = select(ActionItem).join(IssueLink, IssueLink.action_item_id == ActionItem.id)
        gone = found.where(IssueLink.active, IssueLink.state == LinkState.DELETED)
        if item := db.session.scalars(gone.order_by(ActionItem.id)).first():
            action_items.lock(item)
            link = links.active_link(item)
            if link is None or link.state is not LinkState.DELETED:
                return
            links.create_again(item)
            number = item.id
            self.say(f"creates item {number} again", lambda: self.world.auditor.again(number))

    # Settings

    def remap(self) -> None:
        """Choose another project for everybody, or for one team."""
        key = self.dice.choice(TARGETS)
        project = next(each for each in PROJECTS["acme-eng"] if each.key == key)
        connection = db.session.scalars(select(JiraConnection)).one()
        draft = self._saved()
        team = self.dice.choice([None, *db.session.scalars(select(Team).order_by(Team.id)).all()])
        slot = team.id if team else DEFAULT
        choices = {**draft.choices, slot: Choice(project.id, issue_types("acme-eng")["Task"].id)}
        wanted = Draft(draft.version, True, choices, draft.returning)
        try:
            save.save(self.organization, self.user, wanted, utcnow())
        except save.SettingsInvalid:  # its types were not read yet: as when the form asks for them
            db.session.rollback()
            metadata_reads.want_types(connection, [project.id])
            db.session.commit()
            return
        who = team.name if team else "everybody"
        self.say(f"maps {who} to {key}", lambda: self.world.auditor.mapped(slot, key))

    def take_over(self) -> None:
        """Choose what comes back from Jira."""
        draft = self._saved()
        fields = ["summary", "assignee", "duedate"]
        taken_over = frozenset(name for name in fields if self.dice.random() < 0.5)
        returning = Returning(self.dice.random() < 0.85, taken_over)
        wanted = Draft(draft.version, draft.overrides, draft.choices, returning)
        save.save(self.organization, self.user, wanted, utcnow())
        words = ", ".join([f"webhooks {returning.webhooks}", *sorted(taken_over)])
        self.say(
            f"lets come back: {words}",
            lambda: self.world.auditor.returning(returning.webhooks, taken_over),
        )

    def disconnect(self) -> None:
        """Disconnect from Jira."""
        farewell = disconnect.begin(self.organization, self.user)
        self.say("disconnects Jira", self.world.auditor.disconnected)
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
        founding.consent(self.world.cloud.control, account, slug, JIRA)
        self.say(
            f"connects {slug} as {account}", lambda: self.world.auditor.connected(account, slug)
        )

    def downgrade(self) -> None:
        """Put the organization on the free plan, or back on Pro."""
        free = self.organization.plan is Plan.FREE
        self.plan(Plan.PRO if free else Plan.FREE)

    def plan(self, plan: Plan) -> None:
        """Put the organization on that plan."""
        organization_plan.change_plan(self.organization, plan, self.user)
        self.say(f"changes to {plan}", lambda: self.world.auditor.plan(plan.includes_jira))

    def set_right(self) -> None:
        """Pay, connect the first site, let status come back, and retry what failed."""
        if self.organization.plan is Plan.FREE:
            self.plan(Plan.PRO)
        connection = db.session.scalars(select(JiraConnection)).one()
        if not connection.connected or connection.site_name != "Acme Engineering":
            self.connect(ACCOUNTS[0], "acme-eng")
        draft = self._saved()
        wanted = Draft(draft.version, draft.overrides, draft.choices, Returning(webhooks=True))
        save.save(self.organization, self.user, wanted, utcnow())
        self.say(
            "lets only the status come back",
            lambda: self.world.auditor.returning(webhooks=True, taken_over=frozenset()),
        )
        self.retry_all()

    # What they act upon

    def _saved(self) -> Draft:
        """The settings as the form shows them."""
        organization = self.organization
        return saved_draft(organization, switches.taken_over(organization.settings))

    def _retrospective(
        self, phase: Phase | None = None, has_items: bool = False
    ) -> Retrospective | None:
        found = db.session.scalars(select(Retrospective).order_by(Retrospective.id)).all()
        fitting = [
            each
            for each in found
            if phase in (None, each.phase) and (not has_items or each.phase.has_action_items)
        ]
        return self.dice.choice(fitting) if fitting else None

    def _item(self, linked: bool = False) -> ActionItem | None:
        found = select(ActionItem).where(ActionItem.deleted_at.is_(None)).order_by(ActionItem.id)
        if linked:
            found = found.join(IssueLink, IssueLink.action_item_id == ActionItem.id)
            found = found.where(IssueLink.active)
        items = db.session.scalars(found).all()
        if not items:
            return None
        latest = [item for item in items if item.public_id == self.world.touched]
        item = latest[0] if latest and self.dice.random() < AGAIN else self.dice.choice(items)
        self.world.touched = item.public_id
        return item

    def _add(self, retrospective: Retrospective, count: int, bad: bool = False) -> None:
        author = self.user
        added = []
        for each in range(count):
            text = self._words(f"text-{each}") if self.dice.random() < 0.7 else ""
            if bad and each == 0:
                text = f"{text} {UNSPEAKABLE}"
            fields = ActionItemFields(
                self._words(f"title-{each}"),
                text,
                self.user.id if self.dice.random() < 0.6 else None,
                self._day() if self.dice.random() < 0.5 else None,
            )
            item = action_items.add(retrospective, fields, author)
            added.append((item.id, item.public_id, retrospective.team_id, vars(fields)))
        title = retrospective.title
        self.say(f"adds {count} items to {title}", lambda: self.world.auditor.added(added))

    def _move(self, retrospective: Retrospective, shown: Phase, to: Phase) -> None:
        phases.move_phase(retrospective, shown=shown, to=to)
        ids = (
            [item.id for item in action_items.items_of(retrospective)] if to is Phase.COMMIT else []
        )
        title = retrospective.title
        self.say(f"moves {title} to {to}", lambda: self.world.auditor.committed(ids))

    def _words(self, kind: str) -> str:
        return f"{kind} of act {self.number}, {self.dice.choice(['ä🙂', 'plain', 'a * b _c_'])}"

    def _day(self) -> date:
        return date(2026, 12, 1) + timedelta(days=self.dice.randrange(60))


def act(world: World, number: int, kind: str, **arguments: object) -> None:
    """Have somebody do `kind` now."""
    somebody = Somebody(world, number, world.dice(f"event {number}"))

    def request() -> None:
        try:
            getattr(somebody, kind)(**arguments)
        except (UnpackError, save.SavedMeanwhile) as error:
            db.session.rollback()
            world.tell(f"person-{number}", f"could not {kind}: {type(error).__name__}")

    world.in_web(f"person-{number}", request)
