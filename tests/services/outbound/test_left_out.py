"""What stays out of an issue, and what is remembered of it."""

from dataclasses import replace

import pytest

from app.jira.errors import JiraUnavailable
from app.models import AssigneeNote
from app.models.field_note import FOUND_AGAIN, Note, NoteReason
from app.services.fields import values
from app.services.mapping.mappings import Place
from app.services.outbound import plan as outbound_plan
from app.services.outbound.assignee import Assignment, Owner, assign, denied
from app.services.outbound.claims import Claim
from app.services.outbound.plan import PROPERTY, Plan, Screen, link_of
from tests.support.claims import CLAIM, MAYA, SCREEN, plan, untouched, written

NO_ASSIGNEE = SCREEN - {"assignee"}
CREATED = replace(CLAIM, issue_id="10100", snapshot=plan(CLAIM, SCREEN, MAYA).snapshot)
KNOWN = {"assignee": "account-maya", "assignee_id": 4}


def planned(claim: Claim, screen: Screen) -> Plan:
    wanted = values.values_of(claim.desired.sources, claim.desired.backlink)
    return outbound_plan.plan(claim, wanted, screen, Owner(MAYA), untouched())


def notes(claim: Claim, screen: Screen) -> dict[str, Note]:
    return dict(planned(claim, screen).findings.notes)


def test_of_a_field_that_no_screen_has_it_is_noted_which_screen() -> None:
    assert notes(CLAIM, Screen(SCREEN - {"duedate"}, name="Task")) == {
        "duedate": Note(NoteReason.NOT_ON_SCREEN, "Task")
    }


def test_of_a_field_that_the_account_may_not_set_that_is_noted() -> None:
    screen = Screen(SCREEN, name="Task", denied=frozenset({"duedate"}))

    assert notes(CLAIM, screen) == {"duedate": Note(NoteReason.NOT_PERMITTED, "Task")}


def test_what_is_noted_already_stays() -> None:
    known = Note(NoteReason.REFUSED, "Task")
    claim = replace(CLAIM, notes={"duedate": known})

    assert notes(claim, Screen(SCREEN, name="Task")) == {"duedate": known}


def test_what_was_found_again_and_is_lost_again_is_noted_anew() -> None:
    known = Note(NoteReason.NOT_ON_SCREEN, FOUND_AGAIN, found=True)
    claim = replace(CLAIM, notes={"duedate": known})

    found = notes(claim, Screen(SCREEN - {"duedate"}, name="Task"))

    assert found == {"duedate": Note(NoteReason.NOT_ON_SCREEN, "Task", found=True)}


@pytest.mark.parametrize(
    ("properties", "link"),
    [
        ({PROPERTY: {"id": "item", "link": "ours"}}, "ours"),
        ({PROPERTY: {"id": "item"}}, None),
        ({PROPERTY: {"link": 7}}, None),
        ({PROPERTY: "ours"}, None),
        ({PROPERTY: None}, None),
        ({"link": "ours"}, None),
        ({}, None),
    ],
)
def test_an_issue_says_whose_it_is_in_its_property_alone(properties: object, link: object) -> None:
    assert link_of(properties) == link  # type: ignore[arg-type]


def test_a_plan_says_why_it_withholds_something_and_only_then() -> None:
    trouble = JiraUnavailable("read")
    edited = replace(CREATED, desired=written(description="Ours"))
    wanted = values.values_of(edited.desired.sources, edited.desired.backlink)
    blind = outbound_plan.plan(edited, wanted, Screen(SCREEN), Owner(MAYA), None)
    whole = planned(CLAIM, Screen(SCREEN))

    assert blind.withheld_by(trouble).findings.trouble is trouble
    assert blind.withheld_by(trouble).findings.withheld == ("description",)
    assert whole.withheld_by(trouble) is whole


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        (CLAIM, Assignment(False, None, {"assignee_id": 4}, AssigneeNote.NOT_ON_SCREEN)),
        (
            replace(CLAIM, desired=written(assignee=None)),
            Assignment(False, None, {"assignee_id": None}, None),
        ),
        (CREATED, Assignment(False, None, KNOWN, None)),
        (
            replace(CREATED, desired=written(assignee=9)),
            Assignment(False, None, KNOWN, AssigneeNote.NOT_ON_SCREEN),
        ),
        (
            replace(CREATED, assignee_note=AssigneeNote.SEVERAL),
            Assignment(False, None, KNOWN, AssigneeNote.SEVERAL),
        ),
        (
            replace(CREATED, target=None, desired=written(assignee=9)),
            Assignment(False, None, KNOWN, None),
        ),
    ],
)
def test_without_a_place_for_an_assignee_nobody_is_said(claim: Claim, expected: Assignment) -> None:
    assert assign(claim, NO_ASSIGNEE, Owner(MAYA)) == expected


def test_an_assignee_that_may_not_be_set_is_told_from_one_that_has_no_place() -> None:
    out = Assignment(False, None, {"assignee_id": 4}, AssigneeNote.NOT_ON_SCREEN)
    other = replace(out, note=AssigneeNote.SEVERAL)

    assert denied(out) == replace(out, note=AssigneeNote.NOT_PERMITTED)
    assert denied(other) is other


def test_an_update_tells_what_it_found_beside_what_it_sends() -> None:
    claim = replace(CREATED, desired=written(summary="Ours", duedate=None))
    wanted = values.values_of(claim.desired.sources, claim.desired.backlink)
    place = Place("10000", "10001")
    screen = Screen(SCREEN - {"duedate"}, name="Task", place=place)

    read = outbound_plan.plan(claim, wanted, screen, Owner(MAYA), untouched(summary="Theirs"))
    unread = outbound_plan.plan(claim, wanted, screen, Owner(MAYA), None)

    assert read.fields == {"summary": "Ours"}
    assert read.findings.replaced == {"summary": "Theirs"}
    assert read.findings.notes == {"duedate": Note(NoteReason.NOT_ON_SCREEN, "Task")}
    assert (read.findings.place, unread.findings.place) == (place, None)
