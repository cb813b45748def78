"""What admins have chosen: field values, who is left out, a pause; and what leaves meanwhile."""

import json
from dataclasses import dataclass, field, replace
from typing import Any

from tests.simulation.auditor.memory import (
    FIELDS,
    NEVER,
    SPRINT,
    Customer,
    Item,
    Memory,
    Rows,
    that_stood_since,
)
from tests.simulation.auditor.tries import RUNNING_PUSH, STAMPED, fields_of
from tests.simulation.network import Exchange

# What was looked at right before a request leaves; and by whoever was frozen in between.
AT_ONCE, FROZEN = 1.0, 20.0
OURS = {*FIELDS, "project", "issuetype", SPRINT}
NOT_WHILE_PAUSED = {"create", "edit", "mark", "transition", "read", "search"}
NOTES = "SELECT field_notes FROM issue_link WHERE public_id = :link AND issue_id = :id"
TOKEN = "{team}"
TEAM = "SELECT name FROM team WHERE id = :team"


@dataclass(frozen=True)
class Chosen:
    """Where items go and what goes with them, since when. follows: teams that send the default's
    values where they go where it goes."""

    at: float = NEVER
    mapping: dict[int, str] = field(default_factory=lambda: {0: "PLAT"})
    values: dict[int, dict[str, Any]] = field(default_factory=dict)
    own: frozenset[int] = frozenset()

    def of(self, team: int) -> dict[str, Any]:
        """What is sent with a team's items."""
        if team not in self.mapping:
            return self.values.get(0, {})
        follows = team not in self.own and self.mapping[team] == self.mapping[0]
        return self.values.get(0 if follows else team, {})


@dataclass(frozen=True)
class RefusedValues:
    """A create that Jira refused for optional values. named: which; none: it did not say."""

    at: float
    exchange: Exchange
    named: frozenset[str]


