"""What an update sends, decided from the item, the snapshot and Jira."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from app.jira.types import Issue
from app.models.difference import Difference
from app.models.field_note import FOUND_AGAIN, Note, NoteReason
from app.services.fields import values
from app.services.fields.table import BY_ID
from app.services.outbound.assignee import Assignment
from app.services.outbound.claims import Claim
from app.services.outbound.compare import Compared, any_changed_here, compare, wants_a_look
from app.services.outbound.snapshots import seen_in
from tests.support.claims import CLAIM, DESIRED, MAYA, SCREEN, plan, untouched, written

SNAPSHOT = plan(CLAIM, SCREEN, MAYA).snapshot
SILENT = Assignment(False, None, {}, None)


def edited(**fields: object) -> Claim:
    """The item, some of whose fields were edited since its issue was created."""
    return replace(CLAIM, issue_id="10100", snapshot=SNAPSHOT, desired=written(**fields))


def compared(
    claim: Claim,
    issue: Issue | None,
    sendable: frozenset[str] = SCREEN,
    assignment: Assignment = SILENT,
) -> Compared:
    return compare(claim, values_of(claim), sendable, assignment, issue)


def values_of(claim: Claim) -> Any:
    return values.values_of(claim.desired.sources, claim.desired.backlink)


def document(text: str) -> Any:
    """What Jira holds where somebody wrote the text there."""
    found = values.values_of(written(description=text).sources, DESIRED.backlink)
    return next(each.sent for each in found if each.field.id == "description")


def seen(issue: Issue) -> str:
    return str(seen_in(BY_ID["description"], issue))


THEIRS = untouched(description=document("Theirs"))


def test_what_nobody_changed_is_not_sent_and_stays_as_it_is() -> None:
    assert compared(edited(), untouched()) == Compared(dict(SNAPSHOT))


def test_what_was_changed_here_is_sent_alone() -> None:
    found = compared(edited(summary="Ours"), untouched())

    assert found.fields == {"summary": "Ours"}
    assert found.snapshot["summary"] == "Ours"
    assert found.replaced == {}
    assert not any_changed_here(
        replace(edited(summary="Ours"), snapshot=found.snapshot), values_of(edited(summary="Ours"))
    )


def test_ours_goes_over_a_title_and_says_what_it_replaces() -> None:
    found = compared(edited(summary="Ours"), untouched(summary="Theirs"))

    assert found.fields == {"summary": "Ours"}
    assert found.replaced == {"summary": "Theirs"}


def test_nothing_is_replaced_where_somebody_took_it_away() -> None:
    found = compared(edited(duedate=date(2026, 12, 9)), untouched(duedate=None))

    assert found.fields == {"duedate": "2026-12-09"}
    assert found.replaced == {}


def test_what_both_sides_have_come_to_is_not_sent() -> None:
    found = compared(edited(summary="Both"), untouched(summary="Both"))

    assert found.fields == {}
    assert found.snapshot["summary"] == "Both"
    later = replace(edited(summary="Both"), snapshot=found.snapshot)
    assert compared(later, untouched(summary="Both")) == Compared(found.snapshot)


def test_a_description_that_somebody_wrote_in_jira_waits_for_a_person() -> None:
    found = compared(edited(description="Ours"), THEIRS)

    assert found.fields == {}
    waiting = found.differences["description"]
    assert waiting.seen == seen(THEIRS)
    assert waiting.text.startswith("Theirs")


def test_a_difference_that_is_known_keeps_who_wrote_it() -> None:
    known = Difference(seen(THEIRS), "Theirs", by="Maya")
    claim = replace(edited(description="Ours"), differences={"description": known})

    assert compared(claim, THEIRS).differences == {"description": known}


def test_of_a_newer_text_nobody_is_known() -> None:
    known = Difference("sha256:older", "Older", by="Maya", replace=True)
    claim = replace(edited(description="Ours"), differences={"description": known})

    found = compared(claim, THEIRS)

    assert found.fields == {}
    assert found.differences["description"].by == ""


def test_ours_goes_over_just_the_text_that_a_person_has_seen() -> None:
    known = Difference(seen(THEIRS), "Theirs", replace=True)
    claim = replace(edited(description="Ours"), differences={"description": known})

    found = compared(claim, THEIRS)

    assert list(found.fields) == ["description"]
    assert found.replaced["description"].startswith("Theirs")
    assert found.differences == {}


def test_unread_a_title_is_sent_and_a_description_is_not() -> None:
    found = compared(edited(summary="Ours", description="Ours"), None)

    assert found.fields == {"summary": "Ours"}
    assert found.withheld == ["description"]
    assert found.differences == {}


@pytest.mark.parametrize(("may", "withheld"), [(True, ["description"]), (False, [])])
def test_unread_what_waits_waits_on(may: bool, withheld: list[str]) -> None:
    known = Difference("sha256:1", "Theirs", replace=may)
    claim = replace(edited(description="Ours"), differences={"description": known})

    found = compared(claim, None)

    assert found.withheld == withheld
    assert found.differences == {"description": known}


def test_what_no_screen_has_is_left_out() -> None:
    found = compared(edited(summary="Ours", duedate=None), untouched(), SCREEN - {"duedate"})

    assert found.left_out == ["duedate"]
    assert found.fields == {"summary": "Ours"}


def found_again(**fields: object) -> Claim:
    note = Note(NoteReason.NOT_ON_SCREEN, FOUND_AGAIN, found=True)
    return replace(edited(**fields), notes={"duedate": note})


def test_a_field_that_can_be_set_again_is_left_to_who_saw_to_it_in_jira() -> None:
    claim = found_again(duedate=date(2026, 12, 9))
    theirs = untouched(duedate="2027-01-01")

    found = compared(claim, theirs)

    assert (found.fields, found.replaced) == ({}, {})
    assert not any_changed_here(replace(claim, snapshot=found.snapshot), values_of(claim))


def test_a_field_that_can_be_set_again_is_not_sent_blind() -> None:
    found = compared(found_again(duedate=date(2026, 12, 9)), None)

    assert (found.fields, found.withheld) == ({}, ["duedate"])


SAM = Assignment(True, "account-sam", {"assignee": "account-sam", "assignee_id": 9}, None)


def test_another_owner_is_sent() -> None:
    found = compared(edited(), untouched(), assignment=SAM)

    assert found.fields == {"assignee": {"accountId": "account-sam"}}
    assert found.replaced == {}
    assert (found.snapshot["assignee"], found.snapshot["assignee_id"]) == ("account-sam", 9)


def test_another_owner_goes_over_whom_somebody_chose_in_jira() -> None:
    found = compared(edited(), untouched(assignee={"accountId": "tom"}), assignment=SAM)

    assert found.fields == {"assignee": {"accountId": "account-sam"}}
    assert found.replaced == {"assignee": "tom"}


def test_an_owner_whom_the_issue_has_already_is_not_sent() -> None:
    found = compared(edited(), untouched(assignee={"accountId": "account-sam"}), assignment=SAM)

    assert (found.fields, found.replaced) == ({}, {})
    assert found.snapshot["assignee"] == "account-sam"


def test_unread_another_owner_is_sent_all_the_same() -> None:
    assert compared(edited(), None, assignment=SAM).fields == {
        "assignee": {"accountId": "account-sam"}
    }


def test_an_issue_is_looked_at_where_something_is_to_be_sent() -> None:
    asked = {"description": Difference("sha256:1", "Theirs", replace=True)}
    decided = {"description": Difference("sha256:1", "Theirs")}
    claim = edited()

    assert wants_a_look(edited(summary="Ours"), values_of(edited(summary="Ours")))
    assert not wants_a_look(claim, values_of(claim))
    assert wants_a_look(replace(claim, differences=asked), values_of(claim))
    assert not wants_a_look(replace(claim, differences=decided), values_of(claim))
