"""What people here do where issues are to be in the active sprint."""

from typing import Any

from app.extensions import db
from app.services.settings.drafts import DEFAULT, Choice
from tests.simulation import jiras_sprints
from tests.simulation.acts_on_choices import EVERY_KIND, TASK, ActsOnChoices, Typed, project_of
from tests.simulation.acts_on_items import ActsOnItems
from tests.simulation.auditor.memory import SPRINT


class ActsOnSprints(ActsOnChoices, ActsOnItems):
    """Chooses the active sprint, and commits while one begins."""

    def sprint(self) -> None:
        """Send everybody's items to the project with every kind of field, into its sprint."""
        self.world.cloud.control.add_field("sprint", EVERY_KIND, type="Task")
        project, whose = project_of(EVERY_KIND), self.customer
        self.save_default(
            project.key,
            project.id,
            {DEFAULT: Choice(project.id, TASK)},
            typed=self._active_sprint,
            told=lambda parts: self.world.auditor.sprint_chosen(whose, SPRINT in parts),
        )

    def commit_while_one_begins(self) -> None:
        """Commit; a sprint begins; commit once more, while here nobody knows of it."""
        self.commit()
        self._wait([40.0, 120.0, 300.0])
        jiras_sprints.start(self.world, self.dice)
        self._wait([5.0, 60.0])
        self.commit()

    def _wait(self, seconds: list[float]) -> None:
        db.session.rollback()  # where nothing was left to commit, something was read all the same
        self.world.scheduler.pause(self.dice.choice(seconds))

    def _active_sprint(self, key: str, screen: Any) -> Typed:
        offered = screen is None or SPRINT in {each.id for each in screen if each.kind}
        return ({SPRINT: ["active"]} if offered else {}), {}
