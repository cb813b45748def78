"""A member is matched after the items went out: their issues follow, unless Jira says otherwise."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, AssigneeNote, JiraSettings, LinkState, User
from app.services.outbound import links
from app.services.owed import metadata_reads
from app.services.people import members
from tests.support.acme import person
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

SAM = "5e1c7d2f4a6b8c0d2e4f6a31"
MAYA = "5c2e4f1a9d3b7a0e6c8d1f25"


@pytest.fixture
def toms(acme, drain):
    """The link of Tom's only item. Jira does not know Tom; the issue is there without him."""
    acme.commit_items()
    drain()
    acme.jira.control.clear_requests()
    return link_of(acme)


def link_of(acme):
    return next(
        link
        for link in acme.links
        if link.action_item.assignee and link.action_item.assignee.name == "Tom Becker"
    )


def assignee_in_jira(acme) -> str | None:
    return acme.jira.control.issue(link_of(acme).issue_key)["fields"].get("assignee")


def pick(acme, account_id: str = SAM, member: User | None = None) -> int:
    by = person("Adam")
    late = members.pick(acme.connection, (member or person("Tom")).id, account_id, "Somebody", by)
    db.session.commit()
    return late


def found_by_email(acme, work, name: str = "Tom") -> None:
    """Give a member an address that Jira knows, and look again."""
    person(name).email = "ada@acme.test"
    members.look_again(acme.connection, person(name).id)
    work()


def operations(acme) -> list[str]:
    return [request["operation"] for request in acme.jira.control.requests()]


@pytest.mark.both_databases
def test_a_picked_account_gets_the_issue_that_is_still_unassigned(acme, toms, drain):
    assert pick(acme) == 1

    drain()

    link = link_of(acme)
    assert assignee_in_jira(acme) == SAM
    assert operations(acme) == ["bulkfetch", "edit"]
    assert (link.state, link.assignee_note) == (LinkState.SYNCED, None)
    assert link.snapshot["assignee"] == SAM


def test_an_account_that_is_found_later_gets_the_issue(acme, toms, work):
    found_by_email(acme, work)

    assert assignee_in_jira(acme) is not None
    assert link_of(acme).assignee_note is None


def test_what_somebody_set_in_jira_by_hand_stays(acme, toms, drain):
    acme.jira.control.edit_issue(toms.issue_key, assignee={"accountId": MAYA})
    pick(acme)

    drain()

    link = link_of(acme)
    assert assignee_in_jira(acme) == MAYA
    assert operations(acme) == ["bulkfetch"]
    assert (link.state, link.assignee_note) == (LinkState.SYNCED, None)


def test_an_issue_that_was_looked_at_once_is_not_assigned_again(acme, toms, drain):
    acme.jira.control.edit_issue(toms.issue_key, assignee={"accountId": MAYA})
    pick(acme)
    drain()
    acme.jira.control.edit_issue(toms.issue_key, assignee=None)
    acme.jira.control.clear_requests()

    toms.action_item.title = "Something else"
    links.item_edited(toms.action_item)
    drain()

    assert operations(acme) == ["bulkfetch", "editmeta", "edit"]
    assert assignee_in_jira(acme) is None


@pytest.mark.parametrize("by_hand", [False, True])
def test_the_owner_takes_over_from_whom_we_assigned_instead(acme, drain, by_hand):
    db.session.add(JiraSettings(organization_id=acme.organization.id, unmatched_account_id=MAYA))
    acme.commit_items()
    drain()
    link = link_of(acme)
    assert assignee_in_jira(acme) == MAYA
    assert link.assignee_note is AssigneeNote.NOT_FOUND
    if by_hand:  # somebody has taken it away again
        acme.jira.control.edit_issue(link.issue_key, assignee=None)

    pick(acme)
    drain()

    assert assignee_in_jira(acme) == (None if by_hand else SAM)


def test_many_issues_are_looked_at_with_one_request(acme, drain):
    for number in range(9):
        db.session.add(
            ActionItem(
                retrospective=acme.retrospective, title=f"Item {number}", assignee=person("Tom")
            )
        )
    acme.commit_items()
    drain()
    acme.jira.control.clear_requests()

    assert pick(acme) == 10
    drain()

    assert operations(acme).count("bulkfetch") == 1
    assert operations(acme).count("edit") == 10
    assert {link.state for link in acme.links} == {LinkState.SYNCED}


def test_a_look_up_that_finds_nobody_pushes_nothing(acme, toms, work):
    members.look_again(acme.connection)
    work()

    assert set(operations(acme)) == {"assignable_search", "user_search", "mypermissions"}


def test_after_a_week_another_account_pushes_nothing_by_itself(acme, toms, work):
    maya = person("Maya")
    maya.email = "ada@acme.test"
    db.session.commit()
    with time_machine.travel(utcnow() + timedelta(days=8)):
        metadata_reads.want_people(acme.connection, utcnow())
        db.session.commit()
        work()

    assert "edit" not in operations(acme)


def test_clearing_a_picked_account_pushes_nothing(acme, toms, drain):
    pick(acme)
    drain()
    acme.jira.control.clear_requests()

    members.clear(acme.connection, person("Tom").id, person("Adam"))
    db.session.commit()
    drain()

    assert operations(acme) == []
    assert assignee_in_jira(acme) == SAM


def test_an_account_that_cannot_be_assigned_leaves_the_issue_and_says_so(acme, toms, drain):
    acme.jira.control.deny("ASSIGNABLE_USER", "PLAT", account=SAM)
    pick(acme)

    drain()

    link = link_of(acme)
    assert assignee_in_jira(acme) is None
    assert (link.state, link.assignee_note) == (LinkState.SYNCED, AssigneeNote.NOT_ASSIGNABLE)
    assert operations(acme).count("edit") == 1

    pick(acme, MAYA)
    drain()
    assert assignee_in_jira(acme) == MAYA


def test_an_edit_goes_out_with_the_match(acme, toms, drain):
    pick(acme)
    toms.action_item.title = "Something else"
    links.item_edited(toms.action_item)

    drain()

    assert operations(acme) == ["bulkfetch", "editmeta", "edit"]
    assert assignee_in_jira(acme) == SAM


def test_while_the_issues_cannot_be_read_they_wait_like_any_update(acme, toms, drain):
    acme.jira.control.fault("error", "bulkfetch", times=1)
    pick(acme)

    drain()

    assert operations(acme) == ["bulkfetch", "bulkfetch", "edit"]
    assert assignee_in_jira(acme) == SAM


def test_an_issue_that_is_gone_is_left_alone(acme, toms, drain):
    acme.jira.control.delete_issue(toms.issue_key)
    pick(acme)

    drain()

    assert operations(acme) == ["bulkfetch"]
    assert link_of(acme).state is LinkState.SYNCED


def test_a_look_up_that_jira_did_not_answer_is_told_and_mended(acme, drain, work):
    acme.jira.control.fault("error", "assignable_search", times=10)
    acme.commit_items()
    drain()
    assert {link.assignee_note for link in acme.links if link.action_item.assignee} == {
        AssigneeNote.NOT_LOOKED_UP
    }
    acme.jira.control.clear_faults()

    metadata_reads.want_people(acme.connection, utcnow())
    work()

    notes = {link.assignee_note for link in acme.links if link.action_item.assignee}
    assert notes == {None, AssigneeNote.NOT_FOUND}


def test_items_of_another_site_stay_as_they_are(acme, toms, drain):
    toms.cloud_id = "another"
    db.session.commit()

    assert pick(acme) == 0
