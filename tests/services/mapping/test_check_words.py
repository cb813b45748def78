"""What the settings page says of a check, done, owed and held up."""

from datetime import UTC, datetime
from typing import Any

import pytest

from app.models import CheckState, ConnectionState, JiraConnection, ProjectMapping, WorkKind
from app.services.labels import Sentence
from app.services.mapping.check_words import words_of
from app.services.mapping.checks import FindingCode

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FOUND = [
    {"code": FindingCode.NEEDS_PARENT, "fields": []},
    {"code": FindingCode.MAY_NOT_CREATE, "fields": []},
]
OWED = {"check_state": CheckState.OWED, "checked_at": None, "check_wanted_at": NOW}
AGAIN = {"check_wanted_at": NOW}
BLOCKED = {"check_state": CheckState.BLOCKED, "findings": FOUND}


def mapping(**values: Any) -> ProjectMapping:
    well = {"check_state": CheckState.READY, "checked_at": NOW, "findings": []}
    return ProjectMapping(**well | values)


def connection(*, connected: bool = True, trouble: str | None = None) -> JiraConnection:
    state = ConnectionState.CONNECTED if connected else ConnectionState.NEEDS_RECONNECT
    row = JiraConnection(state=state, account_name="Unpack Sync")
    row.works[WorkKind.METADATA].error = trouble
    return row


@pytest.mark.parametrize(
    ("check", "asked", "chips"),
    [
        ({}, {}, ["Ready"]),
        ({"check_state": CheckState.LIMITED, "findings": FOUND[:1]}, {}, ["Needs a parent"]),
        (BLOCKED, {}, ["Needs a parent", "May not create"]),
        (OWED, {}, ["Checking…"]),
        (OWED, {"connected": False}, ["Not checked yet"]),
        (OWED, {"trouble": "No answer."}, ["Not checked yet"]),
        (OWED | {"check_wanted_at": None}, {}, ["Not checked yet"]),
        (OWED | {"checked_at": NOW}, {"connected": False}, ["Not checked now"]),
        # Another one is wanted: what the last one said stands, unless Jira does not answer.
        (AGAIN, {}, ["Ready"]),
        (AGAIN, {"trouble": "No answer."}, ["Not checked now"]),
    ],
)
def test_the_chips_say_what_was_found(check, asked, chips):
    said = words_of(mapping(**check), connection(**asked))

    assert [chip.words for chip in said.chips] == chips


@pytest.mark.parametrize(
    ("check", "asked", "sentence"),
    [
        (
            {},
            {},
            Sentence("Creating is allowed, no required field is missing. Checked at", NOW, "."),
        ),
        (BLOCKED, {}, Sentence("Checked at", NOW, ".")),
        (
            OWED,
            {},
            Sentence("Whether Unpack Sync may create issues there, and which fields they have."),
        ),
        (
            OWED,
            {"connected": False},
            Sentence("The check is owed. It runs as soon as Jira answers."),
        ),
        (
            AGAIN,
            {"trouble": "No answer."},
            Sentence(
                "Last checked at",
                NOW,
                ": ready. The next check is owed until Jira answers.",
            ),
        ),
        (
            AGAIN | BLOCKED,
            {"trouble": "No answer."},
            Sentence(
                "Last checked at",
                NOW,
                ": with findings. The next check is owed until Jira answers.",
            ),
        ),
    ],
)
def test_a_sentence_says_when_and_what_is_owed(check, asked, sentence):
    assert words_of(mapping(**check), connection(**asked)).sentence == sentence


@pytest.mark.parametrize(
    ("check", "asked", "shown"),
    [
        ({}, {}, False),
        (BLOCKED, {}, True),
        (BLOCKED | AGAIN, {}, True),
        (BLOCKED | AGAIN, {"trouble": "No answer."}, False),
        (OWED, {}, False),
    ],
)
def test_findings_are_explained_while_they_count(check, asked, shown):
    assert words_of(mapping(**check), connection(**asked)).shows_findings is shown


def test_what_is_not_saved_is_not_checked():
    said = words_of(None, connection())

    assert [chip.words for chip in said.chips] == ["Not checked yet"]
    assert said.sentence == Sentence("Checked with Jira as soon as you save.")
