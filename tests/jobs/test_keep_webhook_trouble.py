"""Keeping the webhook while others work, leave, come back, or Jira has its troubles."""

import threading
from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    IssueLink,
    JiraConnection,
    JiraProject,
    Plan,
    WebhookDelivery,
)
from app.services.connection import disconnect, organization_plan
from app.services.grants import tokens
from app.services.owed import webhook_upkeep
from app.services.webhooks import owed, upkeep_lease
from app.services.work import leases
from jobs import keep_webhook
from tests.support.connected import ENG_CLOUD
from tests.support.installation import eventually
from tests.support.webhooks import (
    DAY,
    URL,
    bells,
    ids_in_jira,
    in_jira,
    orphan,
    recorded,
    second_organization,
    switch,
)


def test_two_that_run_at_once_register_one(acme, keep, app):
    switch(acme, on=True)
    acme.jira.control.fault("latency", "webhook_register", min_ms=150, max_ms=150)
    connection_id = acme.connection.id
    db.session.commit()
    start = threading.Barrier(3)

    def one() -> None:
        with app.app_context():
            start.wait()
            keep_webhook.run(connection_id)

    threads = [threading.Thread(target=one) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids_in_jira(acme)) == 1
    assert recorded(acme) == ids_in_jira(acme)


@pytest.mark.both_databases
def test_two_organizations_on_one_site_and_account_leave_each_other_alone(on, keep, app):
    first, second = on.connection.id, second_organization(on).id
    db.session.get_one(JiraConnection, first).works["webhook"].due_at = utcnow()
    db.session.commit()
    start = threading.Barrier(2)

    def one(connection_id: int) -> None:
        with app.app_context():
            start.wait()
            keep_webhook.run(connection_id)

    threads = [threading.Thread(target=one, args=(each,)) for each in (first, second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    keep(first)
    keep(second)

    assert sorted(in_jira(on)) == [(URL, 'project IN ("MOB")'), (URL, 'project IN ("PLAT")')]
    assert recorded(on) == ids_in_jira(on)


@pytest.mark.both_databases
def test_while_one_organization_is_at_it_another_with_its_account_waits(on, keep):
    first, second = on.connection.id, second_organization(on).id
    webhook_upkeep.owe_upkeep(db.session.get_one(JiraConnection, first))
    db.session.commit()
    lease = upkeep_lease.take(first)
    db.session.commit()

    keep(second)
    assert on.jira.control.requests() == []
    assert bells(utcnow()) == []

    upkeep_lease.release(lease)
    db.session.commit()
    assert bells(utcnow()) == [first, second]


def test_one_of_two_organizations_leaves_with_its_own_webhook_only(on, keep):
    first, second = on.connection.id, second_organization(on).id
    keep(second)
    organization = db.session.get_one(JiraConnection, first).organization
    owner = organization.memberships[0].user

    farewell = disconnect.begin(organization, owner)
    db.session.commit()
    disconnect.delete_webhooks(farewell)
    disconnect.finish(farewell)
    db.session.commit()

    assert in_jira(on) == [(URL, 'project IN ("MOB")')]
    assert recorded(on) == ids_in_jira(on)


def test_disconnecting_leaves_nothing_even_after_the_token_has_expired(on, keep):
    orphan(on, "MOB")
    row = WebhookDelivery(
        connection_id=on.connection.id, identifier="1", event="jira:issue_updated", issue_id="1"
    )
    db.session.add(row)
    connection = on.connection
    on.jira.control.expire_access_tokens()
    connection.access_expires_at = utcnow() - timedelta(minutes=1)
    owner = on.organization.memberships[0].user

    farewell = disconnect.begin(on.organization, owner)
    db.session.commit()
    disconnect.delete_webhooks(farewell)
    disconnect.finish(farewell)
    db.session.commit()

    assert in_jira(on) == []
    assert recorded(on) == []
    assert db.session.query(WebhookDelivery).count() == 0
    assert on.connection.works["reading"].due_at is None
    assert bells(utcnow() + DAY) == []


def test_a_webhook_that_was_registered_for_somebody_who_is_gone_is_taken_back(acme, keep, app):
    switch(acme, on=True)
    acme.jira.control.fault("latency", "webhook_register", min_ms=250, max_ms=250)
    connection_id = acme.connection.id
    owner = acme.organization.memberships[0].user
    db.session.commit()

    def register() -> None:
        with app.app_context():
            keep_webhook.run(connection_id)

    registering = threading.Thread(target=register)
    registering.start()
    eventually(lambda: acme.jira.control.requests("webhook_list"))
    eventually(lambda: acme.jira.control.counters()["in_flight"] == 1)
    disconnect.begin(acme.organization, owner)
    db.session.commit()
    registering.join()

    assert in_jira(acme) == []
    assert recorded(acme) == []


def test_a_worker_that_died_blocks_nobody_for_long(acme, keep):
    switch(acme, on=True)
    assert upkeep_lease.take(acme.connection.id) is not None
    db.session.commit()

    keep()
    assert in_jira(acme) == []
    assert bells(utcnow()) == []

    keep(after=leases.LENGTH + timedelta(seconds=1))
    assert len(in_jira(acme)) == 1


def test_a_wish_that_comes_while_the_work_goes_on_is_not_forgotten(acme, keep, app):
    switch(acme, on=True)
    acme.jira.control.fault("latency", "webhook_register", min_ms=250, max_ms=250)
    connection_id = acme.connection.id
    db.session.commit()

    def register() -> None:
        with app.app_context():
            keep_webhook.run(connection_id)

    registering = threading.Thread(target=register)
    registering.start()
    eventually(lambda: acme.jira.control.requests("webhook_list"))
    switch(acme, on=False)
    registering.join()
    db.session.expire_all()
    assert bells(utcnow()) == [connection_id]

    keep()

    assert in_jira(acme) == []


def test_a_jira_that_asks_for_patience_gets_it(acme, keep):
    acme.jira.control.fault("rate_limit", "webhook_list", times=1, retry_after=40)
    switch(acme, on=True)

    connection = keep()

    assert timedelta(seconds=35) < connection.paused_until - utcnow() <= timedelta(seconds=41)
    assert (connection.works["webhook"].error, connection.works["webhook"].failures) == (None, 0)
    keep(after=timedelta(seconds=45))
    assert len(in_jira(acme)) == 1


def test_a_dead_grant_waits_for_a_reconnect_and_then_goes_on(acme, keep):
    switch(acme, on=True)
    acme.jira.control.revoke()
    assert keep().state is ConnectionState.NEEDS_RECONNECT
    assert bells(utcnow() + DAY) == []

    acme.connect()
    keep()

    assert recorded(acme) == ids_in_jira(acme)
    assert len(in_jira(acme)) == 1


def test_a_missing_scope_stops_the_webhook_and_nothing_else(acme, keep):
    issued = acme.jira.control.issue_tokens(scopes=["read:jira-work", "offline_access"])
    connection = acme.connection
    connection.access_token = tokens.encrypt(issued["access_token"])
    connection.refresh_token = tokens.encrypt(issued["refresh_token"])
    switch(acme, on=True)

    connection = keep()

    assert connection.connected
    assert "Reconnect Jira to allow it." in connection.works["webhook"].error


def test_free_holds_everything_and_an_upgrade_lets_it_go_on(on, keep):
    owner = on.organization.memberships[0].user
    organization_plan.change_plan(on.organization, Plan.FREE, owner)
    switch(on, on=False)
    keep()
    assert len(in_jira(on)) == 1

    organization_plan.change_plan(on.organization, Plan.PRO, owner)
    keep()

    assert in_jira(on) == []


def test_a_renamed_project_is_followed(on, keep):
    connection = on.connection
    connection.projects_fetched_at = utcnow()
    known = JiraProject(
        connection_id=connection.id, project_id="10000", key="OPS", name="", may_create=True
    )
    db.session.add(known)
    on.map_to("OPS")
    owed.projects_changed(connection)

    keep()

    assert in_jira(on) == [(URL, 'project IN ("OPS")')]


def test_a_project_out_of_sight_does_not_keep_the_others_from_being_heard_of(on, keep):
    connection = on.connection
    connection.projects_fetched_at = utcnow() - timedelta(hours=1)
    known = JiraProject(
        connection_id=connection.id, project_id="10000", key="PLAT", name="", may_create=True
    )
    link = IssueLink(action_item=on.items[0], connection=connection, cloud_id=ENG_CLOUD)
    link.issue_id, link.issue_key = "1", "GONE-7"
    db.session.add_all([known, link])
    webhook_upkeep.owe_upkeep(connection)

    connection = keep()

    assert in_jira(on) == [(URL, 'project IN ("PLAT")')]
    assert connection.works["webhook"].error is None
    assert connection.works["metadata"].due_at is not None


def test_a_wish_that_comes_while_jira_fails_is_tried_at_once(acme, keep, app):
    switch(acme, on=True)
    acme.jira.control.fault("unavailable", "webhook_register", times=1)
    acme.jira.control.fault("latency", "webhook_register", times=1, min_ms=250, max_ms=250)
    connection_id = acme.connection.id
    db.session.commit()

    def fail() -> None:
        with app.app_context():
            keep_webhook.run(connection_id)

    failing = threading.Thread(target=fail)
    failing.start()
    eventually(lambda: acme.jira.control.counters()["in_flight"] == 1)
    eventually(lambda: len(acme.jira.control.requests()) >= 1)
    switch(acme, on=True)
    failing.join()
    db.session.expire_all()

    assert bells(utcnow()) == [connection_id]
    assert acme.connection.works["webhook"].error is None
