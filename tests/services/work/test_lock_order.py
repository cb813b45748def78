"""Rows are locked in one order (design.md §2.3), and whoever locks them otherwise is noticed."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import create_engine, select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, IssueLink, JiraConnection, JiraWork, StopReason, User
from app.models.holding import hold
from app.services.backfill import runs
from app.services.backfill.past_items import Wanted
from app.services.connection import connect, disconnect
from app.services.connection.consent import Granted, Site
from app.services.grants import tokens
from app.services.outbound import links
from app.services.owed import metadata_reads, webhook_upkeep
from app.services.schedule import tick
from jobs import keep_grant, keep_webhook, notify_admins, refresh_metadata
from tests.support.backfilling import past
from tests.support.connected import ENG_CLOUD, SERVICE
from tests.support.inbound import deliver, settings_of
from tests.support.lock_order import ORDER, watched

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


@pytest.fixture
def environment() -> dict[str, str]:
    return {
        "SYNC_PROBE_DELAYS": "0,0",
        "SYNC_RETRY_DELAYS": "0,0,0",
        "SYNC_EDIT_DELAYS": "0,0",
        "SMTP_URL": "smtp://localhost:2525",
    }


def tables_of(*statements) -> list[str]:
    """What is said of a transaction with these statements."""
    own_engine = create_engine(db.engine.url)
    with watched(own_engine) as order, own_engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
    own_engine.dispose()
    return [each.partition(":")[0] for each in order.wrong]


def test_a_connection_that_is_locked_after_its_work_is_noticed(app):
    connection, work = select(JiraConnection.id), select(JiraWork.kind)

    said = tables_of(
        work.order_by(JiraWork.kind).with_for_update(),
        connection.order_by(JiraConnection.id).with_for_update(key_share=True),
    )

    assert said == ["jira_connection after jira_work"]


def test_rows_in_no_order_are_noticed(app):
    link = select(IssueLink.id).with_for_update()

    assert tables_of(link) == ["issue_link, several rows in no order"]
    assert tables_of(link.where(IssueLink.id == 2), link.where(IssueLink.id == 1)) == [
        "issue_link 1 after 2"
    ]
    assert tables_of(
        db.update(IssueLink).where(IssueLink.id == 1).values(tries=0),
        db.update(ActionItem).where(ActionItem.id == 1).values(title="Another"),
    ) == ["action_item after issue_link"]


def test_a_connection_is_held_with_all_its_work(acme):
    with watched(db.engine) as order:
        held = hold(acme.connection.id)
        db.session.rollback()

    assert held is not None
    assert order.locked == {"jira_connection", "jira_work"}


def test_all_that_a_connection_goes_through_locks_in_the_order(app, acme, drain):
    with watched(db.engine) as order:
        commit(acme, drain)
        an_unknown_outcome(acme, drain)
        an_outage(acme, drain)
        what_comes_back(acme, drain)
        metadata_and_people(acme)
        past_items(acme, drain)
        disconnect_and_reconnect(acme, drain)
        a_dead_grant(acme, drain)

    assert order.wrong == []
    assert order.locked == set(ORDER)


def later(minutes: float = 10):
    return time_machine.travel(utcnow() + timedelta(minutes=minutes))


def facilitator(acme) -> User:
    return acme.retrospective.facilitator


def ticked() -> None:
    tick.clean_up(utcnow())
    db.session.commit()


def commit(acme, drain) -> None:
    acme.commit_items()
    drain()
    for item in acme.items:
        item.title += ", soon"
        links.item_edited(item)
    db.session.commit()
    drain()
    assert len(acme.issues()) == 5


def an_unknown_outcome(acme, drain) -> None:
    acme.jira.control.fault("drop_after", "create", times=1)
    retrospective = acme.retrospective
    db.session.add_all([ActionItem(retrospective=retrospective, title=str(n)) for n in range(12)])
    db.session.commit()
    acme.commit_items()
    drain()
    with later():
        drain()
    with later(50):
        drain()
    assert len(acme.issues()) == 17


def an_outage(acme, drain) -> None:
    acme.jira.control.set(down=True)
    for item in acme.items[:3]:
        item.title += "!"
        links.item_edited(item)
    db.session.commit()
    for _ in range(5):
        drain()
    acme.jira.control.set(down=False)
    with later():
        links.item_edited(acme.items[3])
        db.session.commit()
        drain()


def what_comes_back(acme, drain) -> None:
    settings = settings_of(acme)
    settings.webhooks_enabled = settings.take_over_title = settings.take_over_assignee = True
    webhook_upkeep.owe_upkeep(acme.connection)
    db.session.commit()
    keep_webhook.run(acme.connection.id)
    for link in acme.links[:3]:
        acme.jira.control.transition_issue(link.issue_key, "Done")
        acme.jira.control.edit_issue(link.issue_key, summary="Said in Jira")
        deliver(acme, link)
    drain()
    with later(90):
        drain()
        keep_webhook.run(acme.connection.id)


def metadata_and_people(acme) -> None:
    connection = acme.connection
    metadata_reads.want_projects(connection)
    metadata_reads.owe_checks(connection)
    metadata_reads.want_people(connection, utcnow())
    db.session.commit()
    refresh_metadata.run(connection.id)


def past_items(acme, drain) -> None:
    past(60)
    wanted = Wanted(frozenset({acme.retrospective.team_id}), None)
    run = runs.start(acme.organization, facilitator(acme), wanted, 60)
    db.session.commit()
    ticked()
    drain()
    runs.stop(run, StopReason.PERSON, facilitator(acme))
    db.session.commit()


def disconnect_and_reconnect(acme, drain) -> None:
    links.item_edited(acme.items[0])
    db.session.commit()
    farewell = disconnect.begin(acme.organization, facilitator(acme))
    db.session.commit()
    disconnect.finish(farewell)
    db.session.commit()
    consent(acme)
    ticked()
    drain()


def a_dead_grant(acme, drain) -> None:
    acme.jira.control.revoke()
    acme.connection.access_expires_at = utcnow()
    links.item_edited(acme.items[0])
    db.session.commit()
    drain()
    notify_admins.run(acme.connection.id)
    consent(acme)
    acme.jira.control.remove_site("acme-eng")
    links.item_edited(acme.items[0])
    db.session.commit()
    drain()
    acme.jira.control.remove_site("acme-eng", on=False)
    with later(20):
        keep_grant.run(acme.connection.id)
        drain()
    db.session.expire_all()
    assert acme.connection.connected


def consent(acme) -> None:
    """Somebody consents again, for the account and the site that were connected."""
    answer = acme.jira.control.issue_tokens(SERVICE)
    row = acme.connection
    granted = Granted(
        access_token=tokens.encrypt(answer["access_token"]),
        refresh_token=tokens.encrypt(answer["refresh_token"]),
        access_expires_at=utcnow() + timedelta(seconds=answer["expires_in"]),
        account_id=row.account_id,
        account_name="Unpack",
        sites=(Site(ENG_CLOUD, row.site_name, row.site_url),),
    )
    assert connect.settle(acme.organization, facilitator(acme), granted)
    db.session.commit()
