"""While syncing is paused nothing is pushed or read; what looks after the rest goes on."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, LinkState, WebhookTest
from app.services.connection import suspension
from app.services.owed import metadata_reads
from app.services.schedule import due_drains
from app.services.webhooks import webhook_tests
from jobs import refresh_metadata, send_webhook_test
from tests.jobs.restored.after_restoring import write, written
from tests.jobs.telling import TOLD, mails, rings, tell
from tests.support.acme import person
from tests.support.settings import NO_DELAYS
from tests.support.webhooks import switch

pytestmark = pytest.mark.environment(**NO_DELAYS)


def pause(acme) -> None:
    suspension.suspend(acme.organization, person("Adam"), "PLAT is moved", utcnow())
    db.session.commit()


def unknown() -> int:
    return db.session.query(IssueLink).filter_by(state=LinkState.UNKNOWN).count()


def resume(acme) -> bool:
    resumed = suspension.resume(acme.organization, person("Adam"), utcnow())
    db.session.commit()
    return resumed


@pytest.mark.both_databases
def test_creates_and_edits_wait_and_go_out_once_it_is_resumed(acme, drain):
    acme.commit_items()
    drain()
    pause(acme)
    acme.jira.control.clear_requests()
    write(acme.items[0], title="Edited during the pause")

    drain()
    assert acme.jira.control.requests() == []
    assert due_drains.due_connections(utcnow()) == []

    assert resume(acme)
    drain()
    assert acme.issues()[0]["fields"]["summary"] == "Edited during the pause"
    assert not resume(acme)


@pytest.mark.usefixtures("one_by_one")
def test_a_drain_under_way_sends_nothing_more_and_records_what_has_left(acme, beside_a_drain):
    acme.commit_items()

    beside_a_drain(
        "create",
        lambda: suspension.suspend(acme.organization, person("Adam"), "Stop", utcnow()),
    )

    assert acme.connection.suspended
    assert len(acme.issues()) == 1
    assert [link.issue_id for link in acme.links].count(None) == 4
    assert not any(link.stamped for link in acme.links)


@pytest.mark.environment(**NO_DELAYS | {"SYNC_PROBE_DELAYS": "15,30"})
def test_an_unknown_create_is_not_looked_for_before_it_is_resumed(acme, drain):
    acme.commit_items()
    acme.jira.control.fault("drop_after", "create", times=1)
    drain()
    assert unknown() == 1
    pause(acme)
    acme.jira.control.clear_requests()

    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        drain()

    assert acme.jira.control.requests() == []
    assert unknown() == 1


def test_checks_and_the_webhook_go_on(acme, keep):
    pause(acme)
    switch(acme, on=True)
    metadata_reads.owe_checks(acme.connection)
    connection_id = acme.connection.id
    db.session.commit()

    keep()
    db.session.commit()
    refresh_metadata.run(connection_id)

    assert len(acme.jira.control.webhooks()) == 1
    db.session.expire_all()
    assert acme.connection.mappings[0].checked_at is not None


def test_a_webhook_test_says_why_it_is_not_sent(acme, drain, keep):
    acme.commit_items()
    drain()
    switch(acme, on=True)
    keep()
    webhook_tests.request(acme.connection)
    pause(acme)
    acme.jira.control.clear_requests()

    connection_id = acme.connection.id
    db.session.commit()
    send_webhook_test.run(connection_id)

    db.session.expire_all()
    assert written(acme) == []
    assert "Syncing is paused." in db.session.query(WebhookTest).one().error


@pytest.mark.both_databases
def test_owner_and_admins_are_told_once_when_it_lasts_a_day(acme):
    pause(acme)
    connection_id = acme.connection.id
    assert rings() == []

    with time_machine.travel(utcnow() + timedelta(hours=24, minutes=1)):
        assert rings() == [connection_id]
        tell(connection_id)
        tell(connection_id)
        assert rings() == []

    [mail] = mails()
    assert mail.recipients == TOLD
    assert "syncing with Jira is still paused" in mail.subject
    assert "Adam Novak paused syncing" in mail.text
    assert "“PLAT is moved”" in mail.text


def test_nobody_is_told_of_a_pause_that_was_resumed(acme):
    pause(acme)
    resume(acme)

    with time_machine.travel(utcnow() + timedelta(hours=25)):
        assert rings() == []
