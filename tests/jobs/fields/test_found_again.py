"""What a check finds on the screen, or permitted, again goes into the issues that went without."""

from datetime import date

import pytest

from app.extensions import db
from app.models import ActionItem, AssigneeNote, FailureCode, LinkState
from app.models.field_note import NoteReason, notes_of
from app.services.owed import metadata_reads
from jobs import refresh_metadata
from tests.jobs.fields.editing import edits, in_jira, link_of, write
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

MAYA = "5c2e4f1a9d3b7a0e6c8d1f25"
FATIMA = "712020:7d2b1c5e-88a4-4f6b-a1d3-2e5c9f0b4a22"
NOBODY_CHOSEN = "5b10a2844c20165700ede21a"  # the default assignee of the project; Jira knows no Tom
NEW_YEAR = date(2027, 1, 4)
REFUSED = {"errorMessages": [], "errors": {"duedate": "Not so."}}


@pytest.fixture
def check(acme, drain):
    """A check of the mapping as every night's, and what goes out because of it."""

    def run() -> None:
        metadata_reads.owe_checks(acme.connection)
        connection_id = acme.connection.id
        db.session.commit()
        refresh_metadata.run(connection_id)
        drain()
        db.session.expire_all()

    return run


@pytest.fixture
def dated(acme, check, drain):
    """Items with a due date whose issues were created while it could not be set."""

    def go_without(trouble: str) -> list[ActionItem]:
        withhold(acme, trouble)
        check()
        acme.commit_items()
        drain()
        acme.jira.control.clear_requests()
        return [link.action_item for link in acme.links if link.action_item.due_on]

    return go_without


def withhold(acme, trouble: str, *, on: bool = True) -> None:
    if trouble == "permission":
        acme.jira.control.deny("SCHEDULE_ISSUES", on=on)
    else:
        acme.jira.control.remove_field("duedate", on=on)


@pytest.mark.both_databases
@pytest.mark.parametrize("trouble", ["permission", "screen"])
def test_a_due_date_goes_in_by_itself_once_a_check_finds_it_back(acme, dated, check, trouble):
    items = dated(trouble)
    check()
    assert edits(acme) == []
    withhold(acme, trouble, on=False)

    check()

    assert edits(acme) == [["duedate"]] * len(items)
    for item in items:
        assert in_jira(acme, item)["duedate"] == item.due_on.isoformat()
        assert link_of(item).field_notes is None
        assert link_of(item).state is LinkState.SYNCED
    check()
    assert len(edits(acme)) == len(items)


@pytest.mark.both_databases
def test_what_is_refused_again_waits_until_the_finding_changes(acme, dated, check):
    items = dated("permission")
    acme.jira.control.fault("status", "edit", status=400, body=REFUSED)
    withhold(acme, "permission", on=False)
    for _ in range(3):
        check()
    assert edits(acme) == [["duedate"]] * len(items)
    for item in items:
        assert link_of(item).state is LinkState.SYNCED
        assert notes_of(link_of(item))["duedate"].reason is NoteReason.REFUSED
    withhold(acme, "permission")
    check()
    withhold(acme, "permission", on=False)

    check()

    assert edits(acme) == [["duedate"]] * 2 * len(items)


def test_a_refused_field_beside_another_waits_until_the_finding_changes(acme, dated, check, drain):
    item = dated("permission")[0]
    others = len([link for link in acme.links if link.field_notes]) - 1
    acme.jira.control.fault("status", "edit", status=400, body=REFUSED, times=1 + others)
    withhold(acme, "permission", on=False)
    write(item, title="A canary stage")

    check()
    check()

    sent = sorted(edits(acme))
    assert sent == [["duedate"]] * others + [["duedate", "summary"], ["summary"]]
    assert in_jira(acme, item)["summary"] == "A canary stage"
    assert notes_of(link_of(item))["duedate"].reason is NoteReason.REFUSED


