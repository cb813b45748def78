"""The judge on its own: what it finds, and what it lets pass."""

import json
from typing import Any

import pytest

from demo.jira_cloud.traffic.messages import Response
from tests.simulation.auditor import economy, inward, quiet, sync_log, tries
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

    def edit(self, at: float, heard: int, process: Process) -> None:
        """An edit of the item's issue leaves, and is answered at once."""
        path = f"/ex/jira/{CLOUDS['acme-eng']}/rest/api/3/issue/10001"
        exchange = Exchange(process, "PUT", path, "", b'{"fields": {"summary": "b"}}', at)
        self.auditor.memory.now = at
        self.auditor.request("leaves", exchange)
        exchange.heard, exchange.answer = heard, Response(heard, b"{}")
        self.auditor.request("answered", exchange)

    def asks_in_vain(self, at: float, process: Process) -> None:
        """A read leaves, and is never answered."""
        exchange = Exchange(process, "POST", "/ex/jira/x/rest/api/3/issue/bulkfetch", "", b"{}", at)
        self.auditor.memory.now = at
        self.auditor.request("leaves", exchange)
        self.auditor.request("unanswered", exchange)

    def happens(self, kind: str, key: str = "PLAT-1") -> None:
        """Something happens in Jira to the issue of the item."""
        fields = dict.fromkeys(("summary", "description", "duedate", "assignee"))
        fields["summary"] = "a"
        issue = {"site": "acme-eng", "id": "10001", "key": key, "fields": fields, "status": "10000"}
        issue["properties"] = {"unpack.action-item": {"id": "item-1", "link": LINK}}
        self.auditor.jiras_event({"kind": kind, "issue": issue, "actor": "somebody"})

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

    watched.answers[tries.CLAIMED] = [{"link": LINK}]
    process.dead = True
    watched.auditor.died(process)
    watched.create(334.0, 201)

    assert watched.rules == []


def told(status: int) -> dict[str, Any]:
    """A try of the Sync Log, as a row."""
    return {"link": LINK, "status": status, "trace_id": None, "item": 1}


def test_an_answer_that_no_try_tells_of_is_missing_in_the_log() -> None:
    watched = Watched()
    watched.create(100.0, 201)
    watched.answers[sync_log.ATTEMPTS] = [told(400)]

    watched.auditor.log_tells_all()

    assert watched.rules == ["log-tells"]


def test_an_answer_that_a_try_tells_of_is_in_the_log_and_looked_for_once() -> None:
    watched = Watched()
    watched.create(100.0, 201)
    watched.answers[sync_log.ATTEMPTS] = [told(201)]

    watched.auditor.log_tells_all()
    watched.answers.clear()
    watched.auditor.log_tells_all()

    assert watched.rules == []


def test_who_died_with_an_answer_need_not_tell_of_it() -> None:
    watched, process = Watched(), Process("drain")
    watched.create(100.0, 201, process)
    process.dead = True

    watched.auditor.log_tells_all()

    assert watched.rules == []


def test_an_item_in_error_without_a_word_breaks_a_rule() -> None:
    watched = Watched()
    watched.answers[sync_log.MUTE] = [{"item": 1}]

    watched.auditor.log_tells_all()

    assert watched.rules == ["log-tells"]


def test_a_write_in_a_calm_hour_is_beyond_the_budget() -> None:
    watched = Watched()
    watched.create(100.0, 201, Process("drain", about=1))

    watched.auditor.memory.now = 4000.0
    watched.auditor.calm_hour()
    assert watched.rules == []

    watched.auditor.memory.now = 3600.0
    watched.auditor.calm_hour()
    assert watched.rules == ["call-budget"]


def test_a_budget_is_a_connections_own() -> None:
    watched = Watched()
    watched.create(100.0, 201, Process("drain", about=2))

    watched.auditor.calm_hour()

    assert watched.rules == []


def test_rows_that_outlive_their_time_break_a_rule_of_their_own() -> None:
    for name, query in economy.GROWS.items():
        watched = Watched()
        watched.answers[query] = [{"n": 3}]

        watched.auditor.nothing_grows()

        assert watched.rules == [f"nothing-grows: {name}"]


