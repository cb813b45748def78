"""A drain, from due links to issues in Jira, over real HTTP."""

from datetime import timedelta

import pytest
import time_machine
from flask import current_app
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira import adf
from app.models import (
    ActionItem,
    AssigneeNote,
    CheckState,
    ConnectionState,
    EntryState,
    FailureCode,
    LinkState,
    Plan,
    ProjectMapping,
    SyncEntry,
)
from app.services.mail import blocked_notices
from app.services.outbound import links
from app.services.owed import pushes
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

PROPERTY = "unpack.action-item"


def committed(acme, drain):
    acme.commit_items()
    drain()


def by_title(acme, title):
    return next(link for link in acme.links if link.action_item.title.startswith(title))


def test_every_item_becomes_one_issue_that_says_whose_it_is(acme, drain):
    committed(acme, drain)

    issues = {issue["properties"][PROPERTY]["link"]: issue for issue in acme.issues()}
    assert len(issues) == 5
    for link in acme.links:
        issue = issues[link.public_id]
        assert link.state is LinkState.SYNCED
        assert link.issue_key == issue["key"]
        assert issue["fields"]["summary"] == link.action_item.title
        assert link.browse_url == f"{acme.connection.site_url}/browse/{issue['key']}"


def test_the_fields_of_an_item_arrive(acme, drain):
    committed(acme, drain)

    link = by_title(acme, "Add a canary stage")
    fields = acme.jira.control.issue(link.issue_key)["fields"]
    text = adf.text_of(fields["description"])
    assert fields["duedate"] == link.action_item.due_on.isoformat()
    assert "Send 5 % of the traffic to a new release first" in text
    assert text.rstrip().endswith("From the retrospective “Sprint 14 Retro” in Unpack")


def test_a_commit_of_five_items_costs_five_requests_when_everything_is_known(acme, drain):
    committed(acme, drain)
    people = {item.assignee_id for item in acme.items if item.assignee_id}
    cold = acme.jira.control.counters()["total"]
    for item in acme.items:
        links.create_again(item)
    db.session.commit()
    acme.jira.control.clear_requests()

    drain()

    assert cold <= 5 + len(people) + 2
    assert acme.jira.control.counters()["total"] == 5


def test_committing_twice_creates_nothing_twice(acme, drain):
    committed(acme, drain)
    committed(acme, drain)

    assert len(acme.issues()) == 5


def test_an_assignee_whom_jira_does_not_know_is_left_out_and_the_item_says_so(acme, drain):
    committed(acme, drain)

    link = by_title(acme, "Rotate the on-call")
    assert link.action_item.assignee.name == "Tom Becker"
    assert link.assignee_note is AssigneeNote.NOT_FOUND
    assert acme.jira.control.issue(link.issue_key)["fields"].get("assignee") is None


def test_an_edit_sends_only_the_field_that_differs(acme, drain):
    committed(acme, drain)
    item = acme.items[0]
    item.title = "Add a canary stage to every pipeline"
    links.item_edited(item)
    db.session.commit()
    acme.jira.control.clear_requests()

    drain()

    [request] = acme.jira.control.requests()
    assert request["operation"] == "edit"
    issue = acme.jira.control.issue(links.active_link(item).issue_key)
    assert issue["fields"]["summary"] == "Add a canary stage to every pipeline"


def test_an_edit_that_changes_nothing_sends_nothing(acme, drain):
    committed(acme, drain)
    links.item_edited(acme.items[0])
    db.session.commit()
    acme.jira.control.clear_requests()

    drain()

    assert acme.jira.control.requests() == []
    assert acme.links[0].state is LinkState.SYNCED


def test_a_create_whose_answer_never_came_is_found_and_not_made_again(acme, drain):
    acme.jira.control.fault("drop_after", "create", times=2)
    acme.commit_items()

    drain()

    assert len(acme.issues()) == 5
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert len({link.issue_id for link in acme.links}) == 5


def test_a_create_that_jira_never_did_is_made_after_two_empty_probes(acme, drain):
    acme.jira.control.fault("error", "create", times=1)
    acme.commit_items()

    drain()

    assert len(acme.issues()) == 5
    assert len(acme.jira.control.requests("search")) == 2


def test_without_a_view_of_the_project_an_unknown_create_stays_unknown(acme, drain):
    committed(acme, drain)
    links.create_again(acme.items[0])
    db.session.commit()
    acme.jira.control.fault("error", "create", times=1)
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")

    drain()

    unknown = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    assert [link.failure_code for link in unknown] == [FailureCode.OUTCOME_UNSEEN]
    assert all(link.stamped for link in unknown)


def test_a_missing_permission_is_named_and_given_up_after_three_retries(acme, drain):
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    acme.commit_items()

    drain()

    link = acme.links[0]
    entry = db.session.query(SyncEntry).filter_by(issue_link_id=link.id).one()
    assert link.state is LinkState.ERROR
    assert link.failure_code is FailureCode.MAY_NOT_CREATE
    assert (entry.state, len(entry.attempts)) == (EntryState.ERROR, 4)
    assert entry.attempts[0].trace_id


