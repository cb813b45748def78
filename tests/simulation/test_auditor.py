"""The judge on its own: what it finds, and what it lets pass."""

import json
from typing import Any

from demo.jira_cloud.traffic.messages import Response
from tests.simulation.auditor.auditor import Auditor
from tests.simulation.network import Exchange
from tests.simulation.scheduler import Process

LINK = "link-1"


class Watched:
    """An auditor who knows one wanted action item, and sees the requests for it."""

    def __init__(self) -> None:
        self.claimed: list[dict[str, Any]] = []
        self.auditor = Auditor(lambda query, **_: self.claimed)
        fields = {"title": "a", "description": "", "assignee_id": None, "due_on": None}
        self.auditor.founded(1, 1)
        self.auditor.added(1, [(1, "item-1", 1, fields)])
        self.auditor.wanted([1])

    def create(self, at: float, heard: int, process: Process | None = None) -> None:
        """A create leaves, and is answered at once."""
        mark = {"key": "unpack.action-item", "value": {"id": "item-1", "link": LINK}}
        body = json.dumps({"properties": [mark]}).encode()
        path = "/ex/jira/x/rest/api/3/issue"
        sender = process or Process("drain")
        exchange = Exchange(sender, "POST", path, "", body, at)
        self.auditor.memory.now = at
        self.auditor.request("leaves", exchange)
        exchange.heard, exchange.answer = heard, Response(heard, b"{}")
        self.auditor.request("answered", exchange)

    @property
    def rules(self) -> list[str]:
        return [each.rule for each in self.auditor.broken]


def test_a_refused_create_that_is_sent_again_at_once_has_not_waited() -> None:
    watched = Watched()

    watched.create(100.0, 400)
    watched.create(101.0, 400)

    assert watched.rules == ["waits"]


def test_a_create_may_be_sent_again_at_once_with_a_new_token() -> None:
    watched = Watched()

    watched.create(100.0, 400)
    watched.create(111.0, 401)
    watched.create(111.8, 201)

    assert watched.rules == []


def test_a_refusal_that_died_with_its_process_is_an_unknown_outcome() -> None:
    watched, process = Watched(), Process("drain")
    watched.create(100.0, 400)
    watched.create(111.0, 400)
    watched.create(180.0, 400, process)

    watched.claimed = [{"link": LINK}]
    process.dead = True
    watched.auditor.died(process)
    watched.create(334.0, 201)

    assert watched.rules == []
