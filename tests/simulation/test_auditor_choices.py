"""The judge of what people choose, on its own: what it finds, and what it lets pass."""

import json
from datetime import date
from typing import Any

import pytest

from demo.jira_cloud.traffic.messages import Response
from tests.simulation.auditor import choices, linking
from tests.simulation.auditor.outward import CLOUDS, SERVICE_ACCOUNTS
from tests.simulation.network import Exchange
from tests.simulation.scheduler import Process
from tests.simulation.watched import LINK, Watched

SITE, NUMBER = "acme-eng", "10001"
US = next(iter(SERVICE_ACCOUNTS))
RED, BLUE = {"customfield_10107": {"id": "10200"}}, {"customfield_10107": {"id": "10202"}}
MARK = {"id": "item-1", "link": LINK}


def creates(
    watched: Watched, at: float, fields: dict[str, Any], heard: int = 201, *, named: bool = True
) -> None:
    """A create leaves with these values, and is answered; a refusal names all of them, or none."""
    mark = {"key": "unpack.action-item", "value": MARK}
    body = json.dumps({"fields": {"summary": "a", **fields}, "properties": [mark]}).encode()
    exchange = Exchange(Process("drain", about=1), "POST", "/x/rest/api/3/issue", "", body, at)
    watched.auditor.memory.now = at
    watched.auditor.request("leaves", exchange)
    errors = dict.fromkeys(fields, "no") if named else {}
    refusal = json.dumps({"errorMessages": [], "errors": errors}).encode()
    exchange.heard, exchange.answer = heard, Response(heard, refusal if heard == 400 else b"{}")
    watched.auditor.request("answered", exchange)


def asks(watched: Watched, at: float, method: str, rest: str, body: bytes = b"{}") -> None:
    """A request of a drain leaves for the issue."""
    path = f"/ex/jira/{CLOUDS[SITE]}/rest/api/3/issue/{NUMBER}{rest}"
    exchange = Exchange(Process("sync_connection#1", about=1), method, path, "", body, at)
    watched.auditor.memory.now = at
    watched.auditor.request("leaves", exchange)


def happens(watched: Watched, kind: str, by: str = "somebody", **more: Any) -> None:
    """Something happens in Jira to an issue that people there wrote."""
    fields = dict.fromkeys(("summary", "description", "duedate", "assignee"))
    issue = {"site": SITE, "id": NUMBER, "key": "PLAT-1", "fields": fields, "status": "10000"}
    event = {"kind": kind, "issue": {**issue, "properties": {}}, "actor": by, "changes": []}
    event["issue"] |= more.pop("issue", {})
    watched.auditor.jiras_event({**event, **more})


def linked(at: float = 100.0) -> Watched:
    """The item was linked to an issue of somebody's then."""
    watched = Watched()
    watched.auditor.memory.now = at - 50.0
    happens(watched, "jira:issue_created")
    watched.auditor.memory.now = at
    watched.auditor.linked(1, SITE, NUMBER)
    return watched


@pytest.mark.parametrize(("sent", "found"), [(RED, ["values-as-chosen"]), (BLUE, []), ({}, [])])
def test_a_create_carries_what_was_chosen_last(sent: dict[str, Any], found: list[str]) -> None:
    watched = Watched()
    watched.auditor.valued(1, 0, RED)
    watched.auditor.memory.now = 100.0
    watched.auditor.valued(1, 0, BLUE)

    creates(watched, 110.0, sent)

    assert watched.rules == found


@pytest.mark.parametrize(("at", "found"), [(100.05, []), (100.4, ["values-as-chosen"])])
def test_what_left_while_it_was_changed_may_carry_either(at: float, found: list[str]) -> None:
    watched = Watched()
    watched.auditor.valued(1, 0, RED)
    watched.auditor.memory.now = 100.0
    watched.auditor.valued(1, 0, {})

    creates(watched, at, RED)

    assert watched.rules == found


@pytest.mark.parametrize(("mapping", "found"), [("PLAT", []), ("API", ["values-as-chosen"])])
def test_a_team_sends_the_defaults_values_where_the_default_goes(
    mapping: str, found: list[str]
) -> None:
    watched = Watched()
    watched.auditor.mapped(1, 1, mapping)
    watched.auditor.valued(1, 0, RED)

    creates(watched, 100.0, RED)

    assert watched.rules == found


@pytest.mark.parametrize(
    ("notes", "found"),
    [(None, ["left-out-is-said"]), ('{"customfield_10107": {}}', [])],
)
def test_what_a_new_issue_lacks_its_item_says(notes: str | None, found: list[str]) -> None:
    watched = Watched()
    watched.auditor.valued(1, 0, RED)
    creates(watched, 100.0, {})
    watched.happens("jira:issue_created")
    watched.answers[choices.NOTES] = [{"field_notes": notes}]

    watched.auditor.look()

    assert "left-out-is-said" in watched.rules if found else watched.rules == []


