"""The status that an issue owes: sent by choice, by the last word, without an echo and a fight."""

import json
from typing import Any

from tests.simulation.auditor.memory import (
    NEVER,
    Issue,
    Item,
    Memory,
    Resolution,
    Rows,
    that_stood_since,
)
from tests.simulation.network import Exchange

OPEN_WAYS = {"11", "21"}
# By the transition the resolution that is called as the status it leads to.
LIKE_THE_STATUS = {"31": "10000", "41": "10001"}
# Between the press, or the look, and the request.
AT_ONCE = 1.0
LOOKED_AT = 15.0
CLOCKS = 2.0
MOST, WITHIN = 2, 600.0
# Longer than what was looked at with the choice of before.
SOON = 60.0
SAYS_WHY = (
    "SELECT o.failure_code FROM owed_status o JOIN issue_link l ON l.id = o.issue_link_id"
    " WHERE l.active AND l.action_item_id = :item AND o.owed IS NOT NULL"
    " AND o.failure_code IS NOT NULL"
)
LACKS_ONE = (
    "SELECT o.due_at FROM owed_status o JOIN issue_link l ON l.id = o.issue_link_id"
    " WHERE l.active AND l.action_item_id = :item AND o.owed IS NOT NULL AND o.due_at IS NULL"
    " AND o.failure_code = 'resolution-not-chosen'"
)


class Statuses:
    """Hears of presses, and watches what is done for them."""

    memory: Memory
    rows: Rows

    def __init__(self) -> None:
        super().__init__()
        # What a screen suggested as the resolution, and until when; None: it still does.
        self.suggested: dict[str, float | None] = {}
        # When it is to be seen that a chosen resolution was heard of: time, customer, slot.
        self.awaited: list[tuple[float, int, int]] = []

    def statuses_chosen(
        self, customer: int, slot: int, completed: str, reopened: str, resolution: str = ""
    ) -> None:
        """Which statuses issues get when their items are completed, and reopened, and what goes
        along; empty: none."""
        whose = self.memory.customers[customer]
        whose.chooses(slot, (completed, reopened), resolution, self.memory.now)
        if resolution:
            self.awaited.append((self.memory.now + SOON, customer, slot))

    def suggests(self, resolution: str | None) -> None:
        """The screen of Done suggests this one from now on, or none any more."""
        for each, until in self.suggested.items():
            if until is None:
                self.suggested[each] = self.memory.now
        if resolution is not None:
            self.suggested[resolution] = None

    def pressed(self, item: Item) -> None:
        """Somebody has completed or reopened it here: the last word counts."""
        self.owes_nothing(item)
        item.owes = self._wanted(item)
        item.owed_at = self.memory.now

    def opened(self, item: Item) -> None:
        """It gets an issue: what was completed here before owes it the status."""
        if item.complete and item.completed_in == "unpack":
            self.pressed(item)

    def owes_nothing(self, item: Item) -> None:
        """Whatever was owed is not any more."""
        item.owes_before, item.owed_until = item.owes, self.memory.now
        item.owes = None

    def _wanted(self, item: Item) -> str | None:
        if item.customer.site not in {None, "acme-eng"}:
            return None  # nobody is mapped to a project of another site
        side = "done" if item.complete else "open"
        chosen = self._chosen(item)[0 if item.complete else 1]
        return side if chosen else None

    def _chosen(self, item: Item) -> tuple[str, str]:
        return item.customer.statuses.get(self._slot(item), ("", ""))

    @staticmethod
    def _slot(item: Item) -> int:
        return item.team if item.team in item.customer.mapping else 0

    def _resolutions(self, item: Item) -> list[Resolution]:
        """Every one that was chosen to go along, the last one last."""
        return item.customer.resolutions.get(self._slot(item), [Resolution("")])

    def moves(self, exchange: Exchange, item: Item, issue: Issue) -> None:
        """A transition leaves."""
        if exchange.process.asleep_until > NEVER:
            return
        body = json.loads(exchange.body)
        way = body["transition"]["id"]
        side, memory = "open" if way in OPEN_WAYS else "done", self.memory
        self._resolves(item, issue, way, body.get("fields", {}).get("resolution"))
        late = side == item.owes_before and memory.now - item.owed_until < AT_ONCE
        if side != item.owes and not late:
            what = f"{issue.key} is brought to {side}, and owes {item.owes}"
            memory.find("status-by-choice", what, item.id)
        decided = issue.category_at > item.owed_at + CLOCKS
        known = memory.now - issue.category_at > LOOKED_AT
        right = memory.disturbed_at < item.owed_at and not memory.clock_is_wrong
        if (
            decided
            and known
            and right
            and item.owes
            and (issue.category == "done") != (side == "done")
        ):
            what = f"{issue.key} is brought to {side}, which somebody decided otherwise in Jira"
            memory.find("jiras-status-kept", what, item.id)

    def _resolves(self, item: Item, issue: Issue, way: str, sent: dict[str, str] | None) -> None:
        """A resolution is the chosen one, or what Jira suggests; never a guess."""
        if sent is None:
            return
        since = self.memory.now - LOOKED_AT
        every = self._resolutions(item)
        may = {each.id for each in that_stood_since(since, every)}
        if "" in may:
            may.add(LIKE_THE_STATUS.get(way, ""))
        may |= {each for each, until in self.suggested.items() if until is None or until >= since}
        if sent["id"] not in may - {""}:
            what = f"{issue.key} gets the resolution {sent['id']}, chosen is {every[-1].id or '-'}"
            self.memory.find("resolution-as-chosen", what, item.id)

    def moved(self, issue: Issue) -> None:
        """We have brought it to another status."""
        now = self.memory.now
        issue.moved_by_us = [each for each in issue.moved_by_us if now - each < WITHIN - 40.0]
        issue.moved_by_us.append(now)
        right = not self.memory.clock_is_wrong and now - self.memory.disturbed_at > WITHIN
        if len(issue.moved_by_us) > MOST and right:
            what = f"{issue.key} is moved {len(issue.moved_by_us)} times in ten minutes"
            self.memory.find("no-fight", what)

    def has_what_it_owes(self, item: Item, issue: Issue, link: dict[str, Any]) -> None:
        """In the end; unless somebody decided otherwise in Jira, or the item says what is missing.

        A choice that was taken back since is owed by nobody, though another one was made later.
        """
        owes = item.owes
        if item.customer.unchosen_at.get((self._slot(item), owes or ""), NEVER) >= item.owed_at:
            return
        if owes is None or link["state"] != "synced" or self._wanted(item) != owes:
            return
        decided = max(issue.category_at, issue.moved_on_at) > item.owed_at - 60.0
        if (issue.category == "done") == (owes == "done") or decided:
            return
        if issue.linked_at > item.owed_at or self.rows(SAYS_WHY, item=item.id):
            return
        what = f"{issue.key} is {issue.category}, and item {item.id} owes {owes}"
        self.memory.find("status-comes-true", what, item.id)

    def goes_on_once_chosen(self) -> None:
        """What lacked a resolution is due, or has been looked at, soon after one was chosen."""
        while self.awaited and self.awaited[0][0] <= self.memory.now:
            _, customer, slot = self.awaited.pop(0)
            for item in self.memory.items_of(self.memory.customers[customer]):
                last = self._resolutions(item)[-1]
                if self._slot(item) != slot or not last.id or self.memory.now - last.at < SOON:
                    continue
                if self.rows(LACKS_ONE, item=item.id):
                    what = f"item {item.id} lacks a resolution, and {last.id} is chosen"
                    self.memory.find("resolution-as-chosen", what, item.id)
