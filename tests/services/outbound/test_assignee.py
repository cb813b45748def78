"""Who is assigned in Jira: the owner, somebody instead, nobody, or whom a person chose there."""

from dataclasses import replace

import pytest

from app.models import AssigneeNote, MatchState
from app.services.outbound.assignee import Assignment, Owner, SeenAssignee, assign
from app.services.outbound.assignee import needs_match as needs_match_on
from app.services.outbound.assignee import owes_match as owes_match_on
from app.services.outbound.claims import Claim
from app.services.people.matches import Match
from tests.support.claims import CLAIM, SCREEN, written

TOM = 4
MATCHED = Match(MatchState.MATCHED, "tom")
HIDDEN = Match(MatchState.HIDDEN, "tom")
NOT_ASKED = Match(MatchState.NONE, None, asked=False)
UNMATCHED = [
    (Match(MatchState.NONE, None), AssigneeNote.NOT_FOUND),
    (Match(MatchState.SEVERAL, None), AssigneeNote.SEVERAL),
    (Match(MatchState.DIFFERENT, None), AssigneeNote.DIFFERENT),
]
NOBODY = UNMATCHED[0][0]


def create(note: AssigneeNote | None = None, owner: int | None = TOM) -> Claim:
    return replace(CLAIM, assignee_note=note, desired=written(assignee=owner))


def update(
    assignee: str | None,
    note: AssigneeNote | None = None,
    owner: int | None = TOM,
    owner_before: int | None = TOM,
) -> Claim:
    snapshot = {"assignee": assignee, "assignee_id": owner_before}
    return replace(create(note, owner), issue_id="10100", snapshot=snapshot)


def assigned(claim: Claim, match: Match | None, **more) -> Assignment:
    return assign(claim, SCREEN, Owner(match, **more))


@pytest.mark.parametrize("match", [MATCHED, HIDDEN])
def test_the_owner_gets_the_issue(match):
    decided = assigned(create(), match, substitute="sam")

    assert (decided.sent, decided.account_id, decided.note) == (True, "tom", None)


@pytest.mark.parametrize(("match", "note"), UNMATCHED)
def test_the_issue_of_an_unmatched_owner_goes_to_whom_an_admin_chose(match, note):
    chosen, nobody = assigned(create(), match, substitute="sam"), assigned(create(), match)

    assert (chosen.account_id, chosen.note) == ("sam", note)
    assert (nobody.account_id, nobody.note) == (None, note)
    assert chosen.remembered == {"assignee": "sam", "assignee_id": TOM}


def test_nobody_stands_in_for_an_owner_whom_jira_did_not_look_up():
    decided = assigned(create(), NOT_ASKED, substitute="sam")

    assert (decided.account_id, decided.note) == (None, AssigneeNote.NOT_LOOKED_UP)


def test_nobody_stands_in_for_nobody():
    decided = assigned(create(owner=None), None, substitute="sam")

    assert (decided.sent, decided.account_id, decided.note) == (True, None, None)


def test_when_the_chosen_one_is_refused_the_issue_goes_to_nobody():
    refused = AssigneeNote.SUBSTITUTE_REFUSED

    decided = assigned(create(refused), NOBODY, substitute="sam")

    assert (decided.sent, decided.account_id, decided.note) == (True, None, refused)
    assert assigned(create(refused), MATCHED, substitute="sam").account_id == "tom"


def test_an_owner_who_cannot_be_assigned_is_nobody_elses_business():
    decided = assigned(create(AssigneeNote.NOT_ASSIGNABLE), MATCHED, substitute="sam")

    assert (decided.account_id, decided.note) == (None, AssigneeNote.NOT_ASSIGNABLE)


def test_another_owner_is_sent_whoever_is_assigned_in_jira():
    decided = assigned(update("maya", owner_before=3), MATCHED)

    assert (decided.sent, decided.account_id) == (True, "tom")
    assert assigned(update("maya", owner=None), None).account_id is None


@pytest.mark.parametrize("before", [None, "sam"])
def test_a_match_found_later_is_sent_where_nothing_was_changed_in_jira(before):
    claim = update(before, AssigneeNote.NOT_FOUND)

    decided = assigned(claim, MATCHED, seen=SeenAssignee(before))

    assert (decided.sent, decided.account_id, decided.note) == (True, "tom", None)
    assert decided.remembered == {"assignee": "tom", "assignee_id": TOM}


@pytest.mark.parametrize(("before", "now"), [(None, "maya"), ("sam", "maya"), ("sam", None)])
def test_what_a_person_set_in_jira_is_not_overwritten_by_a_match_found_later(before, now):
    claim = update(before, AssigneeNote.NOT_FOUND)

    decided = assigned(claim, MATCHED, seen=SeenAssignee(now))

    assert (decided.sent, decided.note) == (False, None)
    assert decided.remembered["assignee"] == before


def test_an_owner_whom_somebody_assigned_in_jira_needs_no_assigning():
    decided = assigned(update(None, AssigneeNote.SEVERAL), MATCHED, seen=SeenAssignee("tom"))

    assert (decided.sent, decided.note) == (False, None)
    assert decided.remembered["assignee"] == "tom"


def test_an_issue_that_could_not_be_seen_is_left_alone():
    decided = assigned(update(None, AssigneeNote.NOT_FOUND), MATCHED, seen=None)

    assert (decided.sent, decided.note) == (False, AssigneeNote.NOT_FOUND)


@pytest.mark.parametrize(
    ("claim", "match"),
    [
        (create(), MATCHED),  # it goes with the create
        (update("tom"), Match(MatchState.MATCHED, "another")),  # a fresh look-up after 7 days
        (update(None), MATCHED),  # somebody else was assigned in Jira when we looked
        (update(None, AssigneeNote.NOT_ASSIGNABLE), MATCHED),
        (update(None, AssigneeNote.NOT_FOUND), NOBODY),
        (update(None, AssigneeNote.NOT_FOUND), None),
        (update(None, AssigneeNote.NOT_FOUND, owner_before=3), MATCHED),  # sent anyway
    ],
)
def test_no_issue_is_read_without_need(claim, match):
    assert not owes_match_on(claim, SCREEN, match)


def test_an_issue_without_a_place_for_an_assignee_is_not_read():
    claim = update(None, AssigneeNote.NOT_FOUND)

    assert owes_match_on(claim, SCREEN, MATCHED)
    assert not owes_match_on(claim, SCREEN - {"assignee"}, MATCHED)


@pytest.mark.parametrize(
    ("claim", "needed"),
    [
        (create(), True),
        (create(owner=None), False),
        (create(AssigneeNote.NOT_ON_SCREEN), False),
        (update("tom"), False),
        (update(None, AssigneeNote.SEVERAL), True),
        (update("maya", owner_before=3), True),
    ],
)
def test_nobody_is_looked_up_without_need(claim, needed):
    assert needs_match_on(claim, SCREEN) is needed


def test_a_later_look_up_may_give_another_reason():
    claim = update(None, AssigneeNote.NOT_LOOKED_UP)

    assert assigned(claim, UNMATCHED[1][0]).note is AssigneeNote.SEVERAL
    assert assigned(claim, NOT_ASKED).note is AssigneeNote.NOT_LOOKED_UP


def test_a_refusal_is_remembered_until_the_owner_changes():
    claim = update(None, AssigneeNote.NOT_ASSIGNABLE)

    assert assigned(claim, MATCHED).note is AssigneeNote.NOT_ASSIGNABLE