def test_a_refusal_that_no_check_foresaw_is_tried_once_more_and_not_every_night(acme, check, drain):
    acme.jira.control.deny("SCHEDULE_ISSUES")
    acme.commit_items()
    drain()
    acme.jira.control.deny("SCHEDULE_ISSUES", on=False)
    acme.jira.control.clear_requests()
    dated = [link.action_item for link in acme.links if link.action_item.due_on]
    assert {notes_of(link_of(each))["duedate"].reason for each in dated} == {NoteReason.REFUSED}

    check()

    assert edits(acme) == [["duedate"]] * len(dated)
    assert all(link.field_notes is None for link in acme.links)


def test_what_somebody_has_set_in_jira_meanwhile_stays(acme, dated, check):
    item, *others = dated("screen")
    withhold(acme, "screen", on=False)
    acme.jira.control.edit_issue(
        link_of(item).issue_key, actor="member1@acme.test", duedate=NEW_YEAR.isoformat()
    )

    check()

    assert in_jira(acme, item)["duedate"] == NEW_YEAR.isoformat()
    assert len(edits(acme)) == len(others)
    assert link_of(item).field_notes is None


@pytest.mark.both_databases
def test_it_stays_also_where_no_check_has_found_the_field_back_yet(acme, dated, drain):
    item, *_ = dated("screen")
    withhold(acme, "screen", on=False)
    acme.jira.control.edit_issue(
        link_of(item).issue_key, actor="member1@acme.test", duedate=NEW_YEAR.isoformat()
    )
    write(item, title="A canary stage")

    drain()

    assert edits(acme) == [["summary"]]
    assert in_jira(acme, item)["duedate"] == NEW_YEAR.isoformat()
    write(item, due_on=date(2027, 2, 1))
    drain()
    assert in_jira(acme, item)["duedate"] == "2027-02-01"


def test_what_was_changed_here_meanwhile_goes_out_once(acme, dated, check):
    item, *others = dated("screen")
    withhold(acme, "screen", on=False)
    write(item, due_on=NEW_YEAR)

    check()
    check()

    assert in_jira(acme, item)["duedate"] == NEW_YEAR.isoformat()
    assert len(edits(acme)) == 1 + len(others)


def test_nothing_is_sent_blind_because_of_a_check(acme, dated, check):
    items = dated("screen")
    withhold(acme, "screen", on=False)
    acme.jira.control.fault("error", "bulkfetch")

    check()

    assert edits(acme) == []
    assert {link_of(item).failure_code for item in items} == {FailureCode.JIRA_UNAVAILABLE}


@pytest.mark.parametrize("trouble", ["permission", "screen"])
def test_an_assignee_follows_where_nobody_was_assigned_meanwhile(acme, check, drain, trouble):
    def may(allowed: bool) -> None:
        if trouble == "permission":
            acme.jira.control.deny("ASSIGN_ISSUES", on=not allowed)
        else:
            acme.jira.control.remove_field("assignee", on=not allowed)

    may(False)
    check()
    acme.commit_items()
    drain()
    left = {AssigneeNote.NOT_PERMITTED, AssigneeNote.NOT_ON_SCREEN}
    assert {link.assignee_note for link in acme.links if link.action_item.assignee_id} <= left
    may(True)
    check()
    check()

    owners = {
        item.assignee.name: in_jira(acme, item)["assignee"] for item in acme.items if item.assignee
    }
    assert owners == {"Fatima Said": FATIMA, "Maya Lindqvist": MAYA, "Tom Becker": NOBODY_CHOSEN}


def test_whom_somebody_has_assigned_in_jira_meanwhile_stays(acme, check, drain):
    acme.jira.control.deny("ASSIGN_ISSUES")
    check()
    acme.commit_items()
    drain()
    acme.jira.control.deny("ASSIGN_ISSUES", on=False)
    mayas = next(each for each in acme.items if each.assignee and "Maya" in each.assignee.name)
    acme.jira.control.edit_issue(
        link_of(mayas).issue_key, actor="admin@acme.test", assignee={"accountId": FATIMA}
    )

    check()

    assert in_jira(acme, mayas)["assignee"] == FATIMA
