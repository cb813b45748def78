"""A Jira that asks to slow down is left in peace, and nothing of it counts as a try."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, AssigneeNote, LinkState
from app.services.outbound import links
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def test_a_rate_limit_pauses_the_connection_and_uses_up_no_try(acme, drain):
    acme.jira.control.fault("rate_limit", "create", times=1, retry_after=60)
    acme.commit_items()

    drain()

    assert acme.connection.paused_until is not None
    with time_machine.travel(acme.connection.paused_until):
        drain()
    assert len(acme.issues()) == 5
    assert {link.tries for link in acme.links} == {0}


def test_a_rate_limit_while_owners_are_looked_up_sends_nothing_until_it_is_over(acme, drain):
    acme.jira.control.fault("rate_limit", "assignable_search", times=1, retry_after=60)
    acme.commit_items()

    drain()
    assert acme.issues() == []

    with time_machine.travel(acme.connection.paused_until):
        drain()
    assert len(acme.issues()) == 5
    assert [link.assignee_note for link in acme.links].count(AssigneeNote.NOT_LOOKED_UP) == 0


def test_a_rate_limit_while_permissions_are_asked_pauses_the_connection(acme, drain):
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    acme.jira.control.fault("rate_limit", "mypermissions", times=1, retry_after=60)
    acme.commit_items()

    drain()

    assert acme.connection.paused_until > utcnow() + timedelta(seconds=50)
    assert {link.state for link in acme.links} == {LinkState.RETRYING}


def test_near_the_rate_limit_creates_go_first_and_updates_wait(acme, drain):
    acme.commit_items()
    drain()
    item = acme.items[0]
    item.title = "Something else"
    links.item_edited(item)
    db.session.add(ActionItem(retrospective=acme.retrospective, title="One more"))
    acme.connection.near_limit_until = utcnow() + timedelta(minutes=1)
    acme.commit_items()

    drain()

    assert len(acme.issues()) == 6
    assert links.active_link(item).state is LinkState.WAITING
    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        drain()
    assert links.active_link(item).state is LinkState.SYNCED
