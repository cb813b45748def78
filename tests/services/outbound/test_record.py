"""What an answer of Jira writes down does not run over an edit that commits at that moment."""

import threading

import pytest
from flask import Flask
from sqlalchemy import text

from app.drain import claiming, drain_lease
from app.extensions import db
from app.models import IssueLink, LinkState
from app.services.outbound import links, record
from app.services.outbound.recording import recording
from app.services.work.leases import Lease
from tests.support.claims import MAYA, SCREEN, plan
from tests.support.installation import eventually

# One writer at a time is all that SQLite knows.
on_postgresql = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture
def lease(acme, drain) -> Lease:
    """A drain that has everything claimed for an update."""
    acme.commit_items()
    drain()
    for item in acme.items:
        links.request_sync(item)
    db.session.commit()
    lease = drain_lease.take(acme.connection.id)
    assert lease is not None
    db.session.commit()
    return lease


def waits_for_a_lock() -> bool:
    waiting = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    with db.engine.connect() as connection:
        return bool(connection.scalar(waiting))


@on_postgresql
def test_an_edit_that_commits_while_a_success_is_recorded_still_goes_out(app, acme, lease):
    claimed = claiming.claim(lease).claims[0]
    db.session.commit()
    planned = plan(claimed, SCREEN, MAYA)
    link = db.session.get_one(IssueLink, claimed.link_id)
    link.action_item.title = "Edited at the last moment"
    links.item_edited(link.action_item)  # not committed yet

    recorder = threading.Thread(target=_record, args=(app, lease, planned))
    recorder.start()
    eventually(waits_for_a_lock, 10)
    db.session.commit()
    recorder.join(10)

    db.session.expire_all()
    assert link.due_at is not None
    assert link.state is LinkState.WAITING


def _record(app: Flask, lease: Lease, planned) -> None:
    with app.app_context():
        with recording(lease, {planned.claim.link_id}) as held:
            record.nothing_to_send(held, held.links[planned.claim.link_id], planned)
        db.session.commit()
