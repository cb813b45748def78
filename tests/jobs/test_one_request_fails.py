"""Jira answers everything but one request: what gives up because of it still ends by itself."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, LinkState
from app.services.outbound import links
from tests.jobs.looking import look

pytestmark = pytest.mark.environment(SYNC_EDIT_DELAYS="0,0")

A_TRY = timedelta(minutes=7)  # longer than any wait between two of them
TRIES = 4


@pytest.fixture
def clock():
    with time_machine.travel(utcnow(), tick=True) as traveller:
        yield traveller


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.both_databases
def test_creates_that_gave_up_go_out_when_jira_was_seen_to_answer(acme, drain, clock):
    """Found by the simulator, seed 102: Jira had answered the probes, so nobody called it down."""
    acme.jira.control.fault("drop_before", "create")
    acme.commit_items()
    drain()
    for _ in range(TRIES * 2):  # two probes each, and then the next create
        look(acme, A_TRY)
        clock.shift(A_TRY)
        drain()
    assert {link.state for link in acme.links} == {LinkState.ERROR}
    acme.jira.control.clear_faults()

    assert "myself" in look(acme)
    clock.shift(timedelta(minutes=16))
    drain()

    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert len(acme.issues()) == len(acme.items)


def test_an_edit_that_gives_up_is_not_sent_again_at_once(acme, drain, clock):
    """Found by the simulator, seed 1087967241: the next read ended the outage, without a pause."""
    acme.commit_items()
    drain()
    link = acme.links[0]
    acme.jira.control.fault("error", "edit")
    rename(link, "Something else")
    for _ in range(TRIES):
        clock.shift(A_TRY)
        drain()
    assert link.state is LinkState.ERROR
    acme.jira.control.clear_requests()

    clock.shift(timedelta(seconds=58))
    assert look(acme, timedelta(0)) == ["myself"]
    drain()
    assert acme.jira.control.requests("edit") == []
    clock.shift(timedelta(seconds=3))
    drain()

    assert len(acme.jira.control.requests("edit")) == 1


@pytest.mark.both_databases
@pytest.mark.parametrize("fault", ["error", "status"])
def test_what_is_edited_during_the_last_try_is_tried(acme, drain, clock, beside_a_drain, fault):
    """It has the fresh tries that an edit has after the last one failed, which is the first."""
    acme.commit_items()
    drain()
    link, refusal = acme.links[0], {"errors": {"summary": "is too dull"}}
    status = {"status": 400, "body": refusal} if fault == "status" else {}
    acme.jira.control.fault(fault, "edit", times=TRIES, **status)
    rename(link, "Refused")
    for _ in range(TRIES - 1):
        clock.shift(A_TRY)
        drain()

    clock.shift(A_TRY)
    beside_a_drain("edit", lambda: rename(link, "Edited meanwhile"))
    acme.jira.control.clear_requests()
    drain()
    assert (link.state, link.tries) == (LinkState.RETRYING, 1)
    assert acme.jira.control.requests("edit") == []
    clock.shift(timedelta(seconds=13))
    drain()

    assert acme.jira.control.issue(link.issue_key)["fields"]["summary"] == "Edited meanwhile"
    assert link.state is LinkState.SYNCED


def rename(link: IssueLink, title: str) -> None:
    link.action_item.title = title
    links.item_edited(link.action_item)
    db.session.commit()
