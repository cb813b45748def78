"""What people do in Unpack: the services that the routes call, and the commit that they make.

Each tells the auditor what it meant in the moment of the commit: not before, because nothing may
come of it, and not after, because others already act on it.
"""

from app.clock import utcnow
from app.extensions import db
from app.models import Plan
from app.services.errors import UnpackError
from app.services.settings import save
from app.services.settings.drafts import Draft, Returning
from tests.simulation.acts_on_issues import ActsOnIssues
from tests.simulation.acts_on_last_time import ActsOnLastTime
from tests.simulation.acts_on_quarrels import ActsOnQuarrels
from tests.simulation.acts_on_refusals import ActsOnRefusals
from tests.simulation.acts_on_resolutions import ActsOnResolutions
from tests.simulation.acts_on_settings import ACCOUNTS
from tests.simulation.acts_on_sprints import ActsOnSprints
from tests.simulation.world import World


class Person(
    ActsOnIssues, ActsOnLastTime, ActsOnQuarrels, ActsOnRefusals, ActsOnResolutions, ActsOnSprints
):
    """Does one act, by its name."""

    def set_right(self) -> None:
        """Pay, connect the first site, let everybody sync, let status come back, retry the rest."""
        if self.organization.plan is Plan.FREE:
            self.plan(Plan.PRO)
        connection = self.connection
        if not connection.connected or connection.site_name != "Acme Engineering":
            self.connect(ACCOUNTS[0], "acme-eng")
        if connection.suspended:
            self.resume()
        self.take_everybody_in()
        draft, whose = self._saved(), self.customer
        wanted = Draft(draft.version, draft.overrides, draft.choices, Returning(webhooks=True))
        save.save(self.organization, self.user, wanted, utcnow())
        self.say(
            "lets only the status come back",
            lambda: self.world.auditor.returning(whose, webhooks=True, taken_over=frozenset()),
        )
        self.retry_all()


def act(
    world: World,
    number: int,
    kind: str,
    customer: int | None = None,
    *,
    about: str = "",
    after: float = 0.0,
) -> None:
    """Have somebody do `kind` in so many seconds: of this organization, or of any.

    about: the public id of the action item that is meant; empty: any.
    """
    person = Person(world, number, world.dice(f"event {number}"), customer)
    person.about = about

    def request() -> None:
        try:
            getattr(person, kind)()
        except (UnpackError, save.SavedMeanwhile, save.SettingsInvalid) as error:
            db.session.rollback()
            world.tell(f"person-{number}", f"could not {kind}: {type(error).__name__}")

    world.in_web(f"person-{number}", request, after)


def hurry(world: World, number: int, kind: str, about: str, after: float) -> None:
    """Have somebody do `kind` soon, to just that action item."""
    item = world.auditor.memory.by_public_id[about]
    act(world, number, kind, item.customer.id, about=about, after=after)
