"""What was carried over and dropped: one issue each, nothing sent that nobody wants, and back."""

from typing import Any

from tests.simulation.auditor.inward import plain
from tests.simulation.auditor.memory import OURS, Item
from tests.simulation.auditor.outward import Outward
from tests.simulation.auditor.tries import RUNNING_PUSH
from tests.simulation.auditor.wishes import Wishes
from tests.simulation.network import Exchange

CARRIED = "SELECT action_item_id AS item, retrospective_id AS retrospective FROM carry_over"
WORDS = "SELECT id, title, description, assignee_id, due_on, completed_at, dropped_at"
DROPPED = f"{WORDS} FROM action_item WHERE dropped_at IS NOT NULL"
ONE = f"{WORDS} FROM action_item WHERE id = :id"


class LastTime(Wishes, Outward):
    """Hears what people do with what was committed before, and watches over it."""

    def __init__(self) -> None:
        super().__init__()
        # Which retrospective lists which item of before.
        self.listed: set[tuple[int, int]] = set()
        # Items of which a create has left.
        self.ever_left: set[int] = set()
        # Items whose issue was deleted in Jira when a retrospective that lists them was committed,
        # until somebody asks for another.
        self.gone: set[int] = set()
        # Items whose issue was deleted there, and for which somebody has asked for another.
        self.asked_anew: set[int] = set()
        # What stood in an item when it was dropped, and what people have written in it since.
        self.words: dict[int, dict[str, Any]] = {}

    # What people say

    def carried(self, numbers: list[int], retrospective: int) -> None:
        """The retrospective lists them, too, from now on. By itself that sends nothing."""
        self.listed |= {(number, retrospective) for number in numbers}

    def not_carried(self, number: int, retrospective: int) -> None:
        """It lists it no more."""
        self.listed.discard((number, retrospective))

    def committed(self, numbers: list[int]) -> None:
        """What was dropped is not committed; what was deleted in Jira is not created again."""
        items = [self.memory.items[number] for number in numbers]
        wanted = [item for item in items if item.dropped_at is None]
        self.gone |= {item.id for item in wanted if self._is_gone(item)} - self.asked_anew
        super().committed([item.id for item in wanted])

    def wanted(self, numbers: list[int]) -> None:
        self._asked_for(numbers)
        super().wanted(numbers)

    def again(self, number: int) -> None:
        self._asked_for([number])
        super().again(number)

    def edited(self, number: int, fields: dict[str, Any]) -> None:
        super().edited(number, fields)
        if number in self.words:
            self.words[number] |= {name: plain(value) for name, value in fields.items()}

    def dropped(self, number: int) -> None:
        """Nobody wants it any more: nothing of it is sent, and nothing of Jira's is taken over."""
        item = self.memory.items[number]
        item.dropped_at, item.complete, item.completed_in = self.memory.now, True, "unpack"
        self.words[number] = self._words_of(number)
        if item.wish == "yes" and not self.memory.has_its_issue(item):
            item.wish = "may"  # what never left is withdrawn; of what left nobody knows
            item.ever_wanted = number in self.ever_left

    def taken_up(self, number: int) -> None:
        """It is wanted again as it was, and its issue is compared with it."""
        memory, item = self.memory, self.memory.items[number]
        item.dropped_at, item.complete, item.completed_in = None, False, None
        item.reopened_at = item.rearmed_at = memory.now
        words, [row] = self.words.pop(number), self.rows(ONE, id=number)
        if row["completed_at"] is not None or self._words_of(number) != words:
            memory.find("taken-up-as-it-was", f"item {number} is not what it was", number)

    def _asked_for(self, numbers: list[int]) -> None:
        self.asked_anew |= {each for each in numbers if self._is_gone(self.memory.items[each])}
        self.gone -= set(numbers)

    # What leaves

    def request(self, moment: str, exchange: Exchange) -> None:
        if moment == "leaves" and exchange.operation in {"create", "edit"}:
            for item, _, _ in self._concerned(exchange):
                if item is not None:
                    self._leaves(exchange, item)
        super().request(moment, exchange)

    def _leaves(self, exchange: Exchange, item: Item) -> None:
        memory, creates = self.memory, exchange.operation == "create"
        # What had been claimed before may be on its way still, as of what is deleted.
        if item.dropped_at is not None and memory.now - item.dropped_at > RUNNING_PUSH:
            what = f"{exchange.operation} for item {item.id}, which was dropped"
            memory.find("dropped-is-silent", what, item.id)
        if creates and item.id in self.gone:
            what = f"Commit creates the deleted issue of item {item.id} again"
            memory.find("gone-stays-gone", what, item.id)
        if creates:
            self.ever_left.add(item.id)

    def _created(self, place: tuple[str, str], shown: dict[str, Any], mine: Any) -> None:
        item = self.memory.by_public_id.get(mine["id"])
        if item is not None:
            self.asked_anew.discard(item.id)
        if item is not None and any(number == item.id for number, _ in self.listed):
            there = sum(each.ever_known for each in self.memory.issues_of(item))
            if there >= item.issues_allowed:
                what = f"item {item.id}, which was carried over, got {shown['key']}, too"
                self.memory.find("carried-has-one", what, item.id)
        super()._created(place, shown, mine)

    # What stands here

    def look_back(self) -> None:
        """After every step that may have changed rows, before what changed is believed."""
        listed = {(row["item"], row["retrospective"]) for row in self.rows(CARRIED)}
        for number, retrospective in listed ^ self.listed:
            what = f"item {number} in retrospective {retrospective}"
            self.memory.find("carried-is-listed", what, number)
        dropped = {row["id"]: row for row in self.rows(DROPPED)}
        meant = {item.id for item in self.memory.items.values() if item.dropped_at is not None}
        for number in dropped.keys() ^ meant:
            said = "by nobody" if number in dropped else "no more, and nobody took it up"
            self.memory.find("dropped-by-people", f"item {number} is dropped {said}", number)
        for number in dropped.keys() & meant:
            if {name: plain(dropped[number][name]) for name in OURS} != self.words[number]:
                what = f"item {number} changed although it was dropped"
                self.memory.find("dropped-is-left-alone", what, number)

    def _words_of(self, number: int) -> dict[str, Any]:
        [row] = self.rows(ONE, id=number)
        return {name: plain(row[name]) for name in OURS}

    def _is_gone(self, item: Item) -> bool:
        """Whether the issue that it had is not there any more, as all of them."""
        issues = self.memory.issues_of(item)
        known = [issue for issue in issues if issue.ever_known]
        return item.wish == "yes" and bool(known) and not any(issue.alive for issue in issues)
