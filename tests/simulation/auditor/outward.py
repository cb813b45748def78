"""What leaves for Jira, and what it does there: one issue an item, nothing that nobody wants."""

import json
from collections.abc import Iterator
from typing import Any

from tests.simulation.auditor.choices import Choices
from tests.simulation.auditor.linking import CATEGORIES, KNOWN, Linking
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
# Of an issue that is there: whose it is, and its status.
SMALL_WRITES = {"mark", "transition"}
# What a drain may still do with what it has claimed, or found that it may send.
MARGIN = 6.0
AT_ONCE = 0.3
IN_FLIGHT = 8
FOREVER = float("inf")


class Outward(Choices, Linking, Tries):
    """Watches requests and Jira's events."""

    def __init__(self) -> None:
        super().__init__()
        self.in_flight: list[Exchange] = []
        # When a request left, what it asked, and for which connection.
        self.requests: list[tuple[float, str, int | None]] = []
        # When a process saw an issue last, by its name and the id.
        self.looked_at: dict[tuple[str, str], float] = {}
        # The answers to writes since the log was last looked at, with the links they are about.
        self.answers: list[tuple[str, Exchange]] = []

    def request(self, moment: str, exchange: Exchange) -> None:
        """A request leaves, arrives, is answered, or is given up."""
        if moment == "leaves":
            asked = (self.memory.now, exchange.operation, exchange.process.about)
            self.requests.append(asked)
            if customer := self.memory.of_connection(exchange.process.about):
                self.may_go_out(exchange, customer)
            if exchange.operation in WRITES:
                self._may_leave(exchange)
                self._side_by_side(exchange)
            elif exchange.operation in SMALL_WRITES:
                self._may_leave_too(exchange)
            elif exchange.operation == "token":
                self._refreshes(exchange)
        elif moment == "arrives" and exchange.operation == "read":
            self._looks(exchange)
        elif moment in {"answered", "unanswered"}:
            self._ends(exchange)

    def _looks(self, exchange: Exchange) -> None:
        for identity in json.loads(exchange.body)["issueIdsOrKeys"]:
            self.looked_at[exchange.process.name, identity] = self.memory.now

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
            self.team_wants_it(exchange, item)
            if exchange.operation == "create":
                self.may_create(exchange, item)
                self.sends_values(exchange, item, link, at)
            if link:
                self.waited(exchange, item, link, at)
            else:
                self.may_not_edit(exchange, item)

    def _may_leave_too(self, exchange: Exchange) -> None:
        identity = exchange.path.partition("/issue/")[2].partition("/")[0]
        for issue in self._issues_at(exchange, identity):
            item = self.memory.by_public_id.get(issue.item)
            customer = self.memory.of_connection(exchange.process.about)
            if item and customer and not exchange.path.endswith("webhook-test"):
                self._may_speak(exchange, customer)
                self._is_wanted(exchange, item)
                self.team_wants_it(exchange, item)
                if exchange.operation == "transition":
                    self.moves(exchange, item, issue)

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
            if not link:
                continue
            if exchange.heard is not None:
                self.answers.append((link, exchange))
            self.tried(exchange, item, link, at)
            if exchange.operation == "create":
                self.refused(exchange, link, at)
            if exchange.heard is not None and exchange.heard < 300 and not exchange.garbled:
                for issue in self.memory.issues.values():
                    if issue.link == link:
                        issue.unheard.clear()

    def first_concerned(self, exchange: Exchange) -> str | None:
        """The public id of the first item that a write is about."""
        items = (item for item, _, _ in self._concerned(exchange))
        return next((item.public_id for item in items if item), None)

    def _concerned(self, exchange: Exchange) -> Iterator[tuple[Item | None, str, int]]:
        """The items of a create or an edit, with the link and the place in the request.

        No link: of an issue that somebody chose, and that does not say so yet.
        """
        if exchange.operation == "edit":
            for issue in self._issues_at(exchange, exchange.path.rpartition("/")[2]):
                item = self.memory.by_public_id.get(issue.item)
                yield item, "" if issue.unmarked else issue.link, 0
            return
        body = json.loads(exchange.body)
        for at, each in enumerate(body.get("issueUpdates", [body])):
            value = each["properties"][0]["value"]
            yield self.memory.by_public_id.get(value["id"]), value["link"], at

    def _issues_at(self, exchange: Exchange, identity: str) -> list[Issue]:
        return [
            issue
            for issue in self.memory.issues.values()
            if issue.id == identity and f"/{CLOUDS[issue.site]}/" in exchange.path
        ]

    # Jira's events

    def jiras_event(self, event: dict[str, Any]) -> None:
        """Something happened to an issue in Jira, by us or by somebody there."""
        kind, shown = event["kind"], event["issue"]
        mine = shown["properties"].get(PROPERTY)
        place = (shown["site"], shown["id"])
        if mine is None and place not in self.memory.issues:
            self.met(event)
            return
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
        elif kind == "issue_property_set":
            self.marked(issue, event, event["actor"] in SERVICE_ACCOUNTS)

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
                issue.theirs_at[name] = now
                issue.given.setdefault(name, []).append(after)
        issue.fields = dict(shown["fields"])
        if issue.key != shown["key"]:
            issue.came_from.add(self.memory.project_at(issue))
            issue.key, issue.moved_at = shown["key"], now
        category = CATEGORIES[shown["status"]]
        if ours and any(each["field"] == "status" for each in event["changes"]):
            self.moved(issue)
        if (category == "done") != (issue.category == "done") and not ours:
            issue.category_at = now
        if category != issue.category and not ours:
            issue.moved_on_at = now
        issue.category = category
        issue.was_done = issue.was_done or (category == "done" and not ours)

    def _written(self, issue: Issue, name: str) -> None:
        """We wrote a field; whose words were there?"""
        memory, item = self.memory, self.memory.by_public_id[issue.item]
        if name in issue.theirs:
            if name == "description":
                if not self._came_after_the_look(issue):
                    what = f"{issue.key}: a description written in Jira"
                    memory.find("jiras-words-kept", what, item.id)
            elif name in issue.unheard:
                pass  # nobody here knows that it was written: changed on both sides, Unpack wins
            elif name != "assignee" and item.edited_at.get(name, -1) < issue.written_at[name]:
                memory.find("only-what-changed", f"{issue.key}: {name} is overwritten", item.id)
        issue.theirs.discard(name)
        issue.unheard.add(name)
        issue.written_at[name] = memory.now

    def _came_after_the_look(self, issue: Issue) -> bool:
        """Whether who writes now had looked before somebody wrote the description: between a look
        and a write lies a request (design.md §11.1), and no write of Jira's is conditional."""
        at = issue.theirs_at.get("description", NEVER)
        return any(
            self.looked_at.get((each.process.name, issue.id), FOREVER) <= at
            for each in self.in_flight
            if each.operation == "edit"
            and issue in self._issues_at(each, each.path.rpartition("/")[2])
        )


SERVICE_ACCOUNTS = {"712020:0c8f6d1e-5a3b-4d0e-9f27-4b1d5f0a7e11", "5b10a2844c20165700ede21a"}
CLOUDS = {
    "acme-eng": "1f3c9b52-8d7e-4a60-b1c4-5e2d7f809a13",
    "acme-labs": "7a4de1c0-2f6b-4c8e-8d15-90b3f2a7c6e2",
}
