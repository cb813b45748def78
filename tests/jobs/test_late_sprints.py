"""The active sprint that an issue was created without, and gets by an update (design.md §2.10)."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import (
    EntryState,
    MappingValue,
    Operation,
    Outcome,
    ProjectMapping,
)
from app.models.field_note import notes_of
from app.services.field_values.field_kind import Sprint
from app.services.mapping import active_sprints
from app.services.outbound import links
from app.services.schedule import due_drains
from tests.jobs.owed_sprint import FIELD, asked, begin, created, later, lines, sprints
from tests.jobs.restored.after_restoring import write
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.usefixtures("one_by_one")]


def notes(acme) -> list[dict]:
    db.session.expire_all()
    return [{each.name: each.reason for each in notes_of(link).values()} for link in acme.links]


@pytest.mark.both_databases
def test_what_begins_within_ten_minutes_is_set_once_by_an_update(sprint, drain):
    created(sprint, drain)
    assert notes(sprint) == [{"Sprint": "no-sprint"}] * 5
    number = begin(sprint)

    later(drain, minutes=2)
    assert asked(sprint) == []  # each project is asked once in ten minutes
    later(drain, minutes=9, seconds=59)
    later(drain, minutes=10)

    assert sprints(sprint) == [[number]] * 5
    assert notes(sprint) == [{}] * 5
    assert asked(sprint) == ["search", "bulkfetch", *["edit"] * 5]
    [line] = lines(sprint)
    assert (line.state, line.fields) == (EntryState.SYNCED, ["Sprint"])
    assert [each.outcome for each in line.attempts] == [Outcome.SUCCEEDED]
    assert {link.sprint_due_at for link in sprint.links} == {None}


def test_what_begins_later_is_left_to_people(sprint, drain):
    created(sprint, drain)

    later(drain, minutes=2)
    later(drain, minutes=10)
    begin(sprint)
    later(drain, minutes=21)

    assert sprints(sprint) == [None] * 5
    assert notes(sprint) == [{"Sprint": "no-sprint"}] * 5
    assert "edit" not in asked(sprint)


def test_what_jira_did_not_tell_at_the_create_is_asked_a_minute_later(sprint, drain):
    number = begin(sprint)
    sprint.jira.control.fault("unavailable", "search")
    created(sprint, drain)
    sprint.jira.control.clear_faults()

    assert due_drains.due_connections(utcnow()) == []
    with time_machine.travel(utcnow() + timedelta(seconds=61)):
        assert due_drains.due_connections(utcnow()) == [sprint.connection.id]
        drain()

    assert sprints(sprint) == [[number]] * 5
    assert notes(sprint) == [{}] * 5


@pytest.mark.parametrize(("when", "sent"), [("create", True), ("*", False)])
def test_what_a_create_refuses_an_update_tries_once(sprint, drain, when, sent):
    number = begin(sprint)
    sprint.jira.control.refuse_field("sprint", "KIND", when=when)
    created(sprint, drain)
    assert notes(sprint) == [{"Sprint": "refused"}] * 5

    later(drain, seconds=61)
    later(drain, minutes=5)
    later(drain, minutes=11)

    assert sprints(sprint) == [[number] if sent else None] * 5
    assert notes(sprint) == [{} if sent else {"Sprint": "refused"}] * 5
    assert asked(sprint).count("edit") == 5
    [line] = lines(sprint, Operation.CREATE)
    tries = [each.outcome for each in line.attempts]
    assert tries.count(Outcome.REFUSED) == (1 if sent else 2)


def test_whoever_puts_it_into_a_sprint_meanwhile_has_the_last_word(sprint, drain):
    created(sprint, drain)
    begin(sprint)
    other = sprint.jira.control.create_sprint("KIND", "Next", state="future")["id"]
    mine = sprint.links[0].issue_key
    sprint.jira.control.edit_issue(mine, **{FIELD: other})

    later(drain, minutes=10, seconds=1)

    assert sprints(sprint)[0] == [other]
    assert asked(sprint).count("edit") == 4
    assert notes(sprint) == [{}] * 5


def test_several_are_for_an_admin_to_tell_apart(sprint, drain):
    created(sprint, drain)
    begin(sprint)
    begin(sprint, "Sprint B", board=2)

    later(drain, minutes=10, seconds=1)

    assert sprints(sprint) == [None] * 5
    assert notes(sprint) == [{"Sprint": "several-sprints"}] * 5


@pytest.mark.parametrize("way", ["value removed", "unlinked", "moved away"])
def test_what_nobody_wants_any_more_is_not_sent(sprint, drain, way):
    created(sprint, drain)
    begin(sprint)
    if way == "value removed":
        db.session.query(MappingValue).delete()
    elif way == "unlinked":
        for item in sprint.items:
            links.unlink(item)
    else:
        db.session.query(ProjectMapping).one().project_id = "10000"
    db.session.commit()

    later(drain, minutes=10, seconds=1)

    assert "edit" not in asked(sprint)


def test_one_that_jira_does_not_answer_is_looked_up_before_it_is_sent_again(sprint, drain):
    number = begin(sprint)
    sprint.jira.control.refuse_field("sprint", "KIND", when="create")
    created(sprint, drain)
    sprint.jira.control.fault("drop_after", "edit", times=1)

    later(drain, seconds=61)
    later(drain, minutes=3)
    later(drain, minutes=5)

    assert sprints(sprint) == [[number]] * 5
    assert asked(sprint).count("edit") == 5
    assert notes(sprint) == [{}] * 5


def test_an_edit_meanwhile_goes_out_as_ever_and_keeps_what_is_owed(sprint, drain):
    created(sprint, drain)
    number = begin(sprint)
    write(sprint.items[0], title="Another title")
    drain()

    later(drain, minutes=10, seconds=1)

    assert sprints(sprint)[0] == [number]
    assert sprint.jira.control.issue(sprint.links[0].issue_key)["fields"]["summary"] == (
        "Another title"
    )


def test_a_sprint_that_was_closed_meanwhile_costs_nothing_else(sprint, drain):
    number = begin(sprint)
    project_id = db.session.query(ProjectMapping).one().project_id
    known = Sprint(number, "Sprint 15", 1)
    active_sprints.store(sprint.connection.id, project_id, [known])
    db.session.commit()
    sprint.jira.control.bring_sprint(number, "closed")

    sprint.commit_items()
    drain()

    fields = [sprint.jira.control.issue(link.issue_key)["fields"] for link in sprint.links]
    due = [link.action_item.due_on for link in sprint.links]
    assert any(due)
    assert [each.get("duedate") for each in fields] == [each and str(each) for each in due]
    assert all(each.get("description") for each in fields)
    assert notes(sprint) == [{"Sprint": "refused"}] * 5
