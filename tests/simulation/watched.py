"""An auditor for the tests of the judge, and what it is shown."""

import json
from typing import Any

from demo.jira_cloud.traffic.messages import Response
from tests.simulation.auditor.auditor import Auditor
from tests.simulation.auditor.outward import CLOUDS
from tests.simulation.doors import BEGINNING
from tests.simulation.network import Exchange
from tests.simulation.scheduler import Process

LINK = "link-1"


class Watched:
    """An auditor who knows one wanted action item, and sees the requests for it."""

    def __init__(self) -> None:
        # What the database answers to a query; nothing, where it is not said.
        self.answers: dict[str, list[dict[str, Any]]] = {}
        self.auditor = Auditor(lambda query, **_: self.answers.get(query, []), BEGINNING)
        fields = {"title": "a", "description": "", "assignee_id": None, "due_on": None}
        self.auditor.founded(1, 1)
        self.auditor.added(1, [(1, "item-1", 1, fields)])
        self.auditor.wanted([1])

    def create(
        self, at: float, heard: int, process: Process | None = None, *, garbled: bool = False
    ) -> None:
        """A create leaves, and is answered at once."""
        mark = {"key": "unpack.action-item", "value": {"id": "item-1", "link": LINK}}
        body = json.dumps({"properties": [mark]}).encode()
        path = "/ex/jira/x/rest/api/3/issue"
        sender = process or Process("drain")
        exchange = Exchange(sender, "POST", path, "", body, at, garbled=garbled)
        self.auditor.memory.now = at
        self.auditor.request("leaves", exchange)
        exchange.heard, exchange.answer = heard, Response(heard, b"{}")
        self.auditor.request("answered", exchange)

    def edit(self, at: float, heard: int, process: Process) -> None:
        """An edit of the item's issue leaves, and is answered at once."""
        self.hears(at, self.leaves(at, process), heard)

    def leaves(self, at: float, process: Process, **fields: str) -> Exchange:
        """An edit of the item's issue leaves."""
        body = json.dumps({"fields": fields or {"summary": "b"}}).encode()
        path = f"/ex/jira/{CLOUDS['acme-eng']}/rest/api/3/issue/10001"
        exchange = Exchange(process, "PUT", path, "", body, at)
        self.auditor.memory.now = at
        self.auditor.request("leaves", exchange)
        return exchange

    def hears(self, at: float, exchange: Exchange, heard: int) -> None:
        """What left is answered."""
        self.auditor.memory.now = at
        exchange.heard, exchange.answer = heard, Response(heard, b"{}")
        self.auditor.request("answered", exchange)

    def asks_in_vain(self, at: float, process: Process) -> None:
        """A read leaves, and is never answered."""
        exchange = Exchange(process, "POST", "/ex/jira/x/rest/api/3/issue/bulkfetch", "", b"{}", at)
        self.auditor.memory.now = at
        self.auditor.request("leaves", exchange)
        self.auditor.request("unanswered", exchange)

    def looks(self, at: float, process: Process) -> None:
        """A read sees the item's issue."""
        body = json.dumps({"issueIdsOrKeys": ["10001"]}).encode()
        exchange = Exchange(process, "POST", "/ex/jira/x/rest/api/3/issue/bulkfetch", "", body, at)
        self.auditor.memory.now = at
        self.auditor.request("arrives", exchange)

    def happens(
        self, kind: str, key: str = "PLAT-1", actor: str = "somebody", description: str = ""
    ) -> None:
        """Something happens in Jira to the issue of the item."""
        fields: dict[str, str | None] = dict.fromkeys(("summary", "duedate", "assignee"))
        fields |= {"summary": "a", "description": description or None}
        issue = {"site": "acme-eng", "id": "10001", "key": key, "fields": fields, "status": "10000"}
        issue["properties"] = {"unpack.action-item": {"id": "item-1", "link": LINK}}
        event = {"kind": kind, "issue": issue, "actor": actor, "changes": []}
        self.auditor.jiras_event(event)

    @property
    def rules(self) -> list[str]:
        return [each.rule for each in self.auditor.broken]