@pytest.mark.parametrize(
    ("again", "at", "found"),
    [
        ({}, 101.0, []),
        (RED, 101.0, ["waits", "optional-costs-nothing"]),
        ({}, 400.0, ["optional-costs-nothing"]),
    ],
)
def test_a_refused_value_is_left_out_at_once(
    again: dict[str, Any], at: float, found: list[str]
) -> None:
    watched = Watched()
    watched.auditor.valued(1, 0, RED)
    creates(watched, 100.0, RED, 400)

    creates(watched, at, again)

    assert sorted(watched.rules) == sorted(found)


@pytest.mark.parametrize(
    ("named", "notes", "found"),
    [
        (False, '{"duedate": {}}', []),
        (False, None, ["edits-come-true"]),
        (True, '{"duedate": {}}', ["edits-come-true"]),
    ],
)
def test_a_refusal_without_a_name_may_cost_the_due_date_if_the_item_says_so(
    named: bool, notes: str | None, found: list[str]
) -> None:
    watched = Watched()
    watched.auditor.valued(1, 0, RED)
    watched.auditor.memory.items[1].due_on = date(2027, 1, 5)
    creates(watched, 100.0, RED, heard=400, named=named)
    watched.happens("jira:issue_created")

    link = {"state": "synced", "field_notes": notes}
    [issue] = watched.auditor.memory.issues.values()
    watched.auditor._fields(watched.auditor.memory.items[1], issue, link)

    assert watched.rules == found


def test_a_value_that_is_demanded_may_cost_the_issue() -> None:
    watched = Watched()
    watched.auditor.valued(1, 0, RED)
    watched.auditor.demanded |= set(RED)
    creates(watched, 100.0, RED, 400)

    creates(watched, 111.0, RED)

    assert watched.rules == []


@pytest.mark.parametrize(("gap", "found"), [(0.5, []), (30.0, ["silence-while-paused"])])
def test_nothing_is_read_while_it_is_paused(gap: float, found: list[str]) -> None:
    watched = linked()
    watched.auditor.memory.now = 200.0
    watched.auditor.paused(1, True)

    asks(watched, 200.0 + gap, "GET", "/search/jql")
    watched.auditor.request(
        "leaves",
        Exchange(Process("sync_connection#1", about=1), "POST", "/rest/api/3/search", "", b"", 1),
    )

    assert watched.rules == found


@pytest.mark.parametrize(("gap", "found"), [(30.0, []), (120.0, ["left-out-stays"])])
def test_nothing_leaves_for_a_team_that_does_not_sync(gap: float, found: list[str]) -> None:
    watched = Watched()
    watched.auditor.left_out(1, {1: True})

    creates(watched, gap, {})

    assert watched.rules == found


def test_what_is_linked_is_never_created_as_well() -> None:
    watched = linked()

    happens(watched, "jira:issue_created", issue={"id": "10002", "properties": _marked(MARK)})

    assert watched.rules == ["one-issue"]


@pytest.mark.parametrize(("marked", "found"), [(True, []), (False, ["marked-first"])])
def test_a_chosen_issue_says_whose_it_is_before_it_is_edited(
    marked: bool, found: list[str]
) -> None:
    watched = linked()
    if marked:
        mark(watched, MARK)
    watched.auditor.edited(1, {"title": "b"})

    asks(watched, 130.0, "PUT", "", b'{"fields": {"summary": "b"}}')

    assert watched.rules == found


@pytest.mark.parametrize(("open_links", "found"), [([{"id": 2}], ["marks-are-kept"]), ([], [])])
def test_what_an_issue_says_of_another_stays(
    open_links: list[dict[str, Any]], found: list[str]
) -> None:
    watched = linked()
    mark(watched, {"id": "item-2", "link": "link-2"})
    watched.auditor.memory.now = 500.0
    watched.answers[linking.OPEN] = open_links

    mark(watched, MARK)

    assert watched.rules == found


@pytest.mark.parametrize(("known", "found"), [([{"id": 1}], []), ([], ["unknown-is-not-linked"])])
def test_what_may_have_been_created_is_not_linked(
    known: list[dict[str, Any]], found: list[str]
) -> None:
    watched = Watched()
    watched.happens("jira:issue_created")
    happens(watched, "jira:issue_created", issue={"id": "10002"})
    watched.answers[linking.KNOWN] = known

    watched.auditor.linked(1, SITE, "10002")

    assert watched.rules == found


def test_an_issue_of_two_items_breaks_a_rule() -> None:
    watched = Watched()
    watched.answers[linking.SHARED] = [{"item": 1, "issue_key": "PLAT-1"}]

    watched.auditor.look()

    assert watched.rules == ["one-item"]


@pytest.mark.parametrize(("at", "found"), [(60.0, ["nobody-beside"]), (1900.0, [])])
def test_nothing_is_created_beside_who_does_it_in_jira(at: float, found: list[str]) -> None:
    watched = Watched()
    watched.auditor.finishes(1, 1800.0)

    creates(watched, at, {})

    assert watched.rules == found


def mark(watched: Watched, value: dict[str, str]) -> None:
    """We write into the issue whose it is."""
    more = {"properties": _marked(value)}
    happens(watched, "issue_property_set", US, issue=more, property_key="unpack.action-item")


def _marked(value: dict[str, str]) -> dict[str, Any]:
    return {"unpack.action-item": value}
