"""On hold, what Jira has and the restored database forgot is given back to its action items."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, IssueLink, LinkState, Outcome, SyncAttempt
from app.models.field_note import NoteReason, notes_of
from app.services.grants import clients
from app.services.outbound import links
from tests.jobs.restored.after_restoring import PROPERTY, assert_each_has_its_own, write, written
from tests.jobs.values_of_kind import chosen, with_one_item
from tests.support.restored import Backup
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.both_databases]


@pytest.fixture
def released(acme, drain, hold, searched, flask_jira):
    """From the restore to the release, and everything that goes out by itself after it."""

    def go() -> str:
        hold()
        acme.jira.control.clear_requests()
        searched()
        assert written(acme) == []
        result = flask_jira("release")
        assert result.exit_code == 0, result.output
        drain()
        return result.output

    return go


def test_issues_of_a_commit_after_the_backup_are_found_by_their_item(acme, drain, released):
    backup = Backup.make()
    acme.commit_items()
    drain()
    created = {link.public_id: link.issue_id for link in acme.links}

    backup.restore()
    assert acme.links == []
    released()

    assert {link.public_id: link.issue_id for link in acme.links} == created
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    found = db.session.query(SyncAttempt).filter_by(outcome=Outcome.ADOPTED).count()
    assert found == 5
    acme.commit_items()
    drain()
    assert written(acme) == []
    assert_each_has_its_own(acme)


def test_links_that_were_due_are_tied_to_what_they_have_become(acme, drain, released):
    acme.commit_items()
    backup = Backup.make()
    drain()

    backup.restore()
    assert {link.issue_id for link in acme.links} == {None}
    released()

    assert written(acme) == []
    assert {(link.state, link.due_at) for link in acme.links} == {(LinkState.SYNCED, None)}
    assert_each_has_its_own(acme)


@pytest.mark.usefixtures("one_by_one")
@pytest.mark.environment(SYNC_PROBE_DELAYS="15,0")
def test_creates_that_were_under_way_are_found(acme, drain, released):
    acme.jira.control.fault("drop_after", "create", times=2)
    acme.commit_items()
    drain()
    assert sum(link.stamped for link in acme.links) == 2
    backup = Backup.make()
    with time_machine.travel(utcnow() + timedelta(minutes=1)):
        drain()

    backup.restore()
    released()

    assert written(acme) == []
    assert not any(link.stamped for link in acme.links)
    assert_each_has_its_own(acme)


@pytest.mark.environment(SYNC_PROBE_DELAYS="15,0")
def test_of_a_create_that_was_under_way_it_is_known_what_it_left_without(acme, drain, released):
    field_id = chosen(with_one_item(acme), "select")
    acme.jira.control.remove_field(field_id, "KIND")
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    drain()
    backup = Backup.make()

    backup.restore()
    released()

    [link] = acme.links
    assert {name: each.reason for name, each in notes_of(link).items()} == {
        field_id: NoteReason.NOT_ON_SCREEN
    }
    assert "notes" not in link.snapshot


def test_a_create_that_had_failed_says_nothing_of_the_one_that_came_after_the_backup(
    acme, drain, released
):
    chosen(with_one_item(acme), "select")
    acme.jira.control.demand_field("text", "KIND")
    acme.commit_items()
    drain()
    assert acme.links[0].state is LinkState.ERROR
    backup = Backup.make()
    acme.jira.control.demand_field("text", "KIND", on=False)
    links.retry(acme.links[0])
    drain()
    assert len(acme.issues()) == 1

    backup.restore()
    released()

    [link] = acme.links
    assert (link.state, notes_of(link)) == (LinkState.SYNCED, {})


def test_what_failed_when_the_backup_was_made_and_was_created_since(acme, drain, released):
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    acme.commit_items()
    for _ in range(5):
        drain()
    assert {link.state for link in acme.links} == {LinkState.ERROR}
    backup = Backup.make()
    acme.jira.control.deny("CREATE_ISSUES", "PLAT", on=False)
    for link in acme.links:
        links.retry(link)
    drain()

    backup.restore()
    released()

    assert {(link.state, link.failure_code) for link in acme.links} == {(LinkState.SYNCED, None)}
    assert_each_has_its_own(acme)


def test_whoever_commits_before_the_search_makes_no_second_issues(acme, drain, released):
    backup = Backup.make()
    acme.commit_items()
    drain()
    created = {link.public_id for link in acme.links}

    backup.restore()
    acme.commit_items()
    assert created.isdisjoint(link.public_id for link in acme.links)
    released()

    assert {link.public_id for link in acme.links} == created
    assert_each_has_its_own(acme)
    given_up = db.session.query(IssueLink).filter_by(active=False).all()
    assert {(link.withdrawn, link.due_at) for link in given_up} == {(True, None)}


@pytest.mark.usefixtures("one_by_one")
def test_what_nobody_has_created_goes_out_after_the_release(acme, drain, released):
    backup = Backup.make()
    acme.commit_items()

    backup.restore()
    acme.commit_items()
    released()

    assert len(written(acme)) == 5
    assert_each_has_its_own(acme)


def test_an_action_item_that_is_not_here_has_its_issue_named_and_nothing_else(
    acme, drain, released
):
    backup = Backup.make()
    item = ActionItem(retrospective=acme.retrospective, title="Written after the backup")
    db.session.add(item)
    acme.commit_items()
    drain()
    key = links.active_link(item).issue_key

    backup.restore()
    said = released()

    assert f"5 issues given back; left alone: {key}" in said
    assert len(acme.issues()) == 6
    assert len(acme.links) == len(acme.items) == 5


def test_unlinked_and_synced_again_since_the_backup(acme, drain, released):
    acme.commit_items()
    drain()
    backup = Backup.make()
    item = acme.items[0]
    links.unlink(item)
    links.request_sync(item)
    drain()
    new, item_id = links.active_link(item).issue_key, item.id

    backup.restore()
    released()

    item = db.session.get_one(ActionItem, item_id)
    link = links.active_link(item)
    assert link.issue_key == new
    write(item, title="Another title")
    drain()
    titles = {each["key"]: each["fields"]["summary"] for each in acme.issues()}
    assert [key for key, title in titles.items() if title == "Another title"] == [new]
    assert len(titles) == 6


def test_an_issue_that_names_a_link_which_has_another_is_left_alone(acme, drain, released):
    acme.commit_items()
    drain()
    link = acme.links[0]
    own, value = link.issue_key, {"id": link.action_item.public_id, "link": link.public_id}
    copy = acme.jira.control.create_issue("PLAT", "Copied")["key"]
    connection_id = acme.connection.id
    db.session.commit()
    clients.client_of(connection_id).set_issue_property(copy, PROPERTY, value)

    said = released()

    assert f"0 issues given back; left alone: {copy}" in said
    db.session.expire_all()
    assert acme.links[0].issue_key == own


def test_who_connected_since_the_backup_is_not_known_and_what_they_created_is_found(
    acme, drain, released
):
    backup = Backup.make()
    acme.connect("admin@acme.test")
    acme.commit_items()
    drain()

    backup.restore()
    released()

    assert_each_has_its_own(acme)


def test_an_issue_that_was_moved_since_is_found(acme, drain, released):
    backup = Backup.make()
    acme.commit_items()
    drain()
    moved = acme.jira.control.move_issue(acme.links[0].issue_key, "WEB")["key"]

    backup.restore()
    released()

    assert moved in {link.issue_key for link in acme.links}
    assert_each_has_its_own(acme)


def test_an_item_that_was_deleted_keeps_its_issue_and_nothing_is_sent(acme, drain, released):
    acme.commit_items()
    item = acme.items[0]
    backup = Backup.make()
    drain()

    backup.restore()
    item = db.session.get_one(ActionItem, item.id)
    item.deleted_at = item.updated_at
    links.item_deleted(item)
    db.session.commit()
    released()

    link = links.active_link(db.session.get_one(ActionItem, item.id))
    assert (link.created, link.due_at, link.state) == (True, None, LinkState.SYNCED)
    assert written(acme) == []