def test_an_issue_that_is_there_is_not_said_to_be_deleted() -> None:
    watched = Watched()
    watched.happens("jira:issue_created")
    watched.answers[inward.GONE] = [{"item": 1, "link": LINK}]

    watched.auditor.look()
    assert watched.rules == ["deleted-is-deleted"]


def test_an_issue_that_was_deleted_may_be_said_to_be() -> None:
    watched = Watched()
    watched.happens("jira:issue_created")
    watched.happens("jira:issue_deleted")
    watched.answers[inward.GONE] = [{"item": 1, "link": LINK}]

    watched.auditor.look()

    assert watched.rules == []


def test_a_fresh_try_after_an_outage_waits_for_a_minute() -> None:
    for gap, found in ((59.0, ["waits"]), (60.0, [])):
        watched = Watched()
        sender = Process("drain", about=1)
        for at in (100.0, 200.0, 300.0, 700.0):
            watched.create(at, 503, sender)
        watched.auditor.memory.customers[1].heard_success_at = 720.0

        watched.create(700.0 + gap, 201)

        assert watched.rules == found


def test_what_was_forgotten_in_a_disturbance_may_count_as_given_up() -> None:
    watched = Watched()
    for at in (100.0, 200.0, 300.0, 700.0):
        watched.create(at, 503)
        watched.auditor.memory.disturbed_at = 150.0  # before the second one
    watched.auditor.memory.customers[1].heard_success_at = 720.0

    watched.create(780.0, 201)

    assert watched.rules == []


def test_a_read_that_failed_may_have_been_a_try() -> None:
    """Found by seed 1235291324, through which the product had lived as it should."""
    for gap, found in ((59.0, ["waits"]), (61.0, [])):
        watched, sender = Watched(), Process("drain", about=1)
        watched.happens("jira:issue_created")
        watched.edit(100.0, 500, sender)
        watched.edit(111.0, 500, sender)
        watched.asks_in_vain(200.0, sender)
        watched.edit(600.0, 500, sender)
        watched.auditor.memory.customers[1].heard_success_at = 620.0

        watched.edit(600.0 + gap, 204, sender)

        assert watched.rules == found


def test_a_wish_without_an_issue_is_withdrawn_by_a_disconnect_although_an_older_one_is_there() -> (
    None
):
    watched = Watched()
    watched.happens("jira:issue_created")
    watched.auditor.memory.now = 10.0
    watched.auditor.unlinked(1)
    watched.auditor.wanted([1])

    watched.auditor.disconnected(1)

    assert watched.auditor.memory.items[1].wish == "may"


@pytest.mark.parametrize(("edited", "found"), [(50.0, []), (150.0, ["remapped-edits-are-sent"])])
def test_a_move_alone_makes_nothing_due_that_was_left_out(edited: float, found: list[str]) -> None:
    """Found by seed 1151204706: where it was created, there is no description."""
    watched = Watched()
    memory = watched.auditor.memory
    watched.happens("jira:issue_created", "TPL-1")
    memory.now = edited
    watched.auditor.edited(1, {"description": "unsent, because TPL lacks it"})
    memory.now = 100.0
    watched.happens("jira:issue_updated", "API-1")
    link = {"item": 1, "public_id": LINK, "issue_id": "10001", "issue_key": "API-1"}
    link |= {"state": "synced", "failure_code": None, "field_notes": None}
    watched.answers = {query: [{"n": 0}] for query in quiet.LEFTOVERS.values()}
    watched.answers[quiet.LINKS] = [link]

    watched.auditor.all_is_well()

    assert watched.rules == found


@pytest.mark.parametrize(("site", "found"), [("acme-labs", []), ("acme-eng", ["outages-end"])])
def test_an_issue_of_another_site_waits_for_its_site(site: str, found: list[str]) -> None:
    """Found by seed 394: an outage there, and then another site was connected."""
    watched = Watched()
    watched.happens("jira:issue_created")
    watched.auditor.memory.items[1].customer.site = site
    failed = {"state": "error", "failure_code": "jira-unavailable"}
    watched.answers[quiet.LINKS] = [{"item": 1, "public_id": LINK} | failed]

    watched.auditor.after_outage()

    assert watched.rules == found
