"""What admins choose to go along when an issue is resolved."""

from app.extensions import db
from app.services.owed import metadata_reads
from app.services.settings.drafts import StatusChoice
from demo.jira_cloud.catalog.workflows import DONE, RELEASED, RESOLUTIONS, TO_DO
from tests.simulation import jiras_screens
from tests.simulation.acts_on_choices import ActsOnChoices
from tests.simulation.acts_on_settings import READING
from tests.simulation.acts_on_statuses import ActsOnStatuses

STATUSES = (DONE.id, DONE.id, RELEASED.id)


class ActsOnResolutions(ActsOnChoices, ActsOnStatuses):
    """Chooses a resolution with the statuses, or none, and completes what is to have it."""

    def choose_resolution(self) -> None:
        """Choose what issues get when their items are completed, of the default or of a team."""
        mapping = self._mapping(team=self.dice.random() < 0.2) or self._mapping(team=False)
        if mapping is not None:
            resolution = self.dice.choice(["", *RESOLUTIONS, *RESOLUTIONS])
            status = self.dice.choice(STATUSES)
            self.save_statuses(mapping, StatusChoice(status, TO_DO.id, resolution))

    def resolve_in_two_steps(self) -> None:
        """Choose a status whose screen asks for a resolution; choose that once it is missing."""
        jiras_screens.use_alone(self.world, jiras_screens.UNLIKE)
        mapping = self._mapping(team=False)
        if mapping is None:
            return
        metadata_reads.want_types(self.connection, [mapping.project_id])
        db.session.commit()
        self.world.scheduler.pause(READING)
        self._let_issues_be_released("")
        self.press(1)
        db.session.rollback()  # where there was nothing to press: nobody waits in a transaction
        self.world.scheduler.pause(self.dice.choice([30.0, 120.0]))
        self._let_issues_be_released(self.dice.choice(list(RESOLUTIONS)))

    def _let_issues_be_released(self, resolution: str) -> None:
        mapping = self._mapping(team=False)
        if mapping is not None:
            self.save_statuses(mapping, StatusChoice(RELEASED.id, TO_DO.id, resolution))
