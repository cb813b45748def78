"""What the page before Commit says, case by case."""

import pytest

from app.models import CheckState, MatchState, ProjectMapping
from app.services.panel.advice import Place
from app.services.panel.preview_words import Counts, Owner, OwnerWords, owner_words, words_of

NOBODY, SOMEBODY = Place(), Place(substitute="Olga Brandt", substitute_id="5b10")


def mapping(state: CheckState = CheckState.READY) -> ProjectMapping:
    return ProjectMapping(
        project_key="PLAT",
        project_name="Platform",
        issue_type_name="Task",
        check_state=state,
    )


def said(
    counts: Counts,
    chosen: ProjectMapping | None,
    *missing: str,
    trouble: str = "",
    left_open: int = 0,
):
    return words_of(chosen, counts, "Platform", trouble, list(missing), left_open)


@pytest.mark.parametrize(
    ("counts", "lede", "button"),
    [
        (
            Counts(1, 0, 0),
            "1 action item becomes 1 Task in PLAT · Platform. Nothing has been sent yet.",
            "Commit 1 action item",
        ),
        (
            Counts(3, 6, 0),
            "3 action items become 3 Tasks in PLAT · Platform, 6 have their issues already. "
            "Nothing has been sent yet.",
            "Commit 3 action items",
        ),
        (
            Counts(2, 1, 1),
            "2 action items become 2 Tasks in PLAT · Platform, 1 has its issue already, 1 stays "
            "unlinked. Nothing has been sent yet.",
            "Commit 2 action items",
        ),
        (
            Counts(0, 4, 0),
            "Every action item has its issue already. Nothing is created.",
            "Continue to Commit",
        ),
        (
            Counts(0, 2, 2),
            "2 have their issues already, 2 stay unlinked. Nothing is created.",
            "Continue to Commit",
        ),
    ],
)
def test_the_counts_are_those_of_what_is_created(counts, lede, button):
    words = said(counts, mapping())

    assert (words.lede, words.button) == (lede, button)
    assert bool(words.hint) is bool(counts.created)


def test_without_a_project_nothing_goes_out():
    words = said(Counts(1, 0, 0, noted=1), None)

    assert words.lede.startswith("1 action item stays in Unpack only")
    assert [each.heading for each in words.notices] == ["No Jira project is chosen for Platform."]
    assert words.hint == ""


@pytest.mark.parametrize(
    ("words", "headings"),
    [
        (said(Counts(2, 0, 0), mapping()), []),
        (said(Counts(2, 0, 0, noted=1), mapping()), ["1 has a note."]),
        (said(Counts(2, 0, 0, noted=2), mapping()), ["2 have a note."]),
        (said(Counts(2, 0, 0), mapping(CheckState.BLOCKED)), ["Jira will probably refuse these."]),
        (said(Counts(2, 0, 0), mapping(), trouble="Jira is away."), ["Jira is away."]),
        (
            said(Counts(2, 0, 0), mapping(), "Assignee", "Due date"),
            ["Assignee, Due date: not on this project’s create screen."],
        ),
    ],
)
def test_each_obstacle_has_its_notice(words, headings):
    assert [each.heading for each in words.notices] == headings


@pytest.mark.parametrize(
    ("match", "looking", "place", "words"),
    [
        (MatchState.MATCHED, False, NOBODY, OwnerWords(person=True)),
        (
            MatchState.HIDDEN,
            False,
            NOBODY,
            OwnerWords(
                person=True, note="Jira hides Tom’s e-mail. The only account found is used."
            ),
        ),
        (
            MatchState.SEVERAL,
            False,
            SOMEBODY,
            OwnerWords(
                icon="user-question",
                words="No match for Tom",
                tone="warn",
                note="Tom’s e-mail matches several people in Jira. The issue is assigned to Olga "
                "Brandt instead. Ask an admin to pick Tom’s Jira account.",
            ),
        ),
        (None, True, NOBODY, OwnerWords(icon="circle-dashed", words="Not checked yet")),
        (
            None,
            False,
            NOBODY,
            OwnerWords(
                icon="circle-dashed",
                words="Not checked yet",
                note="Nobody has looked for Tom in Jira yet. That is done when the issue is "
                "created.",
            ),
        ),
    ],
)
def test_an_owner_is_promised_only_once_they_are_known(match, looking, place, words):
    assert owner_words(Owner("Tom Becker", match), place, looking=looking) == words


def test_an_item_of_nobody_is_unassigned():
    assert owner_words(None, NOBODY, looking=False) == OwnerWords(words="Unassigned")


@pytest.mark.parametrize(
    ("counts", "button"),
    [
        (Counts(1, 1, 0, new=1, carried=1), "Commit 2 action items: 1 new, 1 carried over"),
        (Counts(3, 0, 0, new=1, carried=2), "Commit 3 action items: 1 new, 2 carried over"),
        (Counts(2, 0, 0, new=0, carried=2), "Commit 2 action items: 2 carried over"),
        (Counts(0, 1, 0, new=0, carried=1), "Continue to Commit"),
    ],
)
def test_the_button_tells_new_ones_from_those_carried_over(counts, button):
    assert said(counts, mapping()).button == button


def test_without_a_project_the_button_tells_them_apart_too():
    words = said(Counts(2, 0, 0, new=1, carried=1), None)

    assert words.button == "Commit 2 action items: 1 new, 1 carried over"


@pytest.mark.parametrize(
    ("left", "heading"),
    [
        (1, "1 action item of last time is open and not carried over."),
        (3, "3 action items of last time are open and not carried over."),
    ],
)
def test_what_was_left_undecided_is_counted_and_keeps_nobody_from_committing(left, heading):
    [notice] = said(Counts(1, 0, 0, new=1), mapping(), left_open=left).notices

    assert (notice.tone, notice.heading) == ("busy", heading)
    assert "next retrospective" in notice.sentence
