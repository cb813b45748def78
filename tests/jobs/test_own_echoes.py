"""Our own move of an issue comes back as a delivery and changes nothing; nobody is fought."""

from dataclasses import replace
from datetime import timedelta

import pytest

from app import clock
from app.clock import utcnow
from app.extensions import db
from app.models import (
    CompletedIn,
    ItemChange,
    OwedStatus,
    WorkKind,
)
from app.services.owed import reconciliations
from tests.jobs.owing import asked, choose, complete, echo, in_jira, lines, listened, owed, reopen
from tests.support.later import LaterClock
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

HOUR = timedelta(hours=1)


@pytest.fixture
def link(owing):
    return owing


def an_hour_passes(link):
    """Since we have moved it and it was opened: the stand-in's clock is the machine's."""
    row = owed(link)
    for change in db.session.query(ItemChange):
        change.changed_at -= HOUR
    times = ("left_at", "answered_at", "before", "after")
    row.remember(
        [
            replace(own, **{name: getattr(own, name) - HOUR for name in times})
            for own in row.own_transitions
        ]
    )
    db.session.commit()


def test_our_own_move_changes_nothing_when_it_comes_back(acme, drain):
    link = listened(acme)
    complete(acme, link)
    drain()
    completed_at = link.action_item.completed_at

    echo(acme, link, drain)

    db.session.expire_all()
    assert (link.action_item.completed_at, link.action_item.completed_in) == (
        completed_at,
        CompletedIn.UNPACK,
    )
    assert "transition" not in asked(acme)
    assert len(lines(link)) == 1


def test_nor_does_it_complete_what_was_opened_again_meanwhile(acme, drain):
    link = listened(acme)
    choose(reopened=None)
    complete(acme, link)
    drain()
    reopen(acme, link)

    echo(acme, link, drain)

    db.session.expire_all()
    assert not link.action_item.complete


@pytest.mark.parametrize("ahead", [5, -5])
def test_nor_where_our_clock_is_wrong(acme, drain, ahead):
    link = listened(acme)
    choose(reopened=None)
    link.jira_updated_at = utcnow() - timedelta(hours=1)
    with clock.use(LaterClock(timedelta(seconds=ahead))):
        complete(acme, link)
        drain()
        reopen(acme, link)

        echo(acme, link, drain)

    db.session.expire_all()
    assert not link.action_item.complete


def test_whoever_does_it_again_in_jira_completes_what_nobody_had_read_before(acme, drain):
    link = listened(acme)
    choose(reopened=None)
    complete(acme, link)
    drain()
    reopen(acme, link)
    an_hour_passes(link)
    assert link.jira_updated_at is None
    for name in ("To Do", "Done"):
        acme.jira.control.transition_issue(link.issue_key, name)

    echo(acme, link, drain)

    db.session.expire_all()
    assert link.action_item.completed_in is CompletedIn.JIRA


def test_what_got_no_answer_is_not_answered_with_the_next(acme, drain, link):
    acme.jira.control.fault("drop_before", "transition", times=1)
    complete(acme, link)
    drain()
    drain()

    first, second = owed(link).own_transitions
    assert (first.answered_at, first.after) == (None, None)
    assert first.before <= second.before <= second.after


def test_both_done_at_once_is_done_and_told_once(acme, drain):
    link = listened(acme)
    complete(acme, link)
    acme.jira.control.transition_issue(link.issue_key, "Done")

    echo(acme, link, drain)

    db.session.expire_all()
    assert link.action_item.completed_in is CompletedIn.UNPACK
    assert (in_jira(acme, link), "transition" in asked(acme)) == ("Done", False)
    assert len(lines(link)) == 1


def test_what_is_moved_back_in_jira_is_not_fought(acme, drain):
    link = listened(acme)
    complete(acme, link)
    drain()
    acme.jira.control.transition_issue(link.issue_key, "To Do")

    echo(acme, link, drain)
    acme.connection.works[WorkKind.READING].due_at = utcnow()
    reconciliations.owe(acme.connection, utcnow())
    db.session.commit()
    drain()

    db.session.expire_all()
    assert in_jira(acme, link) == "To Do"
    assert link.action_item.complete
    assert "transition" not in asked(acme)


def test_jira_completing_it_owes_nothing(acme, drain):
    link = listened(acme)
    acme.jira.control.transition_issue(link.issue_key, "Done")

    echo(acme, link, drain)

    assert link.action_item.completed_in is CompletedIn.JIRA
    assert db.session.get(OwedStatus, link.id) is None
