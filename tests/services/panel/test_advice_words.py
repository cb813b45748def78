"""What went wrong and what helps, for whoever reads it, and where."""

from dataclasses import replace

import pytest

from app.models import ActionItem, IssueLink, Retrospective
from app.services.panel import advice_words
from app.services.panel.advice_words import AdviceWords
from app.services.panel.causes import Group
from app.services.panel.item_messages import Message, same_for_all
from app.services.panel.item_states import ItemState
from app.services.panel.panels import Row

DENIED = Message(
    "bad", "Ask a Jira admin.", "Ask an admin.", heading="Permission denied", quote="No.",
    endpoint="jira_settings.edit", link="Open the settings",
)  # fmt: skip
STRONG = "Permission denied. Jira said: “No.”"
PAGE = {"endpoint": "jira_settings.edit", "link": "Open the settings"}
ADMINS = AdviceWords("bad", STRONG, "Ask a Jira admin.", **PAGE)
THERE = same_for_all("", "It is there.")


def row(chip: str = "error", message: Message | None = DENIED, tries: int = 3) -> Row:
    item = ActionItem(id=1, title="Cut CI time", retrospective=Retrospective())
    return Row(item, IssueLink(tries=tries), ItemState(chip, message=message))


@pytest.mark.parametrize(
    ("given", "administers", "words"),
    [
        (row(), True, replace(ADMINS, tries="See all 3 tries")),
        (row(tries=1), True, replace(ADMINS, tries="See the try")),
        (row(), False, AdviceWords("bad", STRONG, "Ask an admin.")),
        (row("retrying"), True, ADMINS),
        (row("synced", THERE), False, AdviceWords("", "", "It is there.")),
        (row("synced", None), True, None),
    ],
)  # fmt: skip
def test_a_row_says_what_its_reader_can_do(given, administers, words):
    assert advice_words.of_row(given, administers=administers) == words


def test_a_group_says_how_many_first():
    group = Group(DENIED, (row(), row()))

    said = advice_words.of_group(group, administers=True)

    assert said.strong == f"2 could not be created. {STRONG}"
    assert said.tries == "See all tries"
    assert advice_words.of_group(group, administers=False).tries == ""


def test_beneath_a_heading_it_is_not_said_again():
    said = advice_words.in_log(DENIED, headed=True)

    assert said == AdviceWords("bad", "Jira said: “No.”", "Ask a Jira admin.", **PAGE)
    assert advice_words.in_log(replace(DENIED, quote=""), headed=True).strong == ""


def test_an_entry_of_the_log_says_it_whole():
    assert advice_words.in_log(DENIED).strong == STRONG


def test_jiras_words_never_stand_without_ours():
    assert advice_words.in_log(replace(DENIED, heading="")).strong == ""