class Choices:
    """Hears what is chosen, and holds requests against it."""

    memory: Memory
    rows: Rows

    def __init__(self) -> None:
        super().__init__()
        self.chosen: dict[int, list[Chosen]] = {}
        self.demanded: set[str] = set()
        self.refused_values: dict[str, RefusedValues] = {}
        # By link what its last create went without, although it was chosen.
        self.went_without: dict[str, set[str]] = {}
        # The links of creates that Jira refused without a word of why: all that is optional is left
        # out once more, the due date with it.
        self.refused_unnamed: set[str] = set()

    # What people say

    def goes_to(self, customer: int, slot: int, key: str | None) -> None:
        """A slot goes to another project; None: where the default goes, or nowhere."""
        before, whose = self._now(customer), self.memory.customers[customer]
        mapping = {**before.mapping, slot: key}
        values, own = dict(before.values), before.own
        if key is None:
            del mapping[slot]
            values.pop(slot, None)
            own -= {slot}
        kept = {each: to for each, to in mapping.items() if to is not None}
        self._choose(customer, replace(before, mapping=kept, values=values, own=own))
        whose.left_out.pop(slot, None)
        if before.mapping.get(slot) != key:
            whose.chooses(slot, ("", ""), "", self.memory.now)  # other ids mean nothing there

    def valued(
        self, customer: int, slot: int, sent: dict[str, Any] | None, follows: bool = False
    ) -> None:
        """Other field values; None: those that there were. follows: the default's count."""
        before = self._now(customer)
        values = before.values if sent is None else {**before.values, slot: sent}
        goes = slot and before.mapping.get(slot) == before.mapping[0]
        own = before.own
        if goes:
            own = own - {slot} if follows else own | {slot}
        self._choose(customer, replace(before, values=values, own=own))

    def left_out(self, customer: int, teams: dict[int, bool]) -> None:
        """Teams are not synced any more, or again."""
        for team, out in teams.items():
            if team in self._now(customer).mapping:
                self.goes_to(customer, team, None)
            whose = self.memory.customers[customer]
            whose.mapping.pop(team, None)
            whose.left_out.pop(team, None)
            if out:
                whose.left_out[team] = self.memory.now
        for item in self.memory.items_of(self.memory.customers[customer]):
            item.rearmed_at = self.memory.now

    def paused(self, customer: int, paused: bool) -> None:
        """Somebody pauses syncing, or resumes it."""
        whose = self.memory.customers[customer]
        whose.paused_at = self.memory.now if paused else None
        for item in self.memory.items_of(whose):
            item.rearmed_at = self.memory.now

    # What leaves

    def may_go_out(self, exchange: Exchange, customer: Customer) -> None:
        """Nothing is sent or read while it is paused; what has left has left."""
        since, now = customer.paused_at, self.memory.now
        drains = exchange.process.name.startswith("sync_connection")
        if since is None or not drains or exchange.operation not in NOT_WHILE_PAUSED:
            return
        if now - since > (FROZEN if exchange.process.asleep_until > NEVER else AT_ONCE):
            what = f"{exchange.operation} leaves {now - since:.1f} s after the pause"
            self.memory.find("silence-while-paused", what)

    def team_wants_it(self, exchange: Exchange, item: Item) -> None:
        """Nothing leaves for a team that does not sync, but what a drain had begun."""
        since = item.customer.left_out.get(item.team)
        if since is not None and self.memory.now - since > RUNNING_PUSH:
            what = f"{exchange.operation} for item {item.id}, whose team does not sync"
            self.memory.find("left-out-stays", what, item.id)

    def sends_values(self, exchange: Exchange, item: Item, link: str, at: int) -> None:
        """A create carries what was chosen, and nothing else."""
        fields = fields_of(exchange, at)
        sent = {name: value for name, value in fields.items() if name not in OURS}
        may = [self._of_item(each, item) for each in self._lately(exchange, item)]
        for name, value in sent.items():
            if not any(name in each and each[name] == value for each in may):
                what = f"{name} is {value} for item {item.id}, chosen is {may[-1].get(name)}"
                self.memory.find("values-as-chosen", what, item.id)
        always = set.intersection(*(set(each) for each in may))
        self.went_without[link] = always - set(sent)
        if before := self.refused_values.pop(link, None):
            self._goes_on(exchange, item, before, set(sent))

    def _of_item(self, chosen: Chosen, item: Item) -> dict[str, Any]:
        """With its team's name where that is to stand."""
        values = chosen.of(item.team)
        text = json.dumps(values)
        if TOKEN in text:
            (team,) = self.rows(TEAM, team=item.team)
            values = json.loads(text.replace(TOKEN, team["name"]))
        return values

    def _lately(self, exchange: Exchange, item: Item) -> list[Chosen]:
        """What was chosen at any moment since the request was about to leave."""
        margin = FROZEN if exchange.process.asleep_until > NEVER else STAMPED
        every = [self._first(item.customer.id), *self.chosen.get(item.customer.id, [])]
        return that_stood_since(self.memory.now - margin, every)

    def _goes_on(
        self, exchange: Exchange, item: Item, before: RefusedValues, sent: set[str]
    ) -> None:
        """Without what Jira refused, at once; unless something else has come between."""
        memory, process = self.memory, before.exchange.process
        chosen_at = self._now(item.customer.id).at + STAMPED
        between = [item.rearmed_at, memory.disturbed_at, chosen_at]
        between += memory.asked_in_vain[process.about][-1:]
        lived = not (process.dead or process.refused) and process.asleep_until == NEVER
        if not lived or max(between) >= before.exchange.left_at:
            return
        again = sent & before.named if before.named else sent
        gap = memory.now - before.at
        if again or gap > RUNNING_PUSH:
            what = f"item {item.id} waits for its issue {gap:.1f} s, for {sorted(before.named)}"
            memory.find("optional-costs-nothing", what, item.id)

    def refused(self, exchange: Exchange, link: str, at: int) -> None:
        """A create was answered: did Jira refuse it for a value that it does not demand?"""
        errors = _errors_at(exchange, at)
        sent = set(fields_of(exchange, at)) - OURS
        if errors is None or not sent:
            return
        named = frozenset(errors)
        if named <= sent - self.demanded:
            self.refused_values[link] = RefusedValues(self.memory.now, exchange, named)
        if not named:
            self.refused_unnamed.add(link)

    # What stands here

    def says_what_is_lacking(self) -> None:
        """What an issue was created without, the item says, from the moment that it has the key."""
        for issue in self.memory.issues.values():
            lacking = self.went_without.get(issue.link)
            if not lacking:
                continue
            for row in self.rows(NOTES, link=issue.link, id=issue.id):
                del self.went_without[issue.link]
                if unsaid := lacking - set(json.loads(row["field_notes"] or "{}")):
                    what = f"{issue.key} lacks {sorted(unsaid)}, and its item does not say why"
                    self.memory.find("left-out-is-said", what)

    def _now(self, customer: int) -> Chosen:
        return self.chosen.get(customer, [self._first(customer)])[-1]

    def _first(self, customer: int) -> Chosen:
        return Chosen()

    def _choose(self, customer: int, chosen: Chosen) -> None:
        now = self.memory.now
        self.memory.customers[customer].chosen_at = now
        self.chosen.setdefault(customer, []).append(replace(chosen, at=now))


def _errors_at(exchange: Exchange, at: int) -> dict[str, str] | None:
    """The fields that Jira's refusal names, of the issue at that place; None: it was none."""
    if exchange.answer is None or exchange.garbled or exchange.answer.status != exchange.heard:
        return None
    if exchange.heard not in {400, 201}:
        return None
    body = json.loads(exchange.answer.body)
    errors = body.get("errors", {})
    if isinstance(errors, list):
        found = [e["elementErrors"] for e in errors if e["failedElementNumber"] == at]
        body = found[0] if found else None
    elif exchange.heard == 201:
        return None
    if body is None or "INVALID_INPUT" in body.get("errorMessages", []):
        return None
    named: dict[str, str] = body.get("errors", {})
    return named
