"""What leaves for Jira, and what it does there: one issue an item, nothing that nobody wants."""

import json
from collections.abc import Iterator
from typing import Any

from tests.simulation.auditor.memory import (
    FIELDS,
    NEVER,
    PROPERTY,
    Customer,
    Issue,
    Item,
)
from tests.simulation.auditor.tries import RUNNING_PUSH, Tries
from tests.simulation.network import Exchange

WRITES = {"create", "edit"}
# What a drain may still do with what it has claimed, or found that it may send.
MARGIN = 6.0
AT_ONCE = 0.3
IN_FLIGHT = 8
KNOWN = "SELECT id FROM issue_link WHERE public_id = :link AND issue_id = :id"


class Outward(Tries):
    """Watches requests and Jira's events."""

    def __init__(self) -> None:
        self.in_flight: list[Exchange] = []
        # When a request left, what it asked, and for which connection.
        self.requests: list[tuple[float, str, int | None]] = []
        # The answers to writes since the log was last looked at, with the links they are about.
        self.answers: list[tuple[str, Exchange]] = []

    def request(self, moment: str, exchange: Exchange) -> None:
        """A request leaves, arrives, is answered, or is given up."""
        if moment == "leaves":
            asked = (self.memory.now, exchange.operation, exchange.process.about)
            self.requests.append(asked)
            if exchange.operation in WRITES:
                self._may_leave(exchange)
                self._side_by_side(exchange)
            elif exchange.operation == "token":
                self._refreshes(exchange)
        elif moment in {"answered", "unanswered"}:
            self._ends(exchange)

    def _ends(self, exchange: Exchange) -> None:
        if exchange in self.in_flight:
            self.in_flight.remove(exchange)
        succeeded = exchange.heard is not None and exchange.heard < 300
        customer = self.memory.of_connection(exchange.process.about)
        if customer and succeeded:
            customer.heard_success_at = self.memory.now
        if exchange.operation in WRITES:
            self._note_outcome(exchange)
        elif not succeeded or exchange.garbled:
            self.asked_in_vain(exchange)

    def _may_leave(self, exchange: Exchange) -> None:
        memory = self.memory
        if customer := memory.of_connection(exchange.process.about):
            self._may_speak(exchange, customer)
        for item, link, at in self._concerned(exchange):
            if item is None:
                memory.find("nothing-unwanted", f"a create for nobody's item, link {link}")
                continue
            self._is_wanted(exchange, item)
            self.waited(exchange, item, link, at)

    def _may_speak(self, exchange: Exchange, customer: Customer) -> None:
        """Nobody here is slow between a look and a request, but whoever was frozen there."""
        memory = self.memory
        margin = MARGIN if exchange.process.asleep_until > NEVER else AT_ONCE
        for since, rule in (
            (customer.stopped_at, "silence-after-disconnect"),
            (customer.unpaid_at, "silence-after-downgrade"),
        ):
            if since is not None and memory.now - since > margin:
                memory.find(rule, f"{exchange.operation} leaves {memory.now - since:.1f} s later")

    def _is_wanted(self, exchange: Exchange, item: Item) -> None:
        memory = self.memory
        ended = [each for each in (item.deleted_at, item.unlinked_at) if each is not None]
        grace = RUNNING_PUSH if item.deleted_at is not None else MARGIN
        gone = item.deleted_at is not None or item.wish == "no"
        if gone and (not ended or memory.now - max(ended) > grace):
            memory.find(
                "nothing-unwanted",
                f"{exchange.operation} for item {item.id}, wish {item.wish}",
                item.id,
            )

    def _side_by_side(self, exchange: Exchange) -> None:
        alive = [each for each in self.in_flight if not each.process.dead]
        others = {
            each.process.name
            for each in alive
            if each.operation in WRITES  # and not a refresh, beside which the old token may serve
            and each.process is not exchange.process
            and each.process.about == exchange.process.about
            and each.process.asleep_until < self.memory.now
        }
        if others:
            self.memory.find("one-drain", f"{exchange.process.name} sends beside {others}")
        self.in_flight = [*alive, exchange]
        if len([each for each in self.in_flight if each.process is exchange.process]) > IN_FLIGHT:
            self.memory.find("eight-in-flight", f"{len(self.in_flight)} requests at once")

    def _refreshes(self, exchange: Exchange) -> None:
        alive = [
            each
            for each in self.in_flight
            if each.operation == "token" and not each.process.dead
            and each.process.about == exchange.process.about
            and each.process.asleep_until < self.memory.now
        ]  # fmt: skip
        if alive:
            self.memory.find("one-refresh", "two refreshes of one grant at once")
        self.in_flight.append(exchange)

    def _note_outcome(self, exchange: Exchange) -> None:
        for item, link, at in self._concerned(exchange):
            if exchange.heard is not None:
                self.answers.append((link, exchange))
            self.tried(exchange, item, link, at)
            if exchange.heard is not None and exchange.heard < 300 and not exchange.garbled:
                for issue in self.memory.issues.values():
                    if issue.link == link:
                        issue.unheard.clear()

    def first_concerned(self, exchange: Exchange) -> str | None:
        """The public id of the first item that a write is about."""
        items = (item for item, _, _ in self._concerned(exchange))
        return next((item.public_id for item in items if item), None)

    def _concerned(self, exchange: Exchange) -> Iterator[tuple[Item | None, str, int]]:
        """The items of a create or an edit, with the link and the place in the request."""
        if exchange.operation == "edit":
            identity = exchange.path.rpartition("/")[2]
            for issue in self.memory.issues.values():
                if issue.id == identity and f"/{CLOUDS[issue.site]}/" in exchange.path:
                    yield self.memory.by_public_id.get(issue.item), issue.link, 0
            return
        body = json.loads(exchange.body)
        for at, each in enumerate(body.get("issueUpdates", [body])):
            value = each["properties"][0]["value"]
            yield self.memory.by_public_id.get(value["id"]), value["link"], at

    # Jira's events

    def jiras_event(self, event: dict[str, Any]) -> None:
        """Something happened to an issue in Jira, by us or by somebody there."""
        kind, shown = event["kind"], event["issue"]
        mine = shown["properties"].get(PROPERTY)
        if mine is None:
            return
        place = (shown["site"], shown["id"])
        if kind == "jira:issue_created":
            self._created(place, shown, mine)
        issue = self.memory.issues.get(place)
        if issue is None:
            return
        if kind == "jira:issue_deleted":
            issue.alive = False
            issue.ever_known = bool(self.rows(KNOWN, link=issue.link, id=issue.id))
        elif kind == "jira:issue_updated":
            self._updated(issue, event)

    def _created(self, place: tuple[str, str], shown: dict[str, Any], mine: Any) -> None:
        memory = self.memory
        item = memory.by_public_id.get(mine["id"])
        fields = dict(shown["fields"])
        issue = Issue(*place, shown["key"], mine["link"], mine["id"], fields, memory.now)
        issue.written_at = dict.fromkeys(FIELDS, memory.now)
        twins = [e.key for e in memory.issues.values() if e.link == issue.link and e.ever_known]
        memory.issues[place] = issue
        number = item.id if item else None
        if twins:
            memory.find("one-issue", f"item {number} has {issue.key} beside {twins}", number)
        elif item and sum(e.ever_known for e in memory.issues_of(item)) > item.issues_allowed:
            memory.find("one-issue", f"item {number} got {issue.key}, which is one more", number)

    def _updated(self, issue: Issue, event: dict[str, Any]) -> None:
        shown, now = event["issue"], self.memory.now
        ours = event["actor"] in SERVICE_ACCOUNTS
        for name in FIELDS:
            before, after = issue.fields.get(name), shown["fields"].get(name)
            if before == after:
                continue
            if ours:
                self._written(issue, name)
            else:
                issue.theirs.add(name)
                issue.given.setdefault(name, []).append(after)
        issue.fields = dict(shown["fields"])
        if issue.key != shown["key"]:
            issue.came_from.add(self.memory.project_at(issue))
            issue.key, issue.moved_at = shown["key"], now
        category = CATEGORIES[shown["status"]]
        if (category == "done") != (issue.category == "done"):
            issue.category_at = now
        issue.category = category
        issue.was_done = issue.was_done or category == "done"

    def _written(self, issue: Issue, name: str) -> None:
        """We wrote a field; whose words were there?"""
        memory, item = self.memory, self.memory.by_public_id[issue.item]
        if name in issue.theirs:
            if name == "description":
                memory.find(
                    "jiras-words-kept", f"{issue.key}: a description written in Jira", item.id
                )
            elif name in issue.unheard:
                pass  # nobody here knows that it was written: changed on both sides, Unpack wins
            elif name != "assignee" and item.edited_at.get(name, -1) < issue.written_at[name]:
                memory.find("only-what-changed", f"{issue.key}: {name} is overwritten", item.id)
        issue.theirs.discard(name)
        issue.unheard.add(name)
        issue.written_at[name] = memory.now


SERVICE_ACCOUNTS = {"712020:0c8f6d1e-5a3b-4d0e-9f27-4b1d5f0a7e11", "5b10a2844c20165700ede21a"}
CATEGORIES = {"10000": "new", "10001": "indeterminate", "10002": "done", "10003": "done"}
CLOUDS = {
    "acme-eng": "1f3c9b52-8d7e-4a60-b1c4-5e2d7f809a13",
    "acme-labs": "7a4de1c0-2f6b-4c8e-8d15-90b3f2a7c6e2",
}
