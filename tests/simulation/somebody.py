"""One act of one person in Unpack: who acts, in which words, and the commit that is told of."""

import random
from collections.abc import Callable
from datetime import date, timedelta

from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, Membership, Organization, User
from tests.simulation.world import World

# How often somebody turns to what was touched last, here or in Jira.
AGAIN = 0.5


class Somebody:
    """One act of one person: `number` makes its words differ from all others'.

    about: the public id of the action item that the act is about; empty: of any.
    """

    about = ""

    def __init__(
        self, world: World, number: int, dice: random.Random, customer: int | None = None
    ) -> None:
        self.world = world
        self.number = number
        self.dice = dice
        self.customer = customer or dice.choice(sorted(world.auditor.memory.customers))

    @property
    def organization(self) -> Organization:
        return db.session.get_one(Organization, self.customer)

    @property
    def connection(self) -> JiraConnection:
        connection = self.organization.connection
        assert connection is not None
        return connection

    @property
    def user(self) -> User:
        """Anybody of the organization."""
        found = select(User).join(Membership, Membership.user_id == User.id)
        found = found.where(Membership.organization_id == self.customer).order_by(User.id)
        return self.dice.choice(db.session.scalars(found).all())

    def say(self, what: str, *after_commit: Callable[[], None]) -> None:
        """Commit; with it, the auditor hears of it and the history gets its line."""
        actor = self.world.scheduler.current
        assert actor is not None
        name = actor.name

        def committed() -> None:
            # Whoever took their time between two acts does this one now.
            self.world.auditor.memory.now = self.world.scheduler.now
            self.world.tell(name, what)
            for each in after_commit:
                each()

        actor.when_committed = committed
        db.session.commit()
        actor.when_committed = None

    def _words(self, kind: str) -> str:
        return f"{kind} of act {self.number}, {self.dice.choice(['ä🙂', 'plain', 'a * b _c_'])}"

    def _day(self) -> date:
        return date(2026, 12, 1) + timedelta(days=self.dice.randrange(60))
