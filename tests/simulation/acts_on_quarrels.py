"""What people do while somebody in Jira wants another status, or they themselves do."""

from app.extensions import db
from app.services.outbound import links
from app.services.settings.drafts import StatusChoice
from demo.jira_cloud.catalog.workflows import DONE, TO_DO
from tests.simulation import jiras_people
from tests.simulation.acts_on_choices import ActsOnChoices
from tests.simulation.acts_on_statuses import ActsOnStatuses

# An issue is moved about so long after the press, and what comes back of it is read soon after.
WHILE_IT_MOVES = (5.3, 5.6, 5.9, 6.2, 6.5, 6.8)


class ActsOnQuarrels(ActsOnChoices, ActsOnStatuses):
    """Lets issues follow, and presses where that has not come to an end yet."""

    def complete_and_be_overruled(self) -> None:
        """Press until the next move has to wait; meanwhile somebody in Jira decides otherwise."""
        self._let_issues_follow()
        self.press(3)
        db.session.rollback()  # where there was nothing to press: nobody waits in a transaction
        self.world.scheduler.pause(self.dice.choice([8.0, 20.0, 60.0]))
        item = self._item(linked=True)
        link = links.active_link(item) if item else None
        if item is None or link is None or link.issue_key is None:
            return
        key, complete = link.issue_key, item.complete
        db.session.rollback()
        jiras_people.there_and_back(self.world, key, done=complete)

    def complete_and_rethink(self) -> None:
        """Complete an item, and reopen it while its issue is moved."""
        self._let_issues_follow()
        self.press(2, WHILE_IT_MOVES)

    def _let_issues_follow(self) -> None:
        mapping = self._mapping(team=False)
        if mapping is not None and None in {
            mapping.completed_status_id,
            mapping.reopened_status_id,
        }:
            self.save_statuses(mapping, StatusChoice(DONE.id, TO_DO.id))
