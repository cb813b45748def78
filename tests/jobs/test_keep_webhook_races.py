"""Keeping the webhook while others do the same, or change what is desired."""

import threading
from datetime import timedelta
from functools import partial

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection
from app.services.owed import webhook_upkeep
from app.services.webhooks import upkeep_lease
from app.services.work import lengths
from jobs import keep_webhook
from tests.support.at_once import at_once
from tests.support.connected import wait_for_request
from tests.support.installation import eventually
from tests.support.webhooks import (
    URL,
    bells,
    ids_in_jira,
    in_jira,
    recorded,
    second_organization,
    switch,
)


def test_two_that_run_at_once_register_one(acme, keep, app):
    switch(acme, on=True)
    acme.jira.control.fault("latency", "webhook_register", min_ms=150, max_ms=150)
    connection_id = acme.connection.id

    def one() -> None:
        with app.app_context():
            keep_webhook.run(connection_id)

    at_once(*[one] * 3)

    assert len(ids_in_jira(acme)) == 1
    assert recorded(acme) == ids_in_jira(acme)


@pytest.mark.both_databases
def test_two_organizations_on_one_site_and_account_leave_each_other_alone(on, keep, app):
    first, second = on.connection.id, second_organization(on).id
    db.session.get_one(JiraConnection, first).works["webhook"].due_at = utcnow()

    def one(connection_id: int) -> None:
        with app.app_context():
            keep_webhook.run(connection_id)

    at_once(*[partial(one, each) for each in (first, second)])
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


def test_a_worker_that_died_blocks_nobody_for_long(acme, keep):
    switch(acme, on=True)
    assert upkeep_lease.take(acme.connection.id) is not None
    db.session.commit()

    keep()
    assert in_jira(acme) == []
    assert bells(utcnow()) == []

    keep(after=lengths.USUAL + timedelta(seconds=1))
    assert len(in_jira(acme)) == 1


def test_a_change_that_comes_while_the_work_goes_on_is_not_forgotten(acme, keep, app):
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


def test_a_change_that_comes_while_jira_fails_is_tried_at_once(acme, keep, app):
    switch(acme, on=True)
    acme.jira.control.fault("unavailable", "webhook_register", times=1)
    acme.jira.control.fault("latency", "webhook_register", times=1, min_ms=600, max_ms=600)
    connection_id = acme.connection.id
    db.session.commit()

    def fail() -> None:
        with app.app_context():
            keep_webhook.run(connection_id)

    failing = threading.Thread(target=fail)
    failing.start()
    wait_for_request(acme.jira.control, "webhook_register")
    switch(acme, on=True)
    failing.join()
    db.session.expire_all()

    assert bells(utcnow()) == [connection_id]
    assert acme.connection.works["webhook"].error is None
