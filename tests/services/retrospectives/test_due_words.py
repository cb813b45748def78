"""When an action item is due, in words."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.models import ActionItem, CompletedIn, User
from app.services.retrospectives.due_words import DueWords, day_of, words_of

TODAY = date(2026, 11, 28)
YESTERDAY, DONE_AT = TODAY - timedelta(days=1), datetime(2026, 11, 27, 12, tzinfo=UTC)
MAYA = User(name="Maya Lindqvist")


def item(due_on: date | None = None, **completed: object) -> ActionItem:
    return ActionItem(title="Cut CI time", due_on=due_on, **completed)


def done(where: CompletedIn, by: User | None = None) -> ActionItem:
    return item(YESTERDAY, completed_at=DONE_AT, completed_in=where, completed_by=by)


@pytest.mark.parametrize(
    ("given", "key", "words"),
    [
        (item(), None, DueWords()),
        (item(TODAY), None, DueWords("", TODAY, icon="calendar")),
        (
            item(YESTERDAY),
            None,
            DueWords("Was due", YESTERDAY, icon="calendar-due", overdue=True),
        ),
        (done(CompletedIn.UNPACK, MAYA), None, DueWords("Completed here by Maya,", at=DONE_AT)),
        (done(CompletedIn.UNPACK), None, DueWords("Completed here,", at=DONE_AT)),
        (done(CompletedIn.JIRA), "PLAT-7", DueWords("Completed in Jira by PLAT-7,", at=DONE_AT)),
        (done(CompletedIn.JIRA), None, DueWords("Completed in Jira,", at=DONE_AT)),
    ],
)
def test_a_line_says_when_it_is_due_or_who_completed_it(given, key, words):
    assert words_of(given, TODAY, key) == words


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (item(), DueWords("None")),
        (item(TODAY), DueWords("", TODAY)),
        (item(YESTERDAY), DueWords(", overdue", YESTERDAY, overdue=True)),
        (done(CompletedIn.UNPACK), DueWords("", YESTERDAY)),
    ],
)
def test_a_column_says_the_day_and_whether_it_has_passed(given, words):
    assert day_of(given, TODAY) == words
