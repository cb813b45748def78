"""What the settings page says around the default while Jira's part comes and goes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.models import CheckState, ConnectionState, JiraConnection, ProjectMapping, WorkKind
from app.services.labels import Sentence
from app.services.settings.choice_words import Reading, reading_of, words_of
from app.services.settings.drafts import Choice, Draft
from app.services.settings.form import Form, Slot
from app.services.settings.project_choices import TypeOption

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(minutes=5)
SAVED = ProjectMapping(
    project_key="PLAT",
    project_name="Platform",
    issue_type_name="Task",
    check_state=CheckState.READY,
)
BLOCKED = ProjectMapping(check_state=CheckState.BLOCKED)
EMPTY = Slot(
    number=0,
    team=None,
    choice=Choice("", ""),
    changed=False,
    mapping=None,
    former=None,
    project=None,
    project_gone=False,
    types=(),
    issue_type=None,
    type_gone=False,
    types_coming=False,
)
CHOSEN = replace(EMPTY, choice=Choice("10000", "10001"), mapping=SAVED)


def connection(**values: Any) -> JiraConnection:
    trouble = values.pop("trouble", None)
    known = {"state": ConnectionState.CONNECTED, "account_name": "", "projects_fetched_at": NOW}
    row = JiraConnection(**known | values)
    row.works[WorkKind.METADATA].error = trouble
    return row


def form(*mappings: ProjectMapping | None) -> Form:
    slots = [replace(EMPTY, number=at, mapping=row) for at, row in enumerate(mappings)]
    nothing = Draft(version=0, choices={}, overrides=False)
    return Form(draft=nothing, saved=nothing, default=slots[0], teams=slots[1:], projects=())


@pytest.mark.parametrize(
    ("slot", "known", "hint"),
    [
        (CHOSEN, {}, "Every project that our account can see."),
        (CHOSEN, {"account_name": "Sync"}, "Every project that Sync can see."),
        (CHOSEN, {"projects_fetched_at": None}, "Saved: PLAT · Platform"),
        (EMPTY, {"projects_fetched_at": None}, "Every project that our account can see."),
    ],
)
def test_until_projects_are_read_the_saved_one_is_named(slot, known, hint):
    assert words_of(slot, connection(**known)).project_hint == hint


@pytest.mark.parametrize(
    ("slot", "begins"),
    [
        (EMPTY, "Every type of the chosen project."),
        (replace(CHOSEN, types=[TypeOption("10001", "Task")]), "Every type of the chosen project."),
        (CHOSEN, "Saved: Task"),
        (replace(CHOSEN, changed=True), "The types of the chosen project."),
    ],
)
def test_until_types_are_read_the_saved_one_is_named(slot, begins):
    assert words_of(slot, connection()).type_hint.startswith(begins)


@pytest.mark.parametrize(
    ("slot", "known", "meanwhile"),
    [
        (CHOSEN, {}, ""),
        (CHOSEN, {"trouble": "No answer."}, "Your saved choice still counts."),
        (
            EMPTY,
            {"trouble": "No answer.", "projects_fetched_at": None},
            "The list is fetched as soon as it answers.",
        ),
        (EMPTY, {"trouble": "No answer."}, ""),
    ],
)
def test_trouble_says_what_holds_meanwhile(slot, known, meanwhile):
    said = words_of(slot, connection(**known))

    assert (said.trouble, said.meanwhile) == (known.get("trouble", ""), meanwhile)


@pytest.mark.parametrize(
    ("known", "loading"),
    [
        ({"projects_fetched_at": None}, True),
        ({"projects_fetched_at": None, "trouble": "No answer."}, False),
        ({"projects_fetched_at": None, "state": ConnectionState.NEEDS_RECONNECT}, False),
        ({}, False),
    ],
)
def test_projects_are_loading_while_jira_is_asked(known, loading):
    assert words_of(EMPTY, connection(**known)).loading is loading


@pytest.mark.parametrize(
    ("known", "waited_for", "paused_until", "mappings", "reading"),
    [
        (
            {"trouble": "No answer."},
            True,
            LATER,
            [SAVED],
            Reading(Sentence("check waits until", LATER), "player-pause"),
        ),
        ({}, True, None, [SAVED], Reading(Sentence("checking…"), "refresh", spin=True)),
        (
            {"trouble": "No answer."},
            True,
            None,
            [SAVED],
            Reading(Sentence("No answer."), tone="warn"),
        ),
        (
            {"trouble": "No answer."},
            False,
            LATER,
            [SAVED],
            Reading(Sentence("No answer."), tone="warn"),
        ),
        ({}, False, LATER, [SAVED, None], Reading(Sentence("last check", NOW, ", all well"))),
        ({}, False, None, [BLOCKED, SAVED], Reading(Sentence("last check", NOW, ", 1 problem"))),
        ({}, False, None, [BLOCKED, BLOCKED], Reading(Sentence("last check", NOW, ", 2 problems"))),
        ({"projects_fetched_at": None}, False, None, [None], None),
    ],
)
def test_the_last_reading_is_told(known, waited_for, paused_until, mappings, reading):
    said = reading_of(
        connection(**known), form(*mappings), waited_for=waited_for, paused_until=paused_until
    )

    assert said == reading


@pytest.mark.parametrize(
    ("slot", "governing"),
    [
        (CHOSEN, SAVED),
        (replace(CHOSEN, changed=True), None),  # what is chosen is not saved
        (EMPTY, BLOCKED),  # the default's
    ],
)
def test_a_team_follows_its_own_choice_or_the_default(slot, governing):
    assert form(BLOCKED).governing(slot) is governing
