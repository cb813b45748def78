"""Jira answers everything but one request: what gives up because of it still ends by itself."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import LinkState
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
    link.action_item.title = "Something else"
    links.item_edited(link.action_item)
    db.session.commit()
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
