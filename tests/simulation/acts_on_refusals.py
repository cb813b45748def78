"""What admins choose while Jira refuses what they had chosen."""

from typing import Any

from app.extensions import db
from app.models import ProjectMapping
from tests.simulation.acts_on_choices import OFTEN_THERE, ActsOnChoices, Typed
from tests.simulation.acts_on_items import ActsOnItems

# Which of the two Jira refuses; the other one is changed meanwhile.
REFUSED, CHANGED = "labels", "priority"


class ActsOnRefusals(ActsOnChoices, ActsOnItems):
    """Saves other values between a refusal and what is sent after it."""

    def choose_while_refused(self) -> None:
        """Commit what Jira refuses a value of, and choose another one before it is sent anew."""
        mapping = self._mapping(team=False)
        if mapping is None:
            return
        key = mapping.project_key
        self._choose(mapping, 0)
        db.session.rollback()
        self._refuse(key, True)
        self.commit()
        db.session.rollback()
        self.world.scheduler.pause(self.dice.uniform(0.2, 1.5))
        if mapping := self._mapping(team=False):
            self._choose(mapping, 1)
        db.session.rollback()
        self.world.scheduler.pause(self.dice.choice([30.0, 120.0]))
        self._refuse(key, False)

    def _choose(self, mapping: ProjectMapping, which: int) -> None:
        def typed(_: str, __: Any) -> Typed:
            values = {name: OFTEN_THERE[name][which] for name in (REFUSED, CHANGED)}
            parts = {name: each[0] for name, each in values.items()}
            return parts, {name: each[1] for name, each in values.items()}

        self.save_default(mapping.project_key, mapping.project_id, {}, typed)

    def _refuse(self, key: str, on: bool) -> None:
        self.world.cloud.control.refuse_field(REFUSED, key, type="Task", on=on)
        verb = "refuse" if on else "take"
        self.world.tell("jira's admins", f"{verb} {REFUSED} in {key}")
