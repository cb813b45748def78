"""The active sprint: set once, by the create or soon after it, and never over somebody's choice."""

import json
from dataclasses import dataclass
from typing import Any

from tests.simulation.auditor.memory import NEVER, SPRINT, Issue, Item
from tests.simulation.auditor.outward import SERVICE_ACCOUNTS, Outward
from tests.simulation.network import Exchange
from tests.simulation.scheduler import Process

# Between the look at the issue and the request.
LOOKED_AT = 15.0
# After the create it is looked for so long; a drain later it is there.
LOOKED_FOR, A_DRAIN = 600.0, 120.0


@dataclass
class Lacking:
    """An issue that was created without, although its sprint was active then."""

    item: Item
    issue: Issue
    sprint: int


class Sprints(Outward):
    """Hears of sprints, and watches who is put into which."""

    def __init__(self) -> None:
        super().__init__()
        self._active: list[int] = []
        self._refused = False
        # Since when a customer's items are to be in the active sprint, and go where it is.
        self._wanted_since: dict[int, float] = {}
        # Who put an issue into a sprint last, when; by site and id.
        self._put_in: dict[tuple[str, str], tuple[bool, float]] = {}
        self._sprintless: list[Lacking] = []
        # When something last went wrong for a connection.
        self._wrong_at: dict[int | None, float] = {}

    # What people say

    def sprint_chosen(self, customer: int, chosen: bool) -> None:
        """Everybody's items are to be in the active sprint, or not any more."""
        self._wanted_since.pop(customer, None)
        if chosen:
            self._wanted_since[customer] = self.memory.now

    def goes_to(self, customer: int, slot: int, key: str | None) -> None:
        self._wanted_since.pop(customer, None)
        super().goes_to(customer, slot, key)

    def sprint_began(self, number: int) -> None:
        """A sprint is active from now on."""
        self._active.append(number)

    def sprint_ended(self, number: int) -> None:
        """It is closed: nobody can be put into it any more."""
        self._active.remove(number)
        self._sprintless = [each for each in self._sprintless if each.sprint != number]

    def active_sprints(self) -> list[int]:
        """Those that are active now."""
        return list(self._active)

    def sprints_refused(self) -> None:
        """Jira's admins let nobody set it from now on, or not where an issue is created."""
        self._refused = True
        self._sprintless.clear()

    # What leaves

    def request(self, moment: str, exchange: Exchange) -> None:
        frozen = exchange.process.asleep_until > NEVER
        right = exchange.heard is not None and exchange.heard < 300 and not exchange.garbled
        if moment == "unanswered" or frozen or (moment == "answered" and not right):
            self._wrong_at[exchange.process.about] = self.memory.now
        if moment == "leaves" and not frozen and _sets(exchange):
            for issue in self._issues_at(exchange, exchange.path.rpartition("/")[2]):
                self._is_put_in(issue)
        super().request(moment, exchange)

    def waited(self, exchange: Exchange, item: Item, link: str, at: int) -> None:
        if not _sets(exchange):  # it is no try of the fields
            super().waited(exchange, item, link, at)

    def tried(self, exchange: Exchange, item: Item | None, link: str, at: int) -> None:
        if not _sets(exchange):
            super().tried(exchange, item, link, at)

    def died(self, process: Process) -> None:
        self._wrong_at[process.about] = self.memory.now
        super().died(process)

    def _is_put_in(self, issue: Issue) -> None:
        ours, at = self._put_in.get((issue.site, issue.id), (False, NEVER))
        if ours:
            self.memory.find("sprint-once", f"{issue.key} is put into a sprint once more")
        elif self.memory.now - at > LOOKED_AT and at > NEVER:
            what = f"{issue.key} is taken out of the sprint that somebody chose in Jira"
            self.memory.find("sprint-is-theirs", what)

    # Jira's events

    def jiras_event(self, event: dict[str, Any]) -> None:
        shown, place = event["issue"], (event["issue"]["site"], event["issue"]["id"])
        known = self.memory.issues.get(place)
        before = known.fields.get(SPRINT) if known else None
        super().jiras_event(event)
        issue = self.memory.issues.get(place)
        if issue is None:
            return
        after = shown["fields"].get(SPRINT)
        if after and after != before:
            self._put_in[place] = (event["actor"] in SERVICE_ACCOUNTS, self.memory.now)
        if event["kind"] == "jira:issue_created" and not after:
            self._perhaps_lacks(issue)

    def _perhaps_lacks(self, issue: Issue) -> None:
        item = self.memory.by_public_id.get(issue.item)
        if item is None or len(self._active) != 1 or self._refused:
            return
        since = self._wanted_since.get(item.customer.id)
        if since is not None and self.memory.now - since > LOOKED_FOR and self._goes_there(item):
            self._sprintless.append(Lacking(item, issue, self._active[0]))

    def _goes_there(self, item: Item) -> bool:
        return item.team not in item.customer.mapping

    # What stands in Jira

    def sprint_has_come(self) -> None:
        """Some minutes after the create, if nothing came in between."""
        until = self.memory.now - LOOKED_FOR - A_DRAIN
        over = [each for each in self._sprintless if each.issue.created_at < until]
        self._sprintless = [each for each in self._sprintless if each.issue.created_at >= until]
        for each in over:
            if each.issue.fields.get(SPRINT) or not self._was_calm(each):
                continue
            what = f"{each.issue.key} is in no sprint, and {each.sprint} was active all the time"
            self.memory.find("sprint-comes", what, each.item.id)

    def _was_calm(self, lacking: Lacking) -> bool:
        item, since = lacking.item, lacking.issue.created_at
        whose = item.customer
        moments = [
            self.memory.disturbed_at,
            self._wrong_at.get(whose.connection, NEVER),
            self._wanted_since.get(whose.id, self.memory.now),
            lacking.issue.moved_at,
            item.rearmed_at,
            *item.edited_at.values(),
        ]
        there = lacking.issue.alive and item.wish == "yes" and not item.let_go and item.owes is None
        goes = whose.stopped_at is None and whose.unpaid_at is None and whose.paused_at is None
        return there and goes and not self.memory.clock_is_wrong and max(moments) < since


def _sets(exchange: Exchange) -> bool:
    """Whether it puts an issue that is there into a sprint."""
    return exchange.operation == "edit" and SPRINT in json.loads(exchange.body).get("fields", {})
