"""Keeping the webhook: whatever happens, Jira holds exactly those that should exist."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, Webhook
from app.services.owed import webhook_upkeep
from app.services.schedule import tick
from app.services.webhooks.desired import EVENTS, FIELD_IDS
from tests.support.connected import ENG_CLOUD
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


@pytest.mark.both_databases
def test_switched_on_off_and_on_again(acme, keep):
    switch(acme, on=True)
    connection = keep()
    [webhook] = acme.jira.control.webhooks()
    [row] = db.session.scalars(db.select(Webhook))
    assert (webhook["url"], webhook["jqlFilter"]) == (URL, 'project IN ("PLAT")')
    assert set(webhook["events"]) == set(EVENTS)
    assert set(webhook["fieldIdsFilter"]) == set(FIELD_IDS)
    assert webhook["issuePropertyKeysFilter"] == ["unpack.webhook-test"]
    assert (row.webhook_id, row.project_keys, row.url) == (webhook["id"], ["PLAT"], URL)
    assert abs(row.expires_at.timestamp() - webhook["expires_at"]) < 60
    assert connection.works["reading"].due_at is not None

    switch(acme, on=False)
    connection = keep()
    assert (in_jira(acme), recorded(acme)) == ([], [])
    assert (connection.works["reading"].due_at, connection.works["webhook"].due_at) == (None, None)

    switch(acme, on=True)
    keep()
    assert recorded(acme) == ids_in_jira(acme) == [webhook["id"] + 1]


def test_another_project_is_another_webhook_new_first_then_the_old_one_goes(on, keep):
    on.map_to("OPS")
    webhook_upkeep.owe_upkeep(on.connection)

    keep()

    assert in_jira(on) == [(URL, 'project IN ("OPS")')]
    assert recorded(on) == ids_in_jira(on)
    asked = [each["operation"] for each in on.jira.control.requests()]
    assert asked == ["webhook_list", "webhook_register", "webhook_delete"]


def test_issues_that_are_linked_elsewhere_are_heard_of_too(on, keep):
    issue = on.jira.control.create_issue("MOB", "Elsewhere")
    db.session.add(
        IssueLink(
            action_item=on.items[0],
            connection=on.connection,
            cloud_id=ENG_CLOUD,
            issue_id=issue["id"],
            issue_key=issue["key"],
        )
    )
    webhook_upkeep.owe_upkeep(on.connection)

    keep()

    assert in_jira(on) == [(URL, 'project IN ("MOB", "PLAT")')]


def test_an_issue_that_was_still_on_its_way_to_another_project_is_heard_of(on, keep, drain):
    on.map_to("OPS")
    on.commit_items()
    assert bells(utcnow()) == []
    drain()
    on.map_to("PLAT")
    assert bells(utcnow()) == [on.connection.id]

    keep()

    assert in_jira(on) == [(URL, 'project IN ("OPS", "PLAT")')]


def test_when_all_is_well_jira_is_asked_once_a_day(on, keep):
    due_at = on.connection.works["webhook"].due_at
    assert timedelta(hours=21) < due_at - utcnow() <= DAY

    keep()
    assert on.jira.control.requests() == []
    assert bells(utcnow()) == []
    assert bells(due_at) == [on.connection.id]

    connection = keep(after=DAY)
    assert [each["operation"] for each in on.jira.control.requests()] == ["token", "webhook_list"]
    assert connection.works["webhook"].due_at > due_at


def test_a_webhook_near_its_end_is_renewed(on, keep):
    on.jira.control.age_webhooks(days=18.9)
    keep(after=DAY)
    assert on.jira.control.requests("webhook_refresh") == []

    on.jira.control.age_webhooks(days=1.2)
    webhook_upkeep.owe_upkeep(on.connection)
    keep()

    [webhook] = on.jira.control.webhooks()
    [row] = db.session.scalars(db.select(Webhook))
    assert webhook["expires_at"] > (utcnow() + timedelta(days=29)).timestamp()
    assert abs(row.expires_at.timestamp() - webhook["expires_at"]) < 60


@pytest.mark.parametrize("trouble", ["lost", "expired"])
def test_a_webhook_that_is_gone_is_registered_anew_and_what_was_missed_looked_for(
    on, keep, trouble
):
    before = recorded(on)
    reconciliation_before = on.connection.works["reading"].due_at
    if trouble == "lost":
        on.jira.control.delete_webhooks()
    else:
        on.jira.control.age_webhooks(days=31)

    connection = keep(after=DAY)

    assert recorded(on) == ids_in_jira(on) != before
    assert len(in_jira(on)) == 1
    assert connection.works["reading"].due_at > reconciliation_before


def test_settings_saved_while_jira_is_down_are_brought_about_later(acme, keep):
    acme.jira.control.set(down=True)
    switch(acme, on=True)

    connection = keep()
    assert connection.works["webhook"].error == "Jira did not answer."
    waits = [connection.works["webhook"].due_at - utcnow()]
    for _ in range(3):
        connection = keep(after=connection.works["webhook"].due_at - utcnow())
        waits.append(connection.works["webhook"].due_at - utcnow())
    assert waits == sorted(waits)

    acme.jira.control.set(down=False)
    connection = keep(after=connection.works["webhook"].due_at - utcnow())
    assert recorded(acme) == ids_in_jira(acme)
    assert len(in_jira(acme)) == 1
    assert (connection.works["webhook"].error, connection.works["webhook"].failures) == (None, 0)


def test_what_jira_refuses_inside_its_200_is_told_in_its_words(acme, keep):
    acme.map_to("OPS")
    acme.jira.control.remove_project("OPS")
    switch(acme, on=True)

    connection = keep()

    assert "does not exist" in connection.works["webhook"].error
    assert connection.works["webhook"].error.startswith("Jira refused the webhook. It said: “")
    assert connection.connected
    assert in_jira(acme) == []


def test_a_registration_whose_answer_was_lost_is_found_and_not_made_again(acme, keep):
    acme.jira.control.fault("drop_after", "webhook_register", times=1)
    switch(acme, on=True)
    keep()
    assert len(ids_in_jira(acme)) == 1
    assert recorded(acme) == []

    connection = keep(after=timedelta(minutes=2))

    assert recorded(acme) == ids_in_jira(acme)
    assert len(recorded(acme)) == 1
    assert connection.works["reading"].due_at is not None


def test_a_deletion_that_failed_is_made_up_for(on, keep):
    on.jira.control.fault("drop_before", "webhook_delete", times=1)
    on.map_to("OPS")
    webhook_upkeep.owe_upkeep(on.connection)
    keep()
    assert len(in_jira(on)) == 2

    keep(after=timedelta(minutes=2))

    assert in_jira(on) == [(URL, 'project IN ("OPS")')]
    assert recorded(on) == ids_in_jira(on)


def test_five_stale_ones_make_room(acme, keep):
    for key in ("MOB", "OPS", "DES", "FIN", "TPL"):
        orphan(acme, key)
    switch(acme, on=True)

    keep()

    assert in_jira(acme) == [(URL, 'project IN ("PLAT")')]
    assert recorded(acme) == ids_in_jira(acme)


def test_stale_ones_are_cleaned_up_also_where_none_is_wanted(acme, keep):
    orphan(acme, "PLAT")
    webhook_upkeep.owe_upkeep(acme.connection)

    keep()

    assert in_jira(acme) == []


def test_another_public_url_takes_the_place_of_the_old_one(on, keep, app):
    first, second = on.connection.id, second_organization(on).id
    keep(second)
    app.config["PUBLIC_URL"] = "https://unpack.now.test"

    tick.clean_up(utcnow())
    assert bells(utcnow()) == [first, second]
    for connection_id in (first, second, first):
        keep(connection_id)

    new = "https://unpack.now.test/webhooks/jira"
    assert sorted(in_jira(on)) == [(new, 'project IN ("MOB")'), (new, 'project IN ("PLAT")')]
    assert recorded(on) == ids_in_jira(on)
