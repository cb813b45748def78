"""Rows are held in one order, or two who wait for each other wait for ever (PostgreSQL)."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Select, func, select, text
from sqlalchemy.orm import scoped_session

from app.clock import utcnow
from app.drain import claiming, drain_lease
from app.extensions import db
from app.jira.types import CreatedIssue
from app.models import IssueLink, JiraConnection, Reconciliation, User
from app.services.connection import connect, disconnect
from app.services.connection.consent import Granted, Site
from app.services.inbound import reconciliation
from app.services.outbound import duplicates
from app.services.outbound.duplicates import Doubt, SeenIssues
from app.services.people import members
from app.services.webhooks import upkeep_lease
from tests.support.installation import eventually
from tests.support.webhook_posts import registered
from tests.support.webhooks import second_organization, switch

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
WAITING = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
Holder = Connection | scoped_session[Any]


@contextmanager
def waiting(app, holder: Holder, act: Callable[[], object]) -> Iterator[None]:
    """`act` runs beside, as far as it comes without what `holder` holds."""

    def run() -> None:
        with app.app_context():
            act()
            db.session.commit()

    beside = threading.Thread(target=run)
    beside.start()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as watcher:
        eventually(lambda: watcher.scalar(WAITING))
    yield
    holder.commit()
    beside.join()


def held(row: type[Any], row_id: int) -> Select[Any]:
    """Fails at once where somebody else holds the row."""
    return select(row.id).where(row.id == row_id).with_for_update(nowait=True)


def test_whoever_gives_a_webhook_lease_back_holds_the_sharers_in_order(app, acme):
    switch(acme, on=True)
    first, second = acme.connection.id, second_organization(acme).id
    lease = upkeep_lease.take(second)
    assert lease
    db.session.commit()

    with db.engine.connect() as other:
        other.execute(held(JiraConnection, first))
        with waiting(app, other, lambda: upkeep_lease.release(lease)):
            other.execute(held(JiraConnection, second))

    db.session.expire_all()
    assert db.session.get_one(JiraConnection, second).works["webhook"].lease_id is None


def test_whoever_ends_a_reconciliation_holds_its_connection_first(app, acme):
    connection_id = acme.connection.id
    acme.connection.works["reading"].due_at = utcnow()
    look = Reconciliation(connection_id=connection_id, generation=1, started_at=utcnow())
    db.session.add(look)
    db.session.commit()
    look_id = look.id
    db.session.commit()

    with db.engine.connect() as other:
        other.execute(held(JiraConnection, connection_id))
        with waiting(app, other, lambda: reconciliation.finish(look_id, utcnow())):
            other.execute(held(Reconciliation, look_id))

    db.session.expire_all()
    assert db.session.get_one(Reconciliation, look_id).finished_at is not None


def test_whoever_records_a_second_look_holds_its_connection_first(app, acme):
    acme.commit_items()
    registered(acme.connection, project_keys=["OPS"])  # it is to hear of another project now
    link_id, public_id = acme.links[0].id, acme.links[0].public_id
    lease = drain_lease.take(acme.connection.id)
    assert lease
    db.session.commit()
    doubt = Doubt(link_id, public_id, None, "10000", utcnow())
    seen = SeenIssues({public_id: [CreatedIssue("10012", "PLAT-142")]}, frozenset())

    with db.engine.connect() as other:
        other.execute(held(JiraConnection, lease.connection_id))
        with waiting(app, other, lambda: duplicates.record(lease, doubt, seen)):
            other.execute(held(IssueLink, link_id))

    db.session.expire_all()
    assert db.session.get_one(IssueLink, link_id).issue_key == "PLAT-142"


def test_an_account_that_is_picked_while_a_drain_claims_reaches_its_issues(app, acme):
    acme.commit_items()
    owner = next(item.assignee for item in acme.items if item.assignee_id)
    lease = drain_lease.take(acme.connection.id)
    assert lease
    db.session.commit()
    claimed = claiming.claim(lease)  # not committed yet, and without the account
    theirs = [each for each in claimed.claims if each.desired.assignee_id == owner.id]

    def pick() -> None:
        admin = db.session.get_one(User, owner.id)
        members.pick(acme.connection, owner.id, "account", "Their account", admin)

    with waiting(app, db.session, pick):
        pass

    db.session.expire_all()
    links = [db.session.get_one(IssueLink, each.link_id) for each in theirs]
    assert owner.id not in claimed.matches
    assert [link.change_number for link in links] == [each.change_number + 1 for each in theirs]


def disconnects(acme) -> None:
    disconnect.begin(acme.organization, acme.retrospective.facilitator)


def reconnects(acme) -> None:
    row = acme.connection
    site = Site(row.cloud_id, row.site_name, row.site_url)
    granted = Granted("a", "r", utcnow(), row.account_id, "Unpack", (site,))
    connect.settle(acme.organization, acme.retrospective.facilitator, granted)


@pytest.mark.parametrize("act", [disconnects, reconnects])
def test_nobody_waits_to_add_a_link_while_somebody_disconnects_or_reconnects(acme, act):
    acme.commit_items()
    connection_id = acme.connection.id

    act(acme)

    points_at = select(JiraConnection.id).where(JiraConnection.id == connection_id)
    with db.engine.connect() as other:
        other.execute(points_at.with_for_update(read=True, key_share=True, nowait=True))
        assert other.scalar(select(func.count(IssueLink.id))) == 5
