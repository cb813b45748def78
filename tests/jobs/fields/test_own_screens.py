"""An issue that exists has the screen of where it is, whatever its team is mapped to now."""

from datetime import date

import pytest

from app.extensions import db
from app.models import ActionItem, FailureCode, JiraEditScreen, LinkState
from app.models.field_note import NoteReason, notes_of
from app.services.outbound import links
from tests.jobs.fields.editing import TITLE, edits, in_jira, link_of, write
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

NEW_YEAR, FEBRUARY = date(2027, 1, 4), date(2027, 2, 1)


@pytest.fixture
def item(acme, drain) -> ActionItem:
    """An item whose issue is a Story in PLAT."""
    acme.map_to("PLAT", "Story")
    acme.commit_items()
    drain()
    acme.jira.control.clear_requests()
    return db.session.query(ActionItem).filter_by(title=TITLE).one()


@pytest.mark.both_databases
@pytest.mark.parametrize("target", [("MOB", "Story"), ("DES", "Illustration"), None])
def test_an_edit_is_sent_although_the_team_goes_elsewhere_now(acme, drain, item, target):
    if target is None:
        acme.map_to("PLAT").organization_id = acme.organization.id
        db.session.execute(db.text("DELETE FROM project_mapping"))
    else:
        acme.map_to(*target)  # MOB's stories have no due date, DES' illustrations no assignee
    write(item, due_on=NEW_YEAR)

    drain()

    assert edits(acme) == [["duedate"]]
    assert in_jira(acme, item)["duedate"] == NEW_YEAR.isoformat()
    assert link_of(item).state is LinkState.SYNCED


def test_one_issue_tells_for_all_of_its_project_and_type(acme, drain, item):
    for each in acme.items:
        write(each, due_on=NEW_YEAR)
    drain()
    write(item, due_on=FEBRUARY)
    drain()

    assert len(edits(acme)) == 6
    assert len(acme.jira.control.requests("editmeta")) == 1
    assert len(acme.jira.control.requests("bulkfetch")) == 2


def test_an_issue_that_moved_has_the_screen_of_its_new_place(acme, drain, item):
    write(item, due_on=NEW_YEAR)
    drain()
    acme.jira.control.move_issue(link_of(item).issue_key, "MOB")
    write(item, title="A canary stage", due_on=FEBRUARY)

    drain()

    assert edits(acme) == [["duedate"], ["summary"]]
    assert in_jira(acme, item)["summary"] == "A canary stage"
    assert notes_of(link_of(item))["duedate"].reason is NoteReason.NOT_ON_SCREEN
    assert link_of(item).issue_key.startswith("MOB-")
    assert link_of(item).state is LinkState.SYNCED


def test_what_was_left_out_once_costs_the_next_edit_nothing(acme, drain, item):
    acme.jira.control.move_issue(link_of(item).issue_key, "MOB")
    write(item, due_on=FEBRUARY)
    drain()
    acme.jira.control.clear_requests()
    write(item, title="A canary stage")

    drain()

    assert [each["operation"] for each in acme.jira.control.requests()] == ["bulkfetch", "edit"]
    assert notes_of(link_of(item))["duedate"].reason is NoteReason.NOT_ON_SCREEN


@pytest.mark.parametrize("again", ["edited", "synced"])
def test_what_was_left_out_goes_in_when_somebody_asks_and_the_screen_has_it(
    acme, drain, item, again
):
    acme.jira.control.remove_field("duedate")
    write(item, due_on=NEW_YEAR)
    drain()
    assert edits(acme) == []
    acme.jira.control.remove_field("duedate", on=False)
    write(item, title="A canary stage")
    drain()
    assert edits(acme) == [["summary"]]

    if again == "edited":
        write(item, due_on=FEBRUARY)
    else:
        links.request_sync(item)
    drain()

    assert edits(acme) == [["summary"], ["duedate"]]
    assert link_of(item).field_notes is None


def test_who_may_not_edit_is_told_so(acme, drain, item):
    acme.jira.control.deny("EDIT_ISSUES", project="PLAT")
    write(item, due_on=NEW_YEAR)

    drain()

    assert link_of(item).failure_code is FailureCode.MAY_NOT_EDIT
    assert db.session.query(JiraEditScreen).count() == 0


def test_a_screen_that_cannot_be_read_keeps_nothing_back(acme, drain, item):
    acme.jira.control.fault("error", "editmeta")
    write(item, due_on=NEW_YEAR)

    drain()

    assert edits(acme) == [["duedate"]]
