"""The pure three-way decision: what changed in Jira alone is taken over. One row, one case."""

from dataclasses import replace
from datetime import date

import pytest

from app.jira.adf import Backlink
from app.jira.types import Issue
from app.services.inbound.merge import Ours, merge

ALL = frozenset({"summary", "assignee", "duedate"})
FIRST, SECOND = date(2026, 12, 1), date(2026, 12, 8)
SNAPSHOT = {
    "summary": "Fix the build",
    "duedate": "2026-12-01",
    "assignee": "maya-account",
    "assignee_id": 1,
}
OURS = Ours(
    {"summary": "Fix the build", "duedate": FIRST, "assignee": 1},
    Backlink("From the retrospective", "https://unpack.test/retrospectives/1"),
)
MEMBERS = {"maya-account": 1, "adam-account": 2}


def issue(
    summary: str | None = "Fix the build",
    due: date | None = FIRST,
    assignee: str | None = "maya-account",
) -> Issue:
    fields = {"summary": summary, "duedate": due, "assignee": assignee}
    return Issue("1", "PLAT-1", fields, summary=summary, due_date=due, assignee_id=assignee)


def written(**values) -> Ours:
    return replace(OURS, sources={**OURS.sources, **values})


def outcome(ours=OURS, read=None, snapshot=SNAPSHOT, switches=ALL, members=MEMBERS):
    merged = merge(switches, snapshot, ours, read or issue(), members)
    return merged.values, merged.taken, merged.kept, merged.left


NOTHING = ({}, [], [], [])


@pytest.mark.parametrize(
    ("ours", "read", "expected"),
    [
        (OURS, issue(), NOTHING),
        # Changed in Jira alone.
        (OURS, issue("Mend it"), ({"title": "Mend it"}, ["summary"], [], [])),
        (OURS, issue(" Mend \n it "), ({"title": "Mend it"}, ["summary"], [], [])),
        (OURS, issue(due=SECOND), ({"due_on": SECOND}, ["duedate"], [], [])),
        (OURS, issue(due=None), ({"due_on": None}, ["duedate"], [], [])),
        (OURS, issue(assignee="adam-account"), ({"assignee_id": 2}, ["assignee"], [], [])),
        (OURS, issue(assignee=None), ({"assignee_id": None}, ["assignee"], [], [])),
        # Changed here alone: it goes out, nothing comes back.
        (written(summary="Ours"), issue(), NOTHING),
        (written(duedate=None), issue(), NOTHING),
        (written(assignee=2), issue(), NOTHING),
        # Changed on both sides: ours wins, and it is said.
        (written(summary="Ours"), issue("Theirs"), ({}, [], ["summary"], [])),
        (written(duedate=None), issue(due=SECOND), ({}, [], ["duedate"], [])),
        (written(assignee=2), issue(assignee=None), ({}, [], ["assignee"], [])),
        (written(assignee=None), issue(assignee="x"), ({}, [], ["assignee"], [])),
        # Changed to the same on both sides: the echo of our own write.
        (written(summary="Same"), issue("Same"), NOTHING),
        (written(duedate=SECOND), issue(due=SECOND), NOTHING),
        (written(assignee=2), issue(assignee="adam-account"), NOTHING),
        (written(assignee=None), issue(assignee=None), NOTHING),
        # Somebody whom nobody here is.
        (OURS, issue(assignee="stranger"), ({}, [], [], ["assignee"])),
        # Nothing there to read.
        (OURS, issue(summary=None), NOTHING),
        (OURS, Issue("1", "PLAT-1", {}), NOTHING),
    ],
)
def test_only_what_changed_in_jira_alone_is_taken_over(ours, read, expected):
    assert outcome(ours, read) == expected


@pytest.mark.parametrize(
    "read", [issue("Mend it"), issue(due=SECOND), issue(assignee=None), issue(assignee="x")]
)
def test_switched_off_nothing_is_taken_over_and_nothing_said(read):
    assert outcome(read=read, switches=frozenset()) == NOTHING


def test_a_link_that_never_sent_anything_has_nothing_to_compare():
    assert outcome(read=issue("Mend it"), snapshot=None) == NOTHING


def test_a_field_that_was_not_on_the_screen_is_left_alone():
    assert outcome(read=issue(due=SECOND, assignee=None), snapshot={"summary": "x"})[1] == []


def test_what_is_taken_over_is_not_sent_back():
    read = issue("Mend it", SECOND, "adam-account")
    merged = merge(ALL, SNAPSHOT, OURS, read, MEMBERS)

    after = written(
        summary=merged.values["title"],
        duedate=merged.values["due_on"],
        assignee=merged.values["assignee_id"],
    )
    again = merge(ALL, {**SNAPSHOT, **merged.snapshot}, after, read, MEMBERS)
    assert (again.values, again.taken, again.kept) == ({}, [], [])


UNMATCHED = {**SNAPSHOT, "assignee": None}


def test_an_unmatched_owner_stays_while_the_issue_is_unassigned():
    ours = replace(OURS, unmatched=True)

    assert outcome(ours, issue(assignee=None), UNMATCHED) == NOTHING
    substitute = {**SNAPSHOT, "assignee": "somebody-else"}
    assert outcome(ours, issue(assignee=None), substitute) == NOTHING


def test_an_issue_given_to_the_owner_by_hand_changes_only_what_is_known_of_it():
    ours = replace(OURS, unmatched=True)
    merged = merge(ALL, UNMATCHED, ours, issue(), MEMBERS)

    assert (merged.values, merged.taken) == ({"assignee_id": 1}, [])
    assert merged.snapshot == {"assignee": "maya-account", "assignee_id": 1}


def test_of_what_is_taken_over_it_is_known_what_both_sides_hold():
    merged = merge(ALL, SNAPSHOT, OURS, issue("Mend it", SECOND, "adam-account"), MEMBERS)

    assert merged.sources == {"summary": "Mend it", "duedate": SECOND.isoformat(), "assignee": 2}
    assert merged.seen == {
        "summary": "Mend it",
        "duedate": SECOND.isoformat(),
        "assignee": "adam-account",
    }
    assert merged.snapshot == {
        "summary": "Mend it",
        "duedate": SECOND.isoformat(),
        "assignee": "adam-account",
        "assignee_id": 2,
    }


def test_one_field_that_is_switched_off_keeps_no_other_from_being_taken_over():
    read = issue("Mend it", SECOND, "adam-account")

    assert outcome(read=read, switches=frozenset({"assignee"}))[1] == ["assignee"]
