"""Completing and reopening an action item here moves its issue, where an admin has chosen so."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import (
    EntryState,
    FailureCode,
    Outcome,
    OwedStatus,
)
from app.models.issue_status import status_of
from app.services.outbound import links
from app.services.retrospectives import action_items
from tests.jobs.fields.editing import write
from tests.jobs.owing import asked, choose, complete, in_jira, lines, owed, reopen
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def link(owing):
    return owing


@pytest.mark.both_databases
def test_completed_here_is_done_there(acme, drain, link):
    complete(acme, link)

    drain()

    assert in_jira(acme, link) == "Done"
    assert asked(acme) == ["bulkfetch", "transitions", "transition"]
    row = owed(link)
    assert (row.owed, row.due_at, row.failure_code) == (None, None, None)
    assert (status_of(link).name, status_of(link).category) == ("Done", "done")
    [line] = lines(link)
    assert (line.state, line.fields) == (EntryState.SYNCED, ["Done"])
    assert [each.outcome for each in line.attempts] == [Outcome.SUCCEEDED]


def test_what_nobody_chose_stays_and_is_not_even_read(acme, drain, link):
    choose(completed=None)
    complete(acme, link)

    drain()

    assert (in_jira(acme, link), asked(acme)) == ("To Do", [])
    assert db.session.get(OwedStatus, link.id) is None


def test_an_edit_reads_no_transitions(acme, drain, link):
    write(link.action_item, title="Renamed")

    drain()

    assert "transitions" not in asked(acme)


def test_fields_go_first(acme, drain, link):
    write(link.action_item, title="Renamed")
    complete(acme, link)

    drain()

    requests = asked(acme)
    assert requests.index("edit") < requests.index("transitions") < requests.index("transition")


def test_opened_again_here_is_opened_there(acme, drain, link):
    choose(reopened="10000")
    complete(acme, link)
    drain()

    reopen(acme, link)
    drain()

    assert in_jira(acme, link) == "To Do"
    assert [each.fields for each in lines(link)] == [["Done"], ["To Do"]]


def test_opened_again_before_it_was_moved_sends_nothing(acme, drain, link):
    complete(acme, link)
    reopen(acme, link)

    drain()

    assert (in_jira(acme, link), asked(acme), owed(link).owed) == ("To Do", [], None)


def test_what_is_done_there_already_needs_no_move(acme, drain, link):
    acme.jira.control.transition_issue(link.issue_key, "Won't do")
    complete(acme, link)

    drain()

    assert asked(acme) == ["bulkfetch"]
    assert (in_jira(acme, link), owed(link).owed) == ("Won't do", None)
    assert [(each.state, list(each.attempts)) for each in lines(link)] == [(EntryState.SYNCED, [])]


def test_what_somebody_decides_in_jira_afterwards_stays(acme, drain, link):
    acme.jira.control.transition_issue(link.issue_key, "Done")
    choose(reopened="10000")
    complete(acme, link)
    with time_machine.travel(utcnow() - timedelta(minutes=1), tick=True):
        reopen(acme, link)
    with time_machine.travel(utcnow() + timedelta(minutes=1), tick=True):  # not as it was created
        acme.jira.control.transition_issue(link.issue_key, "In Progress")
        acme.jira.control.transition_issue(link.issue_key, "Done")

        drain()

    assert in_jira(acme, link) == "Done"
    assert owed(link).owed is None
    assert lines(link)[-1].failure_code is FailureCode.DECIDED_IN_JIRA
    assert "transitions" not in asked(acme)


def test_a_new_issue_of_a_completed_item_is_moved_once_it_is_there(acme, drain):
    choose()
    item = acme.items[0]
    action_items.complete(item, acme.retrospective.facilitator)
    db.session.commit()

    acme.commit_items()
    drain()

    link = links.active_link(item)
    assert in_jira(acme, link) == "Done"
    assert [in_jira(acme, each) for each in acme.links if each.id != link.id] == ["To Do"] * 4


def test_no_more_than_two_moves_in_ten_minutes(acme, drain, link):
    choose(reopened="10000")
    for act in (complete, reopen, complete):
        act(acme, link)
        drain()

    row = owed(link)
    assert in_jira(acme, link) == "To Do"
    assert asked(acme).count("transition") == 2
    assert utcnow() + timedelta(minutes=9) < row.due_at < utcnow() + timedelta(minutes=10)

    with time_machine.travel(row.due_at + timedelta(seconds=1), tick=True):
        acme.connect()
        drain()
        assert in_jira(acme, link) == "Done"
