"""The database is asked once for what belongs together, and not at all for nothing."""

import pytest
from sqlalchemy import select, update

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, JiraConnection
from app.services.owed import reconciliations
from app.services.sync_log import pages
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


def test_a_drain_without_doubts_asks_nothing_about_tries(acme, drain, asked):
    listening(acme)
    asked.clear()

    drain()

    assert asked
    assert [statement for statement in asked if "sync_attempt" in statement] == []


def test_a_tick_deletes_nothing_where_no_entry_is_too_old(app, asked):
    assert pages.prune(utcnow()) == 0

    assert len([statement for statement in asked if "sync_entry" in statement]) == 1
