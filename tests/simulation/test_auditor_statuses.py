"""The judge of statuses on its own: what it finds, and what it lets pass."""

import json
from typing import Any

import pytest

from tests.simulation.auditor import statuses
from tests.simulation.auditor.inward import ITEMS
from tests.simulation.auditor.outward import CLOUDS, SERVICE_ACCOUNTS
from tests.simulation.network import Exchange
from tests.simulation.scheduler import Process
from tests.simulation.watched import LINK, Watched

US = next(iter(SERVICE_ACCOUNTS))
DONE, OPEN = "31", "11"
SYNCED = {"state": "synced"}


def synced() -> Watched:
    """An item with its issue, whose status follows what is completed and reopened here."""
    watched = Watched()
    watched.happens("jira:issue_created")
    watched.auditor.statuses_chosen(1, 0, "10002", "10000")
    return watched


def presses(watched: Watched, at: float, done: bool) -> None:
    """Somebody completes or reopens it here."""
    watched.auditor.memory.now = at
    watched.auditor.completed(1, done, "unpack")


def moves(watched: Watched, at: float, way: str, resolution: str = "") -> None:
    """A transition leaves, with a resolution or without."""
    path = f"/ex/jira/{CLOUDS['acme-eng']}/rest/api/3/issue/10001/transitions"
    fields = {"resolution": {"id": resolution}} if resolution else {}
    body = json.dumps({"transition": {"id": way}, "fields": fields}).encode()
    watched.auditor.memory.now = at
    drain = Process("drain", about=1)
    watched.auditor.request("leaves", Exchange(drain, "POST", path, "", body, at))


def becomes(watched: Watched, at: float, status: str, by: str = "somebody") -> None:
    """The issue gets another status in Jira."""
    fields = dict.fromkeys(("summary", "description", "duedate", "assignee"))
    issue: dict[str, Any] = {"site": "acme-eng", "id": "10001", "key": "PLAT-1", "status": status}
    issue |= {"fields": {**fields, "summary": "a"}}
    issue["properties"] = {"unpack.action-item": {"id": "item-1", "link": LINK}}
    changes = [{"field": "status"}]
    watched.auditor.memory.now = at
    event = {"kind": "jira:issue_updated", "issue": issue, "actor": by, "changes": changes}
    watched.auditor.jiras_event(event)


@pytest.mark.parametrize(("way", "found"), [(DONE, []), (OPEN, ["status-by-choice"])])
def test_an_issue_is_brought_to_what_it_owes(way: str, found: list[str]) -> None:
    watched = synced()
    presses(watched, 100.0, True)

    moves(watched, 110.0, way)

    assert watched.rules == found


def test_nothing_is_moved_where_nobody_has_chosen_it() -> None:
    watched = synced()
    watched.auditor.statuses_chosen(1, 0, "", "")
    presses(watched, 100.0, True)

    moves(watched, 110.0, DONE)

    assert watched.rules == ["status-by-choice"]


@pytest.mark.parametrize(("at", "found"), [(120.0, ["jiras-status-kept"]), (90.0, [])])
def test_a_later_word_in_jira_is_kept(at: float, found: list[str]) -> None:
    watched = synced()
    becomes(watched, 50.0, "10002")
    becomes(watched, at if at < 100.0 else 60.0, "10000")
    presses(watched, 100.0, True)
    if at > 100.0:
        becomes(watched, 110.0, "10002")
        becomes(watched, at, "10000")

    moves(watched, 160.0, DONE)

    assert watched.rules == found


def test_a_third_move_in_ten_minutes_is_a_fight() -> None:
    watched = synced()
    watched.auditor.memory.disturbed_at = -1000.0
    for at, status in ((100.0, "10002"), (120.0, "10000"), (140.0, "10002")):
        becomes(watched, at, status, US)

    assert watched.rules == ["no-fight"]


def test_what_we_have_moved_completes_nothing_here() -> None:
    watched = synced()
    presses(watched, 100.0, True)
    becomes(watched, 110.0, "10002", US)
    presses(watched, 120.0, False)

    assert not watched.auditor.memory.issues["acme-eng", "10001"].was_done
    watched.auditor._status(watched.auditor.memory.items[1], _issue(watched))
    assert watched.rules == []


@pytest.mark.parametrize(("why", "found"), [([], ["status-comes-true"]), ([{}], [])])
def test_in_the_end_it_has_what_it_owes_or_says_why(why: list[Any], found: list[str]) -> None:
    watched = synced()
    presses(watched, 100.0, True)
    watched.answers[statuses.SAYS_WHY] = why

    watched.auditor.has_what_it_owes(watched.auditor.memory.items[1], _issue(watched), SYNCED)

    assert watched.rules == found


def _issue(watched: Watched) -> Any:
    return watched.auditor.memory.issues["acme-eng", "10001"]


