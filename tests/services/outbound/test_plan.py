"""What is sent for a link: everything once, then only what differs."""

from dataclasses import replace
from datetime import date

import pytest

from app.models import AssigneeNote, MatchState
from app.services.outbound.batches import batches
from app.services.outbound.claims import Claim
from app.services.outbound.plan import PROPERTY
from app.services.outbound.snapshots import PARTS
from app.services.people.matches import Match
from tests.support.claims import CLAIM, MAYA, SCREEN, plan, written

NOBODY = Match(MatchState.NONE, None)


def created(snapshot, **values) -> Claim:
    return replace(CLAIM, issue_id="10100", snapshot=snapshot, desired=written(**values))


def test_a_create_sends_every_field_and_says_whose_issue_it_is():
    planned = plan(CLAIM, SCREEN, MAYA)

    fields = planned.draft.fields
    assert fields["project"] == {"id": "10000"}
    assert fields["issuetype"] == {"id": "10001"}
    assert fields["summary"] == "Cut CI time"
    assert fields["description"]["type"] == "doc"
    assert fields["assignee"] == {"accountId": "account-maya"}
    assert fields["duedate"] == "2026-12-04"
    assert planned.draft.properties == {PROPERTY: {"id": "item", "link": "link"}}


def test_only_fields_of_the_create_screen_are_sent():
    planned = plan(CLAIM, SCREEN - {"duedate", "assignee"}, MAYA)

    assert "duedate" not in planned.draft.fields
    assert "assignee" not in planned.draft.fields
    assert planned.assignee_note is AssigneeNote.NOT_ON_SCREEN


@pytest.mark.parametrize(
    ("state", "note"),
    [
        (MatchState.NONE, AssigneeNote.NOT_FOUND),
        (MatchState.SEVERAL, AssigneeNote.SEVERAL),
        (MatchState.DIFFERENT, AssigneeNote.DIFFERENT),
    ],
)
def test_an_assignee_without_a_match_is_sent_as_null_and_noted(state, note):
    planned = plan(CLAIM, SCREEN, Match(state, None))

    assert planned.draft.fields["assignee"] is None
    assert planned.assignee_note is note


def test_an_unassigned_item_is_sent_as_null_so_that_jira_assigns_nobody():
    unassigned = replace(CLAIM, desired=written(assignee=None))

    planned = plan(unassigned, SCREEN, None)

    assert planned.draft.fields["assignee"] is None
    assert planned.assignee_note is None


def test_after_a_refused_assignee_it_is_sent_unassigned_then_left_out():
    unassignable = replace(CLAIM, assignee_note=AssigneeNote.NOT_ASSIGNABLE)
    refused = replace(CLAIM, assignee_note=AssigneeNote.NOT_ON_SCREEN)

    assert plan(unassignable, SCREEN, MAYA).draft.fields["assignee"] is None
    assert "assignee" not in plan(refused, SCREEN, MAYA).draft.fields


def test_nothing_is_sent_when_nothing_differs():
    snapshot = plan(CLAIM, SCREEN, MAYA).snapshot

    assert plan(created(snapshot), SCREEN, MAYA).nothing


@pytest.mark.parametrize(
    ("change", "field", "value"),
    [
        ({"summary": "Cut CI time in half"}, "summary", "Cut CI time in half"),
        ({"duedate": None}, "duedate", None),
        ({"duedate": date(2026, 12, 24)}, "duedate", "2026-12-24"),
        ({"assignee": None}, "assignee", None),
    ],
)
def test_an_update_sends_only_the_field_that_differs(change, field, value):
    snapshot = plan(CLAIM, SCREEN, MAYA).snapshot
    match = None if "assignee" in change else MAYA

    assert plan(created(snapshot, **change), SCREEN, match).fields == {field: value}


def test_a_changed_description_is_sent_whole():
    snapshot = plan(CLAIM, SCREEN, MAYA).snapshot

    planned = plan(created(snapshot, description="Eight minutes"), SCREEN, MAYA)

    assert list(planned.fields) == ["description"]


def test_the_snapshot_holds_what_was_sent_and_not_what_is_known_since():
    snapshot = plan(CLAIM, SCREEN, NOBODY).snapshot

    planned = plan(created(snapshot, summary="Another"), SCREEN, MAYA)

    assert planned.fields == {"summary": "Another"}
    assert planned.snapshot["assignee"] is None


def test_what_is_not_on_the_screen_any_more_stays_in_the_snapshot():
    snapshot = plan(CLAIM, SCREEN, MAYA).snapshot

    planned = plan(created(snapshot, summary="Another"), frozenset(), None)

    kept = {name: value for name, value in planned.snapshot.items() if name not in PARTS}
    assert kept | {"summary": "Cut CI time"} == {
        name: value for name, value in snapshot.items() if name not in PARTS
    }
    assert planned.snapshot["source"] == snapshot["source"] | {"summary": "Another"}
    assert planned.assignee_note is None


@pytest.mark.parametrize(
    ("creates", "sizes"),
    [
        *((1, [1]), (2, [1, 1]), (3, [2, 1]), (5, [4, 1]), (9, [8, 1]), (11, [10, 1])),
        *((12, [10, 1, 1]), (50, [10, 39, 1]), (61, [10, 50, 1]), (62, [10, 50, 1, 1])),
    ],
)
def test_the_first_keys_come_soon_the_others_in_larger_bulks_and_the_last_is_single(creates, sizes):
    plans = [plan(replace(CLAIM, link_id=number), SCREEN, MAYA) for number in range(creates)]

    assert [len(batch) for batch in batches(plans)] == sizes


def test_no_request_creates_in_two_projects():
    elsewhere = replace(CLAIM, target=replace(CLAIM.target, project_id="20001"))
    plans = [plan(CLAIM, SCREEN, MAYA), plan(elsewhere, SCREEN, MAYA), plan(CLAIM, SCREEN, MAYA)]

    assert batches(plans) == [[plans[0]], [plans[2]], [plans[1]]]
    many = batches(plans * 10)
    assert [{each.creates_in for each in batch} for batch in many] == [
        *[{CLAIM.target.project_id}] * 3, {"20001"}, {"20001"}]  # fmt: skip


@pytest.mark.parametrize("creates", [5, 9, 50, 400])
def test_creates_leave_in_the_order_of_their_items(creates):
    plans = [plan(replace(CLAIM, link_id=number), SCREEN, MAYA) for number in range(creates)]

    order = [each.claim.link_id for batch in batches(plans) for each in batch]

    assert order == list(range(creates))
