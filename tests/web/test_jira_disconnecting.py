"""Disconnecting Jira: what is deleted, what stays, and that Atlassian cannot hold it up."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    AuditEvent,
    ConnectionState,
    JiraPerson,
    JiraProject,
    MatchState,
    ProjectMapping,
)
from app.services.connection import disconnect as connection_disconnect
from demo.jira_cloud.catalog.sites import SITES
from tests.support.acme import acme, items, link, links_of, person
from tests.support.atlassian import ENG, JIRA, SETTINGS, connect, connection, pending
from tests.support.people import Person

OUR_HOOK = "http://localhost:5050/webhooks/jira"


@pytest.fixture
def connected(admin, jira, work) -> Person:
    connect(admin, jira)
    work()
    return admin


def disconnect(person: Person):
    return person.post(f"{JIRA}/disconnection")


def choose_project() -> ProjectMapping:
    mapping = ProjectMapping(
        organization_id=acme().id,
        cloud_id=SITES[ENG].cloud_id,
        project_id="10000",
        project_key="PLAT",
        project_name="Platform Engineering",
        issue_type_id="10001",
        issue_type_name="Task",
    )
    db.session.add(mapping)
    return mapping


def register_webhook() -> None:
    """As a later version of the connection does: one webhook of ours."""
    from app.services.grants import clients

    connection_id = connection().id
    db.session.commit()
    client = clients.client_of(connection_id)
    client.register_webhook(OUR_HOOK, events=["jira:issue_updated"], jql="project IN (PLAT)")


def test_the_page_says_what_stops_and_what_stays(connected):
    link(items()[0])
    link(items()[1], key=None, due_at=utcnow())

    text = connected.get(f"{JIRA}/disconnection").page.text

    assert "1 action item that is waiting stays as it is in Unpack." in text
    assert "1 issue stays in Jira as it is." in text
    assert "Connected apps" in text


@pytest.mark.both_databases
def test_tokens_and_what_was_read_of_jira_are_deleted(connected):
    db.session.add(
        JiraPerson(
            connection_id=connection().id,
            user_id=person("Maya").id,
            state=MatchState.MATCHED,
            account_id="x",
        )
    )

    answer = disconnect(connected)

    row = connection()
    assert answer.location == SETTINGS
    assert row.state is ConnectionState.DISCONNECTED
    assert (row.access_token, row.refresh_token, row.access_expires_at) == (None, None, None)
    assert db.session.query(JiraProject).count() == 0
    assert db.session.query(JiraPerson).count() == 0


def test_what_was_due_is_not_due_any_more(connected):
    link(items()[0], key=None, due_at=utcnow())

    disconnect(connected)

    assert links_of(items()[0])[0].due_at is None


def test_keys_and_choices_stay(connected):
    choose_project()
    link(items()[0])

    disconnect(connected)

    kept = links_of(items()[0])[0]
    assert (kept.active, kept.issue_key) == (True, "PLAT-142")
    assert db.session.query(ProjectMapping).one().project_key == "PLAT"


def test_disconnecting_is_on_record(connected):
    disconnect(connected)

    last = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
    assert (last.action, last.user.name) == ("jira.disconnected", "Adam Novak")
    assert "Adam Novak disconnected" in connected.get(SETTINGS).page.text


def test_our_webhooks_are_deleted_at_jira(connected, jira):
    register_webhook()
    assert len(jira.control.webhooks()) == 1

    disconnect(connected)

    assert jira.control.webhooks() == []


def test_a_jira_that_is_down_does_not_keep_anybody_connected(connected, jira):
    jira.control.set(down=True)

    disconnect(connected)

    assert connection().state is ConnectionState.DISCONNECTED
    assert connection().access_token is None


def test_a_silent_jira_is_waited_for_five_seconds_at_most(connected, jira):
    jira.control.fault("latency", min_ms=8000, max_ms=8000)
    started = utcnow()

    disconnect(connected)

    assert utcnow() - started < timedelta(seconds=7)
    assert connection().access_token is None


def test_a_grant_that_waits_goes_too(connected, jira):
    connect(connected, jira, ("acme-labs", ENG))

    disconnect(connected)

    assert pending() is None


def test_what_a_dying_process_left_is_finished_later(connected):
    connection_disconnect.begin(acme(), person("Adam"))
    db.session.commit()
    assert connection().access_token is not None

    assert connection_disconnect.finish_interrupted(utcnow()) == 0
    assert connection_disconnect.finish_interrupted(utcnow() + timedelta(minutes=2)) == 1
    assert connection().access_token is None


def test_a_reconnect_in_between_keeps_its_tokens(connected, jira):
    farewell = connection_disconnect.begin(acme(), person("Adam"))
    db.session.commit()
    connect(connected, jira)

    connection_disconnect.finish(farewell)

    assert connection().access_token is not None


def test_connecting_the_same_site_again_uses_the_old_choices(connected, jira, work):
    choose_project()
    disconnect(connected)

    connect(connected, jira)
    work()

    assert connection().state is ConnectionState.CONNECTED
    text = connected.get(JIRA).page.text
    assert "Creating is allowed, no required field is missing." in text


def test_pressing_twice_does_no_harm(connected):
    disconnect(connected)

    assert disconnect(connected).location == SETTINGS
    assert "Jira is not connected." in connected.get(SETTINGS).page.text


def test_members_cannot_disconnect(connected, signed_in):
    member = signed_in("member1@acme.test")

    assert member.get(f"{JIRA}/disconnection").status_code == 404
    assert disconnect(member).status_code == 404
    assert connection().state is ConnectionState.CONNECTED
