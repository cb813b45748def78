"""A drain whose token, grant, site or plan is gone: what is due waits, and nothing is failed."""

import pytest

from app.extensions import db
from app.models import ActionItem, ConnectionState, FailureCode, LinkState, Plan, WorkKind
from app.services.outbound import links
from app.services.owed import metadata_reads
from app.services.retrospectives import action_items
from app.services.retrospectives.action_items import ActionItemFields
from jobs import refresh_metadata
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def test_an_expired_token_is_refreshed_once_and_the_items_go_out(acme, drain):
    acme.jira.control.expire_access_tokens()
    acme.commit_items()

    drain()

    assert len(acme.issues()) == 5
    assert acme.jira.control.grants()[0]["refreshes"] == 1


def test_a_revoked_grant_needs_a_reconnect_and_the_items_wait_untouched(acme, drain):
    acme.jira.control.revoke()
    acme.commit_items()

    drain()

    assert acme.connection.state is ConnectionState.NEEDS_RECONNECT
    assert {link.state for link in acme.links} == {LinkState.WAITING}
    acme.connect()
    drain()
    assert len(acme.issues()) == 5


def test_a_site_that_is_gone_is_told_apart_from_a_dead_grant(acme, drain):
    acme.jira.control.remove_site("acme-eng")
    acme.commit_items()

    drain()

    assert acme.connection.state is ConnectionState.SITE_UNAVAILABLE


def test_one_stray_404_of_something_before_jira_stops_nothing(acme, drain):
    acme.jira.control.fault("status", "create", status=404, body="<html>Not here</html>", times=1)
    acme.commit_items()

    drain()

    assert acme.connection.connected
    assert len(acme.issues()) == 5


def test_a_downgrade_to_free_holds_everything(acme, drain):
    acme.commit_items()
    acme.organization.plan = Plan.FREE
    db.session.commit()

    drain()
    assert acme.issues() == []

    acme.organization.plan = Plan.PRO
    db.session.commit()
    drain()
    assert len(acme.issues()) == 5


def test_a_404_of_something_before_jira_that_stays_stops_its_own_kind_alone(acme, drain):
    acme.commit_items()
    drain()
    acme.jira.control.fault("status", "edit", status=404, body="<html>Not here</html>")
    late = acme.links[0].action_item
    action_items.edit(late, ActionItemFields("Renamed", late.description))
    new = ActionItem(retrospective=acme.retrospective, title="Another")
    db.session.add(new)
    db.session.flush()
    links.request_sync(late)
    links.request_sync(new)

    drain()

    assert acme.connection.connected
    assert acme.connection.outage_since is None
    assert len(acme.issues()) == 6
    stopped = links.active_link(late)
    assert (stopped.state, stopped.failure_code) == (LinkState.ERROR, FailureCode.TURNED_AWAY)
    assert links.active_link(new).state is LinkState.SYNCED
    acme.jira.control.clear_faults()
    links.retry(links.active_link(late))
    drain()
    assert acme.jira.control.issue(stopped.issue_key)["fields"]["summary"] == "Renamed"


def test_metadata_that_is_stopped_before_jira_stops_no_connection(acme, drain):
    acme.jira.control.fault("status", "mypermissions", status=404, body="<html>Not here</html>")
    metadata_reads.owe_checks(acme.connection)
    connection_id = acme.connection.id
    db.session.commit()

    refresh_metadata.run(connection_id)

    db.session.expire_all()
    assert acme.connection.connected
    work = acme.connection.works[WorkKind.METADATA]
    assert work.error == (
        "Jira answers, but something between Unpack and Jira stops this request (404)."
    )
    assert work.not_before is not None
