"""The judge on its own: what it finds, and what it lets pass."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from app.clock import utcnow
from app.extensions import db
from app.models import FailureCode, LinkState
from tests.simulation.auditor import economy, inward, linking, quiet, sync_log
from tests.simulation.auditor.outward import SERVICE_ACCOUNTS
from tests.simulation.network import Exchange
from tests.simulation.scheduler import Process
from tests.simulation.watched import LINK, Watched
from tests.support.acme import connect, items, link


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


@pytest.mark.parametrize("let_go", ["deleted_at", "dropped_at"])
def test_whose_item_is_let_go_has_said_enough(app: Flask, sample: None, let_go: str) -> None:
    """Its line ages, as it waits for nobody."""
    connect()
    item = items()[0]
    link(item, state=LinkState.ERROR, failure_code=FailureCode.PROJECT_GONE)
    mute = [row.item for row in db.session.execute(text(sync_log.MUTE))]
    setattr(item, let_go, utcnow())
    db.session.flush()

    assert (mute, db.session.execute(text(sync_log.MUTE)).all()) == ([item.id], [])


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
    failed = {"state": "error", "failure_code": "jira-unavailable", "overdue": 0}
    watched.answers[quiet.LINKS] = [{"item": 1, "public_id": LINK, "issue_id": None} | failed]

    watched.auditor.after_outage()

    assert watched.rules == found


def test_a_write_may_leave_beside_a_refresh_of_another() -> None:
    """Found by seed 966: the old token may serve until there is a new one."""
    watched = Watched()
    refreshes = Exchange(Process("keep_webhook"), "POST", "/oauth/token", "", b"", 100.0)
    watched.auditor.request("leaves", refreshes)

    watched.create(100.1, 401)

    assert watched.rules == []


@pytest.mark.parametrize(("theirs", "found"), [(99.9, ["jiras-words-kept"]), (100.1, [])])
def test_what_is_written_between_the_look_and_the_write_is_nobodys_fault(
    theirs: float, found: list[str]
) -> None:
    """Found by seed 1257613679: no write of Jira's is conditional."""
    watched, process = Watched(), Process("drain")
    watched.create(10.0, 201)
    watched.happens("jira:issue_created", actor=next(iter(SERVICE_ACCOUNTS)))
    watched.looks(100.0, process)
    watched.leaves(100.2, process, description="ours")

    watched.auditor.memory.now = theirs
    watched.happens("jira:issue_updated", description="theirs")
    watched.auditor.memory.now = 100.3
    watched.happens("jira:issue_updated", actor=next(iter(SERVICE_ACCOUNTS)), description="ours")

    assert [each for each in watched.rules if each == "jiras-words-kept"] == found


@pytest.mark.parametrize(("by", "found"), [("us", []), ("somebody", ["jiras-words-kept"])])
def test_what_we_wrote_is_ours_also_where_its_issue_is_chosen_again(
    by: str, found: list[str]
) -> None:
    """Found by seed 74000."""
    us, watched = next(iter(SERVICE_ACCOUNTS)), Watched()
    watched.happens("jira:issue_created", actor=us, description="ours")
    if by != "us":
        watched.happens("jira:issue_updated", description="theirs")
    watched.answers[linking.KNOWN] = [{"id": 1}]
    watched.auditor.unlinked(1)
    watched.auditor.linked(1, "acme-eng", "10001")

    watched.auditor.memory.now = 100.0
    watched.happens("jira:issue_updated", actor=us, description="ours again")

    assert [each for each in watched.rules if each == "jiras-words-kept"] == found


@pytest.mark.parametrize(("overdue", "found"), [(1, ["goes-out-by-itself"]), (0, [])])
def test_what_is_due_goes_out_although_a_bell_is_lost(overdue: int, found: list[str]) -> None:
    watched = Watched()
    link = {"item": 1, "public_id": LINK, "issue_id": None, "state": "waiting"}
    link |= {"failure_code": None}
    watched.answers[quiet.LINKS] = [link | {"overdue": overdue, "due_at": "08:00"}]

    watched.auditor.after_outage()

    assert watched.rules == found
