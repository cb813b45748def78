"""The database is asked once for what belongs together, and not at all for nothing."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, JiraConnection, LinkState
from app.services.outbound import links
from app.services.owed import reconciliations
from app.services.sync_log import pages
from tests.support import factories
from tests.support.inbound import listening
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def test_a_look_at_many_issues_asks_as_often_as_one_at_few(acme, drain, asked):
    listening(acme)
    ids = [link.id for link in acme.links]

    few, many = look_at(ids[:1], drain, asked), look_at(ids, drain, asked)

    assert acme.jira.control.counters()["total"] == 2
    assert len(many) == len(few)


def look_at(ids, drain, asked) -> list[str]:
    """What a drain asks that looks at these issues, and has read none of them before."""
    db.session.execute(update(IssueLink).values(active=IssueLink.id.in_(ids)))
    reconciliations.owe(db.session.scalars(select(JiraConnection)).one(), utcnow())
    db.session.commit()
    db.session.remove()
    asked.clear()
    drain()
    return [statement for statement in asked if statement.startswith("SELECT")]


@pytest.mark.environment(SYNC_PROBE_DELAYS="15,30")
def test_many_issues_that_nobody_answered_for_are_found_by_as_few_questions_as_two(
    acme, drain, asked
):
    few, many = find_again(acme, drain, asked, 2), find_again(acme, drain, asked, 20)

    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert len(acme.issues()) == 22
    assert len(many) == len(few)


def find_again(acme, drain, asked, many) -> list[str]:
    """What a drain asks that looks for so many issues: their creates never had an answer."""
    new = [factories.action_item(acme.retrospective, f"Number {each}") for each in range(many)]
    links.request_syncs(acme.retrospective, new)
    db.session.commit()
    acme.jira.control.fault("drop_after", "create", "create_bulk")
    drain()
    acme.jira.control.clear_faults()
    db.session.remove()
    asked.clear()
    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        drain()
    return [statement for statement in asked if statement.startswith("SELECT")]


def test_a_drain_without_doubts_asks_nothing_about_tries(acme, drain, asked):
    listening(acme)
    asked.clear()

    drain()

    assert asked
    assert [statement for statement in asked if "sync_attempt" in statement] == []


def test_a_tick_deletes_nothing_where_no_entry_is_too_old(app, asked):
    assert pages.prune(utcnow()) == 0

    assert len([statement for statement in asked if "sync_entry" in statement]) == 1


def test_a_drain_that_finds_nothing_asks_for_all_of_it_in_one_transaction(acme, drain, asked):
    acme.commit_items()
    drain()
    asked.clear()

    drain()

    # Whose it is, its lease, what is to be pushed, all that may be owed beside that, giving the
    # lease back, and whether anything became due meanwhile.
    assert len([statement for statement in asked if statement.startswith("BEGIN")]) == 6
