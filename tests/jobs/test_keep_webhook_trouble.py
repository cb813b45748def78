"""Keeping the webhook while grant, plan or projects are not as they were, or Jira has troubles."""

from datetime import timedelta

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, IssueLink, JiraProject, Plan
from app.services.connection import organization_plan
from app.services.grants import tokens
from app.services.owed import webhook_upkeep
from app.services.webhooks import owed
from tests.support.connected import ENG_CLOUD
from tests.support.webhooks import DAY, URL, bells, ids_in_jira, in_jira, recorded, switch


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
