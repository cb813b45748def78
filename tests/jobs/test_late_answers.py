"""A drain that was frozen while others took over: what it brings back late must change nothing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.drain import claiming, drain_lease
from app.extensions import db
from app.models import LinkState
from app.services.grants.clients import client_for
from app.services.grants.tokens import access_token_of
from app.services.outbound import links, send
from app.services.work import leases
from tests.support.claims import CLAIM, SCREEN, plan

pytestmark = pytest.mark.environment(
    SYNC_PROBE_DELAYS="15,30", SYNC_RETRY_DELAYS="1,1,1", SYNC_EDIT_DELAYS="0,0"
)

PROPERTY = "unpack.action-item"


@pytest.fixture
def overtaken(acme, beside_a_drain) -> Callable[[str], None]:
    """Runs a drain whose first request of one operation takes long, and takes over meanwhile."""

    def take_over() -> None:
        with time_machine.travel(utcnow() + timedelta(minutes=2)):
            successor = drain_lease.take(acme.connection.id)
            assert successor
            claiming.recover(successor)
            leases.release(successor)
            db.session.commit()

    return lambda operation: beside_a_drain(operation, take_over)


def test_a_late_failure_does_not_undo_what_is_settled(acme, drain, overtaken):
    acme.commit_items()
    drain()
    item = acme.items[0]
    item.title = "Edited"
    links.item_edited(item)
    db.session.commit()
    acme.jira.control.fault("error", "edit", times=1)
    before = links.active_link(item).tries

    overtaken("edit")

    link = links.active_link(item)
    assert (link.tries, link.failure_code) == (before, None)
    assert link.state is LinkState.WAITING


@pytest.mark.usefixtures("one_by_one")
def test_a_late_success_leaves_the_unknown_create_to_the_probe(acme, drain, overtaken):
    acme.commit_items()

    overtaken("create")

    stamped = [link for link in acme.links if link.stamped]
    assert [link.state for link in stamped] == [LinkState.UNKNOWN]
    with time_machine.travel(utcnow() + timedelta(minutes=4)):
        drain()
    issues = {issue["id"]: issue["properties"][PROPERTY]["link"] for issue in acme.issues()}
    assert {link.issue_id: link.public_id for link in acme.links} == issues


def test_a_late_look_into_jira_does_not_count_as_one_of_two(acme, drain, overtaken):
    acme.jira.control.fault("drop_before", "create", times=1)
    acme.commit_items()
    drain()
    [unknown] = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    unknown.not_before = utcnow()
    db.session.commit()

    overtaken("search")

    [link] = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    assert link.empty_probes == 0


def test_what_could_not_leave_in_time_does_not_leave(acme):
    connection_id = acme.connection.id
    db.session.commit()
    client = client_for(access_token_of(connection_id), before_request=send.before_request)
    late = utcnow() - timedelta(seconds=1)

    assert send.send(client, [plan(CLAIM, SCREEN, None)], late) == []
    assert send.send(client, [plan(CLAIM, SCREEN, None)] * 2, late) == []
    assert acme.jira.control.requests() == []
