"""Every linked issue is looked at again: no change is missed for good, and no call is wasted."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import (
    IssueLink,
    JiraConnection,
    JiraWork,
    LinkState,
    Organization,
    Plan,
    Reconciliation,
    WebhookDelivery,
)
from app.services.inbound import pending, reconciliation
from app.services.owed import reconciliations
from app.services.retrospectives import action_items
from app.services.schedule import due_drains
from tests.support import factories
from tests.support.inbound import deliver, listening, unapplied
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def links(acme):
    listening(acme)
    return acme.links


def owe(acme, now=None):
    reconciliations.owe(acme.connection, now or utcnow())
    db.session.commit()


def looks() -> list[Reconciliation]:
    return db.session.query(Reconciliation).order_by(Reconciliation.id).all()


@pytest.mark.both_databases
def test_a_change_that_nothing_told_is_found_and_the_next_look_is_in_an_hour(acme, drain, links):
    acme.jira.control.transition_issue(links[0].issue_key, "Done")
    owe(acme)

    drain()

    assert links[0].action_item.complete
    [look] = looks()
    assert (look.looked_at, look.caught) == (5, 1)
    assert look.finished_at is not None
    wait = acme.connection.works["reading"].due_at - look.finished_at
    assert timedelta(minutes=50) <= wait <= timedelta(minutes=70)
    assert acme.jira.control.counters()["total"] == 1


def test_open_items_and_those_that_jira_completed_are_looked_at(acme, drain, links):
    action_items.complete(links[0].action_item, acme.retrospective.facilitator)
    action_items.delete(links[1].action_item, acme.retrospective.facilitator)
    for done in (links[0], links[2]):
        acme.jira.control.transition_issue(done.issue_key, "Done")
        deliver(acme, done)
    drain()
    acme.jira.control.transition_issue(links[2].issue_key, "To Do")
    owe(acme)

    drain()

    assert [look.looked_at for look in looks()] == [3]
    assert not links[2].action_item.complete


def test_an_issue_out_of_sight_is_found_again_although_its_item_was_completed_here(
    acme, drain, links
):
    """Found by the simulator, seed 134: its last edit waited for ever, and so did the chip."""
    acme.jira.control.remove_project("PLAT")
    deliver(acme, links[0])
    drain()
    item = links[0].action_item
    action_items.edit(item, action_items.ActionItemFields("Renamed", item.description))
    action_items.complete(item, acme.retrospective.facilitator)
    acme.jira.control.remove_project("PLAT", on=False)
    owe(acme)

    drain()

    assert links[0].state is LinkState.SYNCED
    assert acme.jira.control.issue(links[0].issue_key)["fields"]["summary"] == "Renamed"


def test_what_a_delivery_tells_anyway_was_not_caught(acme, drain, links):
    acme.jira.control.transition_issue(links[0].issue_key, "Done")
    deliver(acme, links[0])
    owe(acme)

    drain()

    assert links[0].action_item.complete
    assert [look.caught for look in looks()] == [0]


def test_250_links_are_three_requests(acme, drain, links):
    for number in range(245):
        issue = acme.jira.control.create_issue("PLAT", summary=f"Item {number}")
        item = factories.action_item(acme.retrospective, f"Item {number}")
        row = IssueLink(action_item=item, connection_id=links[0].connection_id)
        row.state, row.cloud_id = LinkState.SYNCED, links[0].cloud_id
        row.issue_id, row.issue_key = issue["id"], issue["key"]
        db.session.add(row)
        if number % 5 == 0:
            acme.jira.control.transition_issue(issue["key"], "Done")
    acme.jira.control.transition_issue(links[0].issue_key, "Done")
    acme.jira.control.clear_requests()
    owe(acme)

    drain()

    assert acme.jira.control.counters()["total"] == 3
    assert [(look.looked_at, look.caught) for look in looks()] == [(250, 50)]


def test_a_look_that_was_cut_off_goes_on_where_it_was(acme, drain, links, monkeypatch):
    monkeypatch.setattr(reconciliation, "SLICE", 2)
    acme.jira.control.fault("unavailable", "bulkfetch", times=1, skip=1)
    owe(acme)
    drain()
    assert [(look.looked_at, look.finished_at) for look in looks()] == [(2, None)]

    with time_machine.travel(utcnow() + timedelta(seconds=30)):
        drain()

    [look] = looks()
    assert look.looked_at == 5
    assert len(acme.jira.control.requests("bulkfetch")) == 4


def test_what_is_owed_during_a_look_is_owed_after_it(acme, drain, links):
    owe(acme)
    with time_machine.travel(utcnow() - timedelta(minutes=1)):
        look = Reconciliation(
            connection_id=acme.connection.id, generation=acme.connection.generation
        )
        look.last_link_id = links[-1].id
        look.looked_at = look.caught = 0
        look.started_at = utcnow()
        db.session.add(look)
        db.session.commit()

    drain()

    assert [look.looked_at for look in looks()] == [0, 5]


def test_a_look_of_an_older_grant_is_forgotten(acme, drain, links):
    db.session.add(
        Reconciliation(
            connection_id=acme.connection.id, generation=0, looked_at=3, caught=0, last_link_id=9999
        )
    )
    owe(acme)

    drain()

    assert [look.looked_at for look in looks()] == [5]


def test_many_signs_of_a_gap_are_one_look_a_minute(acme, drain, links):
    connection, now = acme.connection, utcnow()
    reconciliations.owe_after_gap(connection, now)
    assert connection.works["reading"].due_at is None, (
        "nothing can be lost before a webhook is registered"
    )

    owe(acme)
    drain()
    [look] = looks()
    for seconds in (1, 2, 3):
        reconciliations.owe_after_gap(connection, look.started_at + timedelta(seconds=seconds))
    assert connection.works["reading"].due_at == look.started_at + timedelta(minutes=1)

    later = look.started_at + timedelta(minutes=5)
    connection.works["reading"].due_at = later + timedelta(minutes=30)
    reconciliations.owe_after_gap(connection, later)
    assert connection.works["reading"].due_at == later


def test_a_gap_during_a_look_is_looked_into_after_it(acme, links):
    connection, now = acme.connection, utcnow()
    connection.works["reading"].due_at = now - timedelta(seconds=5)
    look = Reconciliation(connection_id=connection.id, generation=connection.generation)
    look.started_at, look.last_link_id, look.looked_at, look.caught = now, 0, 0, 0
    db.session.add(look)
    db.session.flush()

    reconciliations.owe_after_gap(connection, now + timedelta(seconds=1))

    assert connection.works["reading"].due_at == now + timedelta(minutes=1)


def test_a_long_outage_is_followed_by_a_look(acme, drain, links):
    connection = acme.connection
    connection.works["reading"].due_at = utcnow() + timedelta(minutes=40)
    connection.outage_since = utcnow() - timedelta(minutes=5)
    deliver(acme, links[0])

    drain()

    assert [look.looked_at for look in looks()] == [5]


def test_a_paused_or_free_connection_is_not_looked_at(acme, drain, links):
    owe(acme)
    connection = acme.connection
    connection.paused_until = utcnow() + timedelta(minutes=1)
    db.session.commit()
    assert due_drains.due_connections(utcnow()) == []

    connection.paused_until = None
    acme.organization.plan = Plan.FREE
    db.session.commit()
    drain()
    assert looks() == []


@pytest.mark.both_databases
def test_after_an_outage_of_ours_connections_are_looked_at_one_after_the_other(acme):
    now, template = utcnow(), acme.connection
    for number in range(100):
        organization = Organization(name=f"Number {number}", slug=f"number-{number}")
        connection = JiraConnection(
            organization=organization,
            state=template.state,
            cloud_id=template.cloud_id,
            site_url=template.site_url,
            site_name=template.site_name,
            account_id=template.account_id,
            connected_at=now,
        )
        connection.works["reading"].due_at = now + timedelta(minutes=40) if number else None
        db.session.add(connection)
    db.session.flush()
    reconciliations.owe_all(now)

    rows = db.session.query(JiraWork).filter_by(kind="reading").filter(JiraWork.due_at.is_not(None))
    waits = sorted((row.due_at - now).total_seconds() for row in rows)
    assert len(waits) == 99
    assert (waits[0], waits[-1]) == (0, 40)
    assert max(waits.count(each) for each in set(waits)) <= 25


def test_the_hour_differs_between_connections():
    now = utcnow()
    waits = {reconciliations.next_at(each, now) - now for each in range(1, 1000)}

    assert len(waits) > 900
    assert all(timedelta(minutes=50) <= wait <= timedelta(minutes=70) for wait in waits)


def test_only_the_last_looks_are_kept(acme, drain, links):
    for _ in range(60):
        look = Reconciliation(connection_id=acme.connection.id, generation=1, finished_at=utcnow())
        look.started_at = utcnow()
        look.last_link_id = look.looked_at = look.caught = 0
        db.session.add(look)
    owe(acme)
    drain()

    assert len(looks()) == reconciliation.KEPT_ROWS


@pytest.mark.both_databases
def test_old_deliveries_are_pruned(acme, links):
    deliver(acme, *links[:2], received_at=utcnow() - timedelta(days=8))
    deliver(acme, links[0], received_at=utcnow() - timedelta(days=6))

    assert pending.prune(utcnow()) == 2
    assert pending.prune(utcnow()) == 0
    assert db.session.query(WebhookDelivery).count() == 1


def test_an_issue_that_jira_cannot_return_just_now_is_tried_again_for_an_hour(acme, drain, links):
    not_now = {"issues": [], "issueErrors": [{"id": links[0].issue_id, "errorMessage": "Not now."}]}
    acme.jira.control.fault("status", "bulkfetch", status=200, body=not_now)
    deliver(acme, links[0])
    drain()

    assert links[0].state is LinkState.SYNCED
    assert unapplied() == 1
    assert not due_drains.connection_is_due(acme.connection.id, utcnow())
    with time_machine.travel(utcnow() + timedelta(minutes=61)):
        drain()
    assert unapplied() == 0
