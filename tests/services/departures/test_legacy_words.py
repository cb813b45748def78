"""What is said of what somebody leaves behind, as a table."""

import pytest

from app.models import ActionItem, Team, User
from app.services.departures.legacies import Legacy
from app.services.departures.legacy_words import LegacyWords, words_of

TOM = [User(name="Tom")]
FOLLOWS = "Where there is an issue, its assignee changes with it."
MAILED = "Whoever gets them is told by e-mail, unless they declined it."
ALONE = "Nobody else facilitates it."


def legacy(items: int, heirs: list[User], successors: list[User], *, alone: bool) -> Legacy:
    return Legacy(Team(), [ActionItem() for _ in range(items)], heirs, alone, successors)


@pytest.mark.parametrize(
    ("left", "leaves", "sends_mail", "words"),
    [
        (
            legacy(1, TOM, [], alone=False), "Maya", True,
            LegacyWords(
                heir="Hand 1 open action item to", kept="Nobody: it stays with Maya",
                hint=f"{FOLLOWS} {MAILED}", show="Show it",
            ),
        ),
        (
            legacy(3, TOM, [], alone=False), "", False,
            LegacyWords(
                heir="Hand 3 open action items to", kept="Nobody: they stay with you",
                hint=FOLLOWS, show="Show the 3",
            ),
        ),
        (
            legacy(1, [], [], alone=False), "", True,
            LegacyWords(stay="1 open action item stays with you.", show="Show it"),
        ),
        (
            legacy(2, [], [], alone=False), "Maya", True,
            LegacyWords(stay="2 open action items stay with Maya.", show="Show the 2"),
        ),
        (
            legacy(0, TOM, TOM, alone=True), "Maya", True,
            LegacyWords(successor=f"{ALONE} From now on does"),
        ),
        (
            legacy(0, [], [], alone=True), "Maya", True,
            LegacyWords(alone=f"{ALONE} Nobody else is in it, either."),
        ),
        (
            legacy(0, [], [], alone=True), "", True,
            LegacyWords(alone=f"{ALONE} Owner and Admins are told, and choose somebody."),
        ),
        (
            legacy(0, [], [], alone=True), "", False,
            LegacyWords(alone=f"{ALONE} Owner and Admins choose somebody."),
        ),
        (legacy(0, TOM, TOM, alone=False), "", True, LegacyWords()),
    ],
)  # fmt: skip
def test_each_state_has_its_words(
    left: Legacy, leaves: str, sends_mail: bool, words: LegacyWords
) -> None:
    assert words_of(left, leaves=leaves, sends_mail=sends_mail) == words
