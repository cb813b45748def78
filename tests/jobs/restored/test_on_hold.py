"""On hold nothing is changed in Jira, whoever asks and whatever is due."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, Installation, User, WebhookTest
from app.services.connection import connect, disconnect
from app.services.connection.consent import Granted, Site
from app.services.grants import tokens
from app.services.owed import webhook_upkeep
from app.services.restoring import on_hold
from app.services.webhooks import webhook_tests
from jobs import send_webhook_test
from tests.jobs.restored.after_restoring import write, written
from tests.support.connected import ENG_CLOUD, SERVICE
from tests.support.settings import NO_DELAYS
from tests.support.webhooks import switch

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.mark.both_databases
def test_creates_and_edits_wait(acme, drain, hold):
    acme.commit_items()
    drain()
    hold()
    acme.jira.control.clear_requests()
    write(acme.items[0], title="Edited during the hold")

    drain()

    assert written(acme) == []
    assert [link.due_at is not None for link in acme.links].count(True) == 1


@pytest.mark.usefixtures("one_by_one")
def test_a_drain_under_way_sends_nothing_more(acme, beside_a_drain):
    acme.commit_items()

    beside_a_drain("create", lambda: on_hold.begin(utcnow()))

    assert acme.connection.on_hold
    assert len(acme.issues()) == 1
    assert [link.stamped for link in acme.links].count(True) == 0


def test_no_webhook_is_registered_renewed_or_deleted_until_the_release(
    acme, keep, hold, searched, flask_jira
):
    switch(acme, on=True)
    hold()
    keep()
    assert acme.jira.control.webhooks() == []

    searched()
    flask_jira("release")
    keep()

    assert len(acme.jira.control.webhooks()) == 1


def test_a_webhook_that_is_there_stays_when_somebody_disconnects(acme, keep, hold):
    switch(acme, on=True)
    keep()
    hold()
    acme.jira.control.clear_requests()
    user = db.session.scalars(select(User).filter_by(email="admin@acme.test")).one()

    farewell = disconnect.begin(acme.organization, user)
    db.session.commit()
    disconnect.delete_webhooks(farewell)
    disconnect.finish(farewell)
    db.session.commit()

    assert written(acme) == []
    assert len(acme.jira.control.webhooks()) == 1
    assert acme.connection.on_hold


def test_upkeep_that_is_under_way_takes_no_further_step(acme, keep, hold):
    switch(acme, on=True)
    keep()
    acme.map_to("OPS")
    webhook_upkeep.owe_upkeep(acme.connection)
    hold()
    acme.jira.control.clear_requests()

    keep()

    assert written(acme) == []


def test_a_webhook_test_says_why_it_is_not_sent(acme, drain, keep, hold):
    acme.commit_items()
    drain()
    switch(acme, on=True)
    keep()
    webhook_tests.request(acme.connection)
    hold()
    acme.jira.control.clear_requests()
    connection_id = acme.connection.id
    db.session.commit()

    send_webhook_test.run(connection_id)

    db.session.expire_all()
    assert written(acme) == []
    assert "restored from a backup" in db.session.query(WebhookTest).one().error
    webhook_tests.request(acme.connection)
    assert "restored from a backup" in db.session.query(WebhookTest).one().error


def test_tokens_are_refreshed(acme, hold, searched):
    hold()
    acme.connection.access_expires_at = utcnow()
    db.session.commit()

    adoption = searched()

    assert acme.jira.control.grants()[0]["refreshes"] == 1
    assert adoption.finished_at is not None


@pytest.mark.both_databases
def test_a_grant_that_died_since_the_backup_is_searched_after_the_reconnect(
    acme, drain, hold, searched, flask_jira
):
    acme.commit_items()
    drain()
    acme.jira.control.revoke()
    hold()
    acme.connection.access_expires_at = utcnow() - timedelta(minutes=1)
    db.session.commit()

    adoption = searched()

    assert acme.connection.state is ConnectionState.NEEDS_RECONNECT
    assert adoption.finished_at is None
    result = flask_jira("release")
    assert (result.exit_code, "waits for an admin who connects Jira again" in result.output) == (
        1,
        True,
    )

    acme.reconnect()
    assert searched().finished_at is not None
    assert acme.connection.on_hold
    assert flask_jira("release").exit_code == 0
    assert not acme.connection.on_hold


def test_another_grant_is_searched_anew(acme, hold, searched, flask_jira):
    hold()
    searched()
    acme.reconnect()

    result = flask_jira("release")

    assert (result.exit_code, "waits for the end of the search" in result.output) == (1, True)
    searched()
    assert flask_jira("release").exit_code == 0


def test_who_connects_for_the_first_time_is_on_hold_too(acme, hold, searched, flask_jira):
    old = acme.connection
    answer = acme.jira.control.issue_tokens(SERVICE)
    granted = Granted(
        access_token=tokens.encrypt(answer["access_token"]),
        refresh_token=tokens.encrypt(answer["refresh_token"]),
        access_expires_at=utcnow() + timedelta(seconds=answer["expires_in"]),
        account_id=old.account_id,
        account_name="Unpack",
        sites=(Site(ENG_CLOUD, "Acme Engineering", old.site_url),),
    )
    db.session.delete(old)
    db.session.commit()
    hold()

    user = db.session.scalars(select(User).filter_by(email="admin@acme.test")).one()
    assert connect.settle(acme.organization, user, granted)
    db.session.commit()

    assert acme.connection.on_hold
    assert searched().finished_at is not None
    assert flask_jira("release").exit_code == 0
    assert db.session.get_one(Installation, 1).on_hold_since is None
