"""What the People page says of a member, and what it offers."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.models import JiraPerson, Membership, User
from app.services.labels import Sentence
from app.services.people.member_words import MemberWords, words_of
from app.services.people.members import MatchStatus, Member, People, Prompt

FOUND_AT = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def said(status: MatchStatus, *, looking: bool = False, may_look: bool = True) -> MemberWords:
    return words_of(member(status), looking=looking, may_look=may_look)


def member(status: MatchStatus, **person: Any) -> Member:
    known = {"account_name": "Ada B.", "found_at": FOUND_AT} | person
    row = None if status is MatchStatus.UNKNOWN else JiraPerson(**known)
    return Member(Membership(user=User(name="Tom Becker")), row, status)


@pytest.mark.parametrize(
    ("status", "looking", "chip"),
    [
        (MatchStatus.MATCHED, False, ("ready", "Matched")),
        (MatchStatus.PICKED, False, ("ready", "Picked by hand")),
        (MatchStatus.HIDDEN, False, ("limited", "E-mail hidden")),
        (MatchStatus.SEVERAL, False, ("limited", "Several")),
        (MatchStatus.DIFFERENT, False, ("limited", "Different e-mail")),
        (MatchStatus.NONE, False, ("blocked", "Not found")),
        (MatchStatus.EXCLUDED, False, ("limited", "Cannot be assigned")),
        (MatchStatus.NOT_SEARCHABLE, False, ("blocked", "Cannot be looked up")),
        (MatchStatus.NONE, True, ("blocked", "Not found")),
        (MatchStatus.UNKNOWN, True, ("syncing", "Looking…")),
        (MatchStatus.UNKNOWN, False, ("idle", "Not checked now")),
    ],
)
def test_each_status_has_its_chip(status, looking, chip):
    found = said(status, looking=looking).chip

    assert (found.state, found.words) == chip


@pytest.mark.parametrize(
    ("status", "looking", "account", "nobody", "note"),
    [
        (MatchStatus.MATCHED, False, "Ada B.", "", ""),
        (MatchStatus.HIDDEN, False, "Ada B.", "", "The only account found, but Jira hides"),
        (MatchStatus.NONE, False, "", "None", "Tom’s e-mail matches nobody active in Jira. Pick"),
        (MatchStatus.SEVERAL, False, "", "None", "Tom’s e-mail matches several people in Jira. P"),
        (MatchStatus.DIFFERENT, False, "", "None", "The only account that Jira finds for Tom"),
        (MatchStatus.EXCLUDED, False, "", "None", "Tom has a Jira account that is inactive or"),
        (MatchStatus.NOT_SEARCHABLE, False, "", "None", "The connected account may not look for"),
        (MatchStatus.UNKNOWN, True, "", "Looking in Jira…", ""),
        (MatchStatus.UNKNOWN, False, "", "Not known now: it was not looked up, or more than 7 days "
         "ago.", ""),
    ],
)  # fmt: skip
def test_the_account_or_why_there_is_none(status, looking, account, nobody, note):
    words = said(status, looking=looking)

    assert (words.account, words.nobody) == (account, nobody)
    assert words.note.before.startswith(note)
    assert bool(words.note.before) is bool(note)


@pytest.mark.parametrize(
    ("picked_by", "note"),
    [
        (User(name="Adam Novak"), Sentence("By Adam Novak,", FOUND_AT, ".")),
        (None, Sentence("", FOUND_AT, ".")),
    ],
)
def test_a_picked_account_says_by_whom_and_when(picked_by, note):
    picked = member(MatchStatus.PICKED, picked_by=picked_by)

    assert words_of(picked, looking=False, may_look=True).note == note


def test_an_account_without_a_name_was_found_all_the_same():
    nameless = member(MatchStatus.MATCHED, account_name="")

    assert words_of(nameless, looking=False, may_look=True).account == "Found"


@pytest.mark.parametrize(
    ("status", "offers"),
    [
        (MatchStatus.NONE, {"look_again", "pick"}),
        (MatchStatus.SEVERAL, {"look_again", "pick"}),
        (MatchStatus.DIFFERENT, {"look_again", "pick"}),
        (MatchStatus.HIDDEN, {"confirm", "pick"}),
        (MatchStatus.UNKNOWN, {"pick"}),
        (MatchStatus.PICKED, {"clear"}),
        (MatchStatus.MATCHED, {"pick"}),
    ],
)
def test_each_status_offers_what_helps(status, offers):
    assert offered(said(status)) == offers


@pytest.mark.parametrize(
    ("status", "offers"),
    [
        (MatchStatus.NONE, set()),
        (MatchStatus.HIDDEN, {"confirm"}),
        (MatchStatus.PICKED, {"clear"}),
    ],
)
def test_without_jira_nothing_is_looked_for(status, offers):
    assert offered(said(status, may_look=False)) == offers


@pytest.mark.parametrize(
    ("facts", "prompt"),
    [
        ({"project_key": None, "trouble": "No answer."}, Prompt.CHOOSE_PROJECT),
        ({"trouble": "No answer."}, Prompt.TROUBLE),
        ({}, Prompt.LOOK_UP),
        ({"looking": True}, None),
        ({"connected": False}, None),
        ({"members": [member(MatchStatus.MATCHED)]}, None),
    ],
)
def test_what_comes_first_is_said(facts, prompt):
    assert people(**facts).prompt is prompt


@pytest.mark.parametrize(
    ("facts", "may_look"),
    [({}, True), ({"connected": False}, False), ({"project_key": None}, False)],
)
def test_jira_is_asked_with_a_project_and_a_connection(facts, may_look):
    assert people(**facts).may_look is may_look


def offered(words: MemberWords) -> set[str]:
    names = ("confirm", "clear", "look_again", "pick")
    return {name for name in names if getattr(words, f"may_{name}")}


def people(**facts: Any) -> People:
    values: dict[str, Any] = {
        "members": [member(MatchStatus.UNKNOWN)],
        "project_key": "PLAT",
        "connected": True,
        "looking": False,
        "trouble": None,
        "tries_again": False,
    }
    return People(**values | facts)
