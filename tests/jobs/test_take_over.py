"""Title, due date and assignee as changed in Jira become the action item's, where wanted."""

from datetime import date, timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import AssigneeNote, JiraPerson, MatchState, Operation, SyncEntry, User
from app.services.outbound import links
from app.services.owed import reconciliations
from app.services.sync_log.rows import rows_of
from demo.jira_cloud.catalog.accounts import by_email
from jobs import refresh_metadata
from tests.support.inbound import deliver, listening, log_of, settings_of
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

ALL = {"title": True, "assignee": True, "due_date": True}


@pytest.fixture
def link(acme):
    """Given to somebody whom Jira knows; everything is taken over."""
    listening(acme, **ALL)
    return next(
        each for each in acme.links if each.action_item.assignee_id and each.assignee_note is None
    )


def changed(acme, link, **fields):
    acme.jira.control.edit_issue(link.issue_key, **fields)
    deliver(acme, link)
    acme.jira.control.clear_requests()


def sent(acme):
    return acme.jira.control.requests("edit")


def user(email: str) -> User:
    return db.session.query(User).filter_by(email=email).one()


def matched(acme, email: str) -> User:
    """Let the member's account be known, as a look-up would."""
    person = user(email)
    row = db.session.query(JiraPerson).filter_by(user_id=person.id).one_or_none()
    if row is None:
        row = JiraPerson(connection_id=acme.connection.id, user_id=person.id)
        db.session.add(row)
    row.state, row.account_id, row.found_at = MatchState.MATCHED, by_email(email).id, utcnow()
    db.session.commit()
    return person


@pytest.mark.both_databases
def test_title_and_due_date_come_back_and_nothing_is_sent(acme, drain, link):
    changed(acme, link, summary="Renamed in Jira", duedate="2031-01-15")
    drain()

    item = link.action_item
    assert (item.title, item.due_on) == ("Renamed in Jira", date(2031, 1, 15))
    assert log_of(link) == [Operation.TAKE_OVER]
    links.item_edited(item)
    db.session.commit()
    drain()
    assert sent(acme) == []


def test_without_the_switches_jiras_changes_are_neither_taken_over_nor_overwritten(
    acme, drain, link
):
    settings = settings_of(acme)
    settings.take_over_title = settings.take_over_due_date = settings.take_over_assignee = False
    before = link.action_item.title
    changed(acme, link, summary="Renamed in Jira", duedate="2031-01-15")
    drain()
    link.action_item.description = "Only this differs."
    links.item_edited(link.action_item)
    db.session.commit()
    drain()

    issue = acme.jira.control.issue(link.issue_key)["fields"]
    assert link.action_item.title == before
    assert (issue["summary"], issue["duedate"]) == ("Renamed in Jira", "2031-01-15")
    assert log_of(link) == []


def test_an_echo_of_our_own_write_changes_nothing(acme, drain, link):
    link.action_item.title = "Renamed here"
    links.item_edited(link.action_item)
    db.session.commit()
    drain()
    revision = link.revision
    deliver(acme, link)
    drain()

    assert (link.revision, log_of(link)) == (revision, [])


def test_changed_on_both_sides_ours_wins_and_the_log_says_so_once(acme, drain, link):
    acme.jira.control.deny("EDIT_ISSUES", "PLAT")
    link.action_item.title = "Renamed here"
    links.item_edited(link.action_item)
    db.session.commit()
    drain()
    for words in ("Renamed in Jira", "Renamed in Jira again"):
        changed(acme, link, summary=words)
        drain()
    assert log_of(link) == [Operation.KEEP]

    acme.jira.control.deny("EDIT_ISSUES", "PLAT", on=False)
    links.request_sync(link.action_item)
    db.session.commit()
    drain()
    assert acme.jira.control.issue(link.issue_key)["fields"]["summary"] == "Renamed here"
    assert link.action_item.title == "Renamed here"


def test_a_pending_edit_of_another_field_goes_out_beside_what_comes_back(acme, drain, link):
    item = link.action_item
    acme.jira.control.edit_issue(link.issue_key, summary="Renamed in Jira")
    item.due_on = date(2027, 2, 1)
    links.item_edited(item)
    deliver(acme, link)
    drain()

    issue = acme.jira.control.issue(link.issue_key)["fields"]
    assert (item.title, item.due_on) == ("Renamed in Jira", date(2027, 2, 1))
    assert (issue["summary"], issue["duedate"]) == ("Renamed in Jira", "2027-02-01")


def test_an_issue_given_to_a_member_of_the_team_gives_the_item_to_them(acme, drain, link):
    other = matched(acme, "admin@acme.test")
    changed(acme, link, assignee={"accountId": by_email(other.email).id})
    drain()

    assert link.action_item.assignee is other
    links.item_edited(link.action_item)
    db.session.commit()
    drain()
    assert sent(acme) == []


def test_unassigned_in_jira_is_unassigned_here(acme, drain, link):
    changed(acme, link, assignee=None)
    drain()

    assert link.action_item.assignee is None
    assert log_of(link) == [Operation.TAKE_OVER]


def test_a_member_who_was_never_looked_up_is_looked_up_first(acme, drain, link):
    db.session.query(JiraPerson).filter_by(user_id=user("admin@acme.test").id).delete()
    reconciliations.owe(acme.connection, utcnow())
    drain()
    changed(acme, link, assignee={"accountId": by_email("admin@acme.test").id})
    drain()
    assert log_of(link) == []

    connection_id = acme.connection.id
    db.session.commit()
    refresh_metadata.run(connection_id)
    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        drain()

    assert link.action_item.assignee.email == "admin@acme.test"
    assert log_of(link) == [Operation.TAKE_OVER]


def test_somebody_unknown_is_not_taken_over_and_the_log_says_so_once(acme, drain, link):
    before = link.action_item.assignee_id
    changed(acme, link, assignee={"accountId": by_email("owner@acme.test").id})
    drain()
    changed(acme, link, summary="Renamed in Jira")
    drain()
    reconciliations.owe(acme.connection, utcnow())
    db.session.commit()
    drain()

    assert link.action_item.assignee_id == before
    assert log_of(link) == [Operation.LEAVE, Operation.TAKE_OVER]


def test_a_member_of_another_team_does_not_get_the_item(acme, drain, link):
    matched(acme, "owner@acme.test")
    before = link.action_item.assignee_id
    changed(acme, link, assignee={"accountId": by_email("owner@acme.test").id})
    drain()

    assert link.action_item.assignee_id == before
    assert log_of(link) == [Operation.LEAVE]


def test_an_owner_whom_jira_does_not_know_keeps_the_item(acme, drain):
    listening(acme, **ALL)
    link = next(each for each in acme.links if each.assignee_note is AssigneeNote.NOT_FOUND)
    changed(acme, link, duedate="2031-01-15")
    drain()

    assert link.action_item.assignee.name == "Tom Becker"
    assert link.assignee_note is AssigneeNote.NOT_FOUND


def test_the_log_says_what_came_from_where(acme, drain, link):
    changed(acme, link, summary="Renamed in Jira", duedate="2031-01-15")
    acme.jira.control.transition_issue(link.issue_key, "Done")
    drain()

    entries = db.session.query(SyncEntry).filter_by(issue_link_id=link.id).order_by(SyncEntry.id)
    rows = rows_of(acme.organization, entries.all(), may_retry=True)
    assert [(row.state.words, row.tried, row.retry) for row in rows[1:]] == [
        ("Completed", "from Jira: status", False),
        ("Taken over", "from Jira: title, due date", False),
    ]
