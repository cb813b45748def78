"""What comes back from Jira: deliveries applied by a drain, over real HTTP."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import (
    CompletedIn,
    ConnectionState,
    EntryState,
    FailureCode,
    LinkState,
    Operation,
    Plan,
)
from app.services.outbound import links
from app.services.retrospectives import action_items
from app.services.schedule import due_drains
from tests.support.inbound import deliver, log_of, settings_of, unapplied
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def moved_to(acme, link, status):
    acme.jira.control.transition_issue(link.issue_key, status)
    deliver(acme, link)


@pytest.mark.both_databases
def test_done_in_jira_completes_the_item_and_back_again_reopens_it(acme, drain, link):
    moved_to(acme, link, "Done")
    drain()

    item = link.action_item
    assert item.completed_in is CompletedIn.JIRA
    assert utcnow() - timedelta(minutes=1) < item.completed_at <= utcnow()
    assert (link.status_category, link.status_name) == ("done", "Done")

    moved_to(acme, link, "In Progress")
    drain()

    assert not item.complete
    assert item.completed_in is None
    assert log_of(link) == [Operation.COMPLETE, Operation.REOPEN]
    assert unapplied() == 0


def test_whoever_watches_the_item_gets_to_know_of_it(acme, drain, link):
    before = (link.revision, link.action_item.updated_at)
    moved_to(acme, link, "Done")
    drain()

    assert link.revision > before[0]
    assert link.action_item.updated_at > before[1]


def test_what_a_person_completed_here_jira_never_reopens(acme, drain, link):
    action_items.complete(link.action_item, acme.retrospective.facilitator)
    moved_to(acme, link, "Done")
    drain()
    moved_to(acme, link, "To Do")
    drain()

    assert link.action_item.completed_in is CompletedIn.UNPACK
    assert log_of(link) == []


def test_what_a_person_reopened_stays_open_until_the_issue_changes_again(acme, drain, link):
    moved_to(acme, link, "Done")
    drain()
    action_items.reopen(link.action_item)
    acme.jira.control.edit_issue(link.issue_key, summary="Something else")
    deliver(acme, link)
    drain()
    assert not link.action_item.complete

    moved_to(acme, link, "To Do")
    drain()
    moved_to(acme, link, "Done")
    drain()
    assert link.action_item.completed_in is CompletedIn.JIRA


def test_out_of_done_and_back_between_two_looks_is_a_change_too(acme, drain, link):
    moved_to(acme, link, "Done")
    drain()
    action_items.reopen(link.action_item)
    with time_machine.travel(utcnow() + timedelta(minutes=1)):
        acme.jira.control.transition_issue(link.issue_key, "To Do")
        moved_to(acme, link, "Done")
        drain()

    assert link.action_item.completed_in is CompletedIn.JIRA


def test_repeated_and_late_deliveries_change_nothing(acme, drain, link):
    moved_to(acme, link, "Done")
    drain()
    deliver(acme, link, received_at=utcnow() - timedelta(hours=1))
    deliver(acme, link)
    revision = link.revision
    drain()

    assert link.revision == revision
    assert log_of(link) == [Operation.COMPLETE]


def test_many_deliveries_for_an_issue_are_one_look(acme, drain, link):
    acme.jira.control.transition_issue(link.issue_key, "Done")
    deliver(acme, *[link] * 50, *acme.links)
    drain()

    assert acme.jira.control.counters()["total"] == 1
    assert unapplied() == 0


def test_an_issue_of_nobody_is_not_read(acme, drain, link):
    deliver(acme, link, issue_id="99999")
    drain()

    assert acme.jira.control.requests() == []
    assert unapplied() == 0


def test_an_unlinked_and_a_deleted_item_hear_nothing(acme, drain, link):
    other = acme.links[1]
    links.unlink(link.action_item)
    action_items.delete(other.action_item, acme.retrospective.facilitator)
    for each in (link, other):
        moved_to(acme, each, "Done")
    drain()

    assert not link.action_item.complete
    assert not other.action_item.complete
    assert unapplied() == 0


def test_a_deleted_issue_is_told_and_its_pending_edit_waits(acme, drain, link):
    acme.jira.control.delete_issue(link.issue_key)
    deliver(acme, link)
    drain()

    assert link.state is LinkState.DELETED
    assert log_of(link) == [Operation.DISAPPEAR]
    assert len(acme.jira.control.requests("mypermissions")) == 1


def test_issues_out_of_sight_are_not_deleted_and_come_back(acme, drain, link):
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")
    deliver(acme, *acme.links)
    drain()

    assert {each.state for each in acme.links} == {LinkState.UNSEEN}
    assert len(acme.jira.control.requests("mypermissions")) == 1

    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT", on=False)
    deliver(acme, *acme.links)
    drain()

    assert {each.state for each in acme.links} == {LinkState.SYNCED}
    assert log_of(link) == [Operation.DISAPPEAR, Operation.REAPPEAR]
    assert acme.jira.control.requests("edit") == []


def test_an_edit_made_while_the_issue_was_out_of_sight_goes_out_after_all(acme, drain, link):
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")
    deliver(acme, link)
    drain()
    fields = action_items.ActionItemFields("Renamed", link.action_item.description)
    action_items.edit(link.action_item, fields)
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT", on=False)
    deliver(acme, link)
    drain()

    assert acme.jira.control.issue(link.issue_key)["fields"]["summary"] == "Renamed"
    assert link.state is LinkState.SYNCED


def test_a_moved_issue_shows_its_new_key(acme, drain, link):
    moved = acme.jira.control.move_issue(link.issue_key, "MOB")
    deliver(acme, link)
    drain()

    assert link.issue_key == moved["key"]
    assert link.state is LinkState.SYNCED
    assert log_of(link) == [Operation.MOVE]


def test_what_jira_cannot_tell_just_now_waits_and_is_right_afterwards(acme, drain, link):
    moved_to(acme, link, "Done")
    acme.jira.control.set(down=True)
    drain()

    assert unapplied() == 1
    assert not link.action_item.complete
    assert acme.connection.outage_since is not None
    assert not due_drains.connection_is_due(acme.connection.id, utcnow())

    acme.jira.control.set(down=False)
    with time_machine.travel(utcnow() + timedelta(minutes=1)):
        assert due_drains.due_connections(utcnow()) == [acme.connection.id]
        drain()
    assert link.action_item.complete
    assert acme.connection.outage_since is None


def test_the_next_success_lets_go_what_waits(acme, drain, link):
    acme.jira.control.fault("unavailable", "bulkfetch", times=1)
    moved_to(acme, link, "Done")
    drain()
    assert unapplied() == 1

    links.request_sync(acme.links[1].action_item)
    acme.links[1].action_item.title = "Renamed"
    db.session.commit()
    drain()
    assert link.action_item.complete


def test_a_rate_limit_pauses_the_connection_and_deliveries_wait(acme, drain, link):
    acme.jira.control.fault("rate_limit", "bulkfetch", times=1, retry_after=60)
    moved_to(acme, link, "Done")
    drain()

    assert acme.connection.paused_until is not None
    assert not link.action_item.complete
    with time_machine.travel(acme.connection.paused_until):
        drain()
    assert link.action_item.complete


def test_an_expired_token_is_refreshed_on_the_way(acme, drain, link):
    moved_to(acme, link, "Done")
    acme.jira.control.expire_access_tokens()
    drain()

    assert link.action_item.complete


def test_after_a_revoked_grant_deliveries_wait_for_the_reconnect(acme, drain, link):
    moved_to(acme, link, "Done")
    acme.jira.control.revoke()
    drain()
    assert acme.connection.state is ConnectionState.NEEDS_RECONNECT
    assert unapplied() == 1

    acme.connect()
    drain()
    assert link.action_item.complete


def test_free_and_switched_off_hold_deliveries_and_nothing_rings(acme, drain, link):
    moved_to(acme, link, "Done")
    acme.organization.plan = Plan.FREE
    db.session.commit()
    assert due_drains.due_connections(utcnow()) == []
    drain()
    assert unapplied() == 1

    acme.organization.plan = Plan.PRO
    settings_of(acme).webhooks_enabled = False
    db.session.commit()
    assert due_drains.due_connections(utcnow()) == []
    drain()
    assert not link.action_item.complete

    settings_of(acme).webhooks_enabled = True
    db.session.commit()
    assert due_drains.due_connections(utcnow()) == [acme.connection.id]
    drain()
    assert link.action_item.complete


@pytest.mark.environment(SYNC_RETRY_DELAYS="600,600,600")
def test_an_issue_that_goes_out_of_sight_while_it_is_retried_is_one_line(acme, drain, link):
    acme.jira.control.fault("error", "edit")
    action_items.edit(link.action_item, action_items.ActionItemFields("Renamed"))
    links.request_sync(link.action_item)
    drain()
    assert link.state is LinkState.RETRYING
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")
    deliver(acme, link)

    drain()

    assert link.state is LinkState.UNSEEN
    assert log_of(link) == []
    [entry] = [each for each in link.entries if each.operation is Operation.UPDATE]
    assert (entry.state, entry.failure_code) == (EntryState.ERROR, FailureCode.MAY_NOT_BROWSE)
