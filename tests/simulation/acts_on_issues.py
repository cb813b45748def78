"""What people do with issues themselves: link to one that exists, and create one in Jira."""

from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import ActionItem, IssueLink, LinkState, Phase
from app.services.linking import by_hand, choices, finishing, issue_search
from demo.jira_cloud.catalog.accounts import ENG
from tests.simulation import jiras_people
from tests.simulation.acts_on_items import ActsOnItems

# Numbers of those who follow somebody's act, above all others' (world.py, play.py).
NEXT_ONE = 2_000_000
# How long it takes somebody to fill in Jira's form, and to come back; the last is too long.
FILLING_IN = (15.0, 90.0, 600.0, 1900.0)
FINISHING = 30 * 60.0


class ActsOnIssues(ActsOnItems):
    """Links, finishes in Jira, and comes back."""

    def link(self) -> None:
        """Link an action item to an issue: somebody's in Jira, a former one, or another item's."""
        item, key = self._without_issue(), self._an_issue()
        if item and key:
            self._link(item, key)

    def link_at_once(self) -> None:
        """Two want the same issue for two action items, within a second."""
        first, second, key = self._without_issue(), self._without_issue(), self._an_issue()
        if first is None or second is None or not key:
            return
        self.world.wanted_by_several = key
        for place, item in enumerate((first, second)):
            number = NEXT_ONE + 2 * self.number + place
            self.world.act_soon(number, "link_wanted", item.public_id, self.dice.random())

    def link_wanted(self) -> None:
        """Link the action item to the issue that another wants, too."""
        if item := self._without_issue():
            self._link(item, self.world.wanted_by_several)

    def link_unknown(self) -> None:
        """Link an action item whose issue is being created, or may have been."""
        stamped, key = (
            self._items(IssueLink.active, IssueLink.stamped_at.is_not(None)),
            self._an_issue(),
        )
        if stamped and key:
            self._link(self.dice.choice(stamped), key)

    def finish(self) -> None:
        """Keep an action item to oneself, create its issue in Jira, come back: or do not."""
        item, by = self._without_issue(), self.user
        if item is None:
            return
        number, public_id = item.id, item.public_id
        finishing.begin(item, by)
        self.say(
            f"finishes item {number} in Jira",
            lambda: self.world.auditor.finishes(number, FINISHING),
        )
        retrospective = item.retrospective
        if retrospective.phase is Phase.DISCUSS and self.dice.random() < 0.7:
            self._move(retrospective, Phase.DISCUSS, Phase.COMMIT)
        db.session.commit()  # nobody holds anything while they type
        self.world.scheduler.pause(self.dice.choice(FILLING_IN))
        item = db.session.scalars(select(ActionItem).filter_by(public_id=public_id)).one()
        if self.dice.random() < 0.6:
            if key := jiras_people.write(self.world, self.number, self.dice, "PLAT"):
                self._link(item, key)
        elif self.dice.random() < 0.5:
            finishing.stop(item, by)
            stops = self.world.auditor.stops_finishing
            self.say(f"stops finishing item {number}", lambda: stops(number))

    def _link(self, item: ActionItem, key: str) -> None:
        """As the route does: ask Jira without a transaction, then choose."""
        by, number = self.user, item.id
        question = choices.question_of(item, by, key)
        db.session.commit()
        answered = choices.ask(question)
        issue_search.keep_pause(question.connection_id, answered)
        found = choices.choices_of(question, answered, item, by)
        db.session.commit()
        if len(found.free) != 1:
            why = found.trouble or "it is another's"
            self.world.tell(f"person-{self.number}", f"may not link {number} to {key}: {why}")
            return
        chosen = found.free[0]
        by_hand.link(item, chosen, found.cloud_id, by)
        self.say(
            f"links item {number} to {chosen.issue.key}",
            lambda: self.world.auditor.linked(number, ENG, chosen.issue.id),
        )

    def _an_issue(self) -> str:
        """The key of one in Jira: often somebody's, else any; empty where there is none."""
        issues = self.world.cloud.control.issues()
        others = [each for each in issues if not each["properties"]]
        if self.dice.random() < 0.5 or not issues:
            return jiras_people.write(self.world, self.number, self.dice)
        strangers = self.dice.random() < 0.4
        return str(self.dice.choice(others if strangers and others else issues)["key"])

    def _without_issue(self) -> ActionItem | None:
        """The one that is meant, or any that has no issue that is there; often a new one."""
        if self.about:
            return self._item()
        retrospective = self._retrospective(has_items=True)
        if retrospective is not None and self.dice.random() < 0.6:
            self._add(retrospective, 1)
        has_one = IssueLink.issue_id.is_not(None) & (IssueLink.state != LinkState.DELETED)
        linked = select(IssueLink.action_item_id).where(IssueLink.active, has_one)
        items = self._items(ActionItem.id.not_in(linked))
        return self.dice.choice(items[-3:]) if items else None

    def _items(self, *conditions: Any) -> list[ActionItem]:
        found = select(ActionItem).join(ActionItem.retrospective).where(self._own())
        found = found.outerjoin(IssueLink, IssueLink.action_item_id == ActionItem.id)
        found = found.where(ActionItem.deleted_at.is_(None), *conditions)
        return list(db.session.scalars(found.distinct().order_by(ActionItem.id)))