@pytest.mark.parametrize(
    ("site", "found"), [("acme-eng", ["status-comes-true"]), ("acme-labs", [])]
)
def test_what_is_completed_while_another_site_is_connected_owes_nothing(
    site: str, found: list[str]
) -> None:
    watched = synced()
    watched.auditor.connected(1, "unpack@acme.test", site)
    presses(watched, 100.0, True)
    watched.auditor.connected(1, "unpack@acme.test", "acme-eng")

    watched.auditor.has_what_it_owes(watched.auditor.memory.items[1], _issue(watched), SYNCED)

    assert watched.rules == found


WONT_DO, AS_DONE = "10001", "10000"
RELEASE = "61"


@pytest.mark.parametrize(
    ("chosen", "way", "sent", "found"),
    [
        (WONT_DO, DONE, WONT_DO, []),
        (WONT_DO, DONE, AS_DONE, ["resolution-as-chosen"]),
        (WONT_DO, DONE, "", []),  # the screen does not ask
        ("", DONE, AS_DONE, []),  # it is called as the status
        ("", DONE, WONT_DO, ["resolution-as-chosen"]),
        ("", RELEASE, AS_DONE, ["resolution-as-chosen"]),
    ],
)
def test_a_resolution_is_the_chosen_one(chosen: str, way: str, sent: str, found: list[str]) -> None:
    watched = synced()
    watched.auditor.statuses_chosen(1, 0, "10002", "10000", chosen)
    presses(watched, 100.0, True)

    moves(watched, 110.0, way, sent)

    assert watched.rules == found


@pytest.mark.parametrize(("until", "found"), [(None, []), (50.0, ["resolution-as-chosen"])])
def test_what_a_screen_suggests_wins(until: float | None, found: list[str]) -> None:
    watched = synced()
    watched.auditor.statuses_chosen(1, 0, "10002", "10000", WONT_DO)
    watched.auditor.suggests(AS_DONE)
    if until is not None:
        watched.auditor.memory.now = until
        watched.auditor.suggests(None)
    presses(watched, 100.0, True)

    moves(watched, 110.0, DONE, AS_DONE)

    assert watched.rules == found


@pytest.mark.parametrize(
    ("lacks", "chosen", "found"),
    [([{}], WONT_DO, ["resolution-as-chosen"]), ([], WONT_DO, []), ([{}], "", [])],
)
def test_what_lacked_a_resolution_is_tried_once_it_is_chosen(
    lacks: list[Any], chosen: str, found: list[str]
) -> None:
    watched = synced()
    watched.answers[statuses.LACKS_ONE] = lacks
    watched.auditor.memory.now = 100.0
    watched.auditor.statuses_chosen(1, 0, "10002", "10000", chosen)

    watched.auditor.memory.now = 159.0
    watched.auditor.goes_on_once_chosen()
    assert watched.rules == []
    watched.auditor.memory.now = 160.0
    watched.auditor.goes_on_once_chosen()

    assert watched.rules == found


def test_who_moves_it_on_in_jira_has_decided() -> None:
    """To another category, though not over the line of done: theirs is the later word."""
    watched = synced()
    presses(watched, 100.0, True)
    becomes(watched, 110.0, "10001")

    watched.auditor.has_what_it_owes(watched.auditor.memory.items[1], _issue(watched), SYNCED)

    assert watched.rules == []


@pytest.mark.parametrize(("since", "found"), [(False, ["status-comes-true"]), (True, [])])
def test_a_choice_that_was_taken_back_since_owes_nothing(since: bool, found: list[str]) -> None:
    """Not even where another one is made at once (seed 1214)."""

    def take_back() -> None:
        watched.auditor.statuses_chosen(1, 0, "", "")
        watched.auditor.statuses_chosen(1, 0, "10002", "10000")

    watched = synced()
    if not since:
        take_back()
    presses(watched, 100.0, True)
    if since:
        take_back()

    watched.auditor.has_what_it_owes(watched.auditor.memory.items[1], _issue(watched), SYNCED)

    assert watched.rules == found


@pytest.mark.parametrize(("opened", "found"), [(200.0, []), (300.0, ["completion"])])
def test_what_was_done_before_a_person_opened_it_here_completes_nothing(
    opened: float, found: list[str]
) -> None:
    watched = synced()
    presses(watched, 100.0, True)
    presses(watched, 200.0, False)
    becomes(watched, 250.0, "10002")
    watched.auditor.memory.items[1].reopened_at = opened
    values = {"title": "a", "description": "", "assignee_id": None, "due_on": None}
    row = {"id": 1, **values, "completed_at": "then", "completed_in": "jira"}

    watched.answers[ITEMS] = [row]
    watched.auditor.memory.now = 400.0
    watched.auditor.look()

    assert [each.rule for each in watched.auditor.memory.broken] == found
