"""A line of the Sync Log begins when somebody wanted what it pushes, and ends when Jira has it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import Level, Operation, SyncEntry
from app.operations.levels import level_counts
from app.operations.levels.promises import Counted
from app.services.outbound import links
from tests.support.acme import acme as organization
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def edit(acme, ago: timedelta, number: int = 0) -> None:
    """An edit that was made `ago` and has waited since, as behind Jira's rate limit."""
    item = acme.items[number]
    item.title = "Add a canary stage to every pipeline"
    links.item_edited(item)
    link = links.active_link(item)
    link.due_at = link.due_since = utcnow() - ago
    db.session.commit()


def line(operation: Operation) -> SyncEntry:
    db.session.expire_all()
    return db.session.scalars(select(SyncEntry).filter_by(operation=operation)).one()


def edits() -> Counted:
    return level_counts.of_organization(organization().id, utcnow())[Level.EDITS]


@pytest.mark.both_databases
@pytest.mark.parametrize(("waited", "missed"), [(20, 0), (90, 1)])
def test_an_edit_begins_when_it_was_made(acme, drain, waited, missed):
    acme.commit_items()
    drain()
    edit(acme, timedelta(seconds=waited))

    drain()

    entry = line(Operation.UPDATE)
    took = (entry.updated_at - entry.started_at).total_seconds()
    assert waited <= took < waited + 20
    assert edits() == Counted(counted=1, missed=missed, missed_in_hour=missed)


def test_a_create_begins_with_the_commit(acme, drain):
    acme.commit_items()
    committed_at = acme.links[0].due_since
    drain()

    begun = db.session.scalars(select(SyncEntry.started_at)).all()
    assert set(begun) == {committed_at}


def test_a_commit_that_is_pushed_at_once_is_kept(acme, drain):
    acme.commit_items()
    drain()
    acme.retrospective.committed_at = acme.links[0].created_at
    for item in acme.items:
        item.created_at = acme.links[0].created_at - timedelta(minutes=1)
    db.session.commit()

    later = utcnow() + timedelta(seconds=11)
    found = level_counts.of_organization(organization().id, later)[Level.COMMITS]
    assert found == Counted(counted=1)