def test_a_refused_create_has_its_mapping_checked_and_admins_told(acme, drain, work):
    mapping = acme.map_to("PLAT")
    mapping.check_state, mapping.checked_at = CheckState.READY, utcnow() - timedelta(hours=1)
    db.session.commit()
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    acme.commit_items()

    drain()
    work()

    checked = db.session.scalars(select(ProjectMapping)).one()
    assert checked.check_state is CheckState.BLOCKED
    assert checked.check_wanted_at is None
    assert blocked_notices.owed_connections(utcnow()) == [acme.connection.id]


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


def test_an_issue_deleted_in_jira_is_told_and_not_created_again_by_an_edit(acme, drain):
    committed(acme, drain)
    item = acme.items[0]
    acme.jira.control.delete_issue(links.active_link(item).issue_key)
    item.title = "Something else"
    links.item_edited(item)
    db.session.commit()

    drain()

    assert links.active_link(item).state is LinkState.DELETED
    assert len(acme.issues()) == 4


def test_create_again_makes_a_new_issue_for_a_deleted_one(acme, drain):
    committed(acme, drain)
    item = acme.items[0]
    acme.jira.control.delete_issue(links.active_link(item).issue_key)
    links.create_again(item)
    db.session.commit()

    drain()

    assert len(acme.issues()) == 5
    assert links.active_link(item).state is LinkState.SYNCED


def test_fifty_items_go_in_eight_bulks_each_tied_to_its_own_issue(acme, drain):
    for number in range(45):
        db.session.add(ActionItem(retrospective=acme.retrospective, title=f"Item {number}"))
    acme.jira.control.set(shuffle_bulk=True)

    committed(acme, drain)

    titles = {issue["key"]: issue["fields"]["summary"] for issue in acme.issues()}
    assert len(titles) == 50
    assert all(titles[link.issue_key] == link.action_item.title for link in acme.links)
    assert len(acme.jira.control.requests("create_bulk")) == 8


def test_a_type_without_an_assignee_on_its_screen_still_gets_its_issues(acme, drain):
    acme.map_to("DES", "Illustration")

    committed(acme, drain)

    assert len(acme.issues()) == 5
    link = by_title(acme, "Rotate the on-call")
    assert link.assignee_note is AssigneeNote.NOT_ON_SCREEN


def test_a_required_field_that_we_cannot_fill_is_named(acme, drain):
    acme.map_to("OPS", "Change")

    committed(acme, drain)

    link = acme.links[0]
    assert link.failure_code is FailureCode.REQUIRED_FIELD
    assert len(link.failure_fields) == 1


def test_items_without_a_project_wait_and_go_out_when_one_is_chosen(acme, drain):
    db.session.query(ProjectMapping).delete()
    committed(acme, drain)
    assert {link.failure_code for link in acme.links} == {FailureCode.NOT_MAPPED}

    acme.map_to("PLAT")
    pushes.mappings_changed(acme.organization.id)
    db.session.commit()
    drain()

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


def test_a_moved_issue_keeps_its_link_and_shows_its_new_key(acme, drain):
    committed(acme, drain)
    item = acme.items[0]
    moved = acme.jira.control.move_issue(links.active_link(item).issue_key, "MOB")
    item.title = "Something else"
    links.item_edited(item)
    db.session.commit()

    drain()

    assert links.active_link(item).issue_key == moved["key"]
    assert moved["key"].startswith("MOB-")


def test_a_rate_limit_while_permissions_are_asked_pauses_the_connection(acme, drain):
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    acme.jira.control.fault("rate_limit", "mypermissions", times=1, retry_after=60)
    acme.commit_items()

    drain()

    assert acme.connection.paused_until > utcnow() + timedelta(seconds=50)
    assert {link.state for link in acme.links} == {LinkState.RETRYING}


def test_near_the_rate_limit_creates_go_first_and_updates_wait(acme, drain):
    committed(acme, drain)
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


def test_what_was_unlinked_stays_unlinked_when_commit_is_entered_again(acme, drain):
    committed(acme, drain)
    links.unlink(acme.items[0])
    db.session.commit()

    committed(acme, drain)

    assert len(acme.issues()) == 5
    assert links.active_link(acme.items[0]) is None


def test_an_item_deleted_during_its_create_still_gets_its_key(acme, drain):
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(current_app.config, "SYNC_PROBE_DELAYS", (600.0, 600.0))
        drain()
    [unknown] = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    item = unknown.action_item
    item.deleted_at = utcnow()
    links.item_deleted(item)
    db.session.commit()

    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        drain()

    link = links.active_link(item)
    assert link.issue_key
    assert link.state is LinkState.SYNCED
    assert link.due_at is None
