"""Each row of the table of synced fields is handled in each place: the table, walked.

A new row needs an example here, a line in design.md §2.4, and what how-to.md §1 names.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from app.drain import reading_back
from app.jira.adf import Backlink
from app.jira.errors import JiraRefused
from app.jira.issue_reading import issue
from app.models import CheckState, FailureCode, JiraSettings, MatchState, Operation
from app.services.fields import switches
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import (
    ASSIGNEE,
    DUE_DATE,
    SYNCED_FIELDS,
    TAKEN_OVER,
    TITLE,
    field_missing,
    words_of,
)
from app.services.inbound.merge import Ours, merge
from app.services.mapping import checks
from app.services.mapping.checks import ScreenField, SeenType
from app.services.outbound.claims import Desired
from app.services.outbound.outcomes import Delays, Try, outcome_of
from app.services.people.matches import Match
from app.services.webhooks import desired
from demo.jira_cloud.catalog.fields import FIELDS
from demo.jira_cloud.state import permissions
from tests.support.claims import CLAIM, plan

# By Jira's id: what a person wrote, what they or somebody in Jira write next, and what Jira holds
# then. An assignee is a member here and an account there.
EXAMPLES: dict[str, tuple[Any, Any, Any]] = {
    "summary": ("Cut CI time", "Halve CI time", "Halve CI time"),
    "description": ("**Ten** minutes", "**Five** minutes", None),
    "assignee": (4, 5, {"accountId": "account-5"}),
    "duedate": (date(2026, 12, 4), date(2026, 12, 18), "2026-12-18"),
}
BACKLINK = Backlink("From the retrospective", "https://unpack.test/retrospectives/1")
SCREEN = frozenset(field.id for field in SYNCED_FIELDS)
PERMISSIONS = {checks.BROWSE: True, checks.CREATE: True}
DESIGN = Path(__file__).resolve().parents[3] / "docs/design.md"

every_field = pytest.mark.parametrize("field", SYNCED_FIELDS, ids=lambda field: field.id)
every_switch = pytest.mark.parametrize("field", TAKEN_OVER, ids=lambda field: field.id)


def sources(**changed: Any) -> dict[str, Any]:
    return {field_id: example[0] for field_id, example in EXAMPLES.items()} | changed


def claim(**changed: Any):
    owner = sources(**changed)["assignee"]
    return replace(CLAIM, desired=Desired(sources(**changed), f"{owner}@acme.test", BACKLINK))


def planned(of, screen: frozenset[str] = SCREEN, fields: Sequence[SyncedField] = SYNCED_FIELDS):
    match = Match(MatchState.MATCHED, f"account-{of.desired.assignee_id}")
    return plan(of, screen, match, fields=fields)


def follow_up(fields: Sequence[SyncedField] = SYNCED_FIELDS, **changed: Any):
    """What is planned once everything arrived and something was changed here."""
    snapshot = planned(claim(), fields=fields).snapshot
    after = replace(claim(**changed), issue_id="10100", snapshot=snapshot)
    return planned(after, fields=fields)


def on_screen(*ids: str, required: str = "") -> SeenType:
    fields = [ScreenField(id, id, required=id == required, has_default=False) for id in ids]
    return SeenType(subtask=False, hierarchy_level=0, fields=fields)


def test_the_examples_are_those_of_the_table():
    assert set(EXAMPLES) == {field.id for field in SYNCED_FIELDS}


@every_field
def test_jira_has_such_a_field_and_such_a_permission(field: SyncedField):
    assert field.id in FIELDS
    assert field.permission is None or field.permission in permissions.KNOWN


@every_field
def test_a_create_sends_it_if_the_screen_has_it(field: SyncedField):
    sent = planned(claim())
    without = planned(claim(), SCREEN - {field.id})

    assert field.id in sent.draft.fields
    assert field.id in sent.field_names
    assert (field.id in without.draft.fields) is (field.missing is None)


@every_field
def test_an_edit_sends_it_alone_and_only_once(field: SyncedField):
    assert follow_up().nothing
    changed = follow_up(**{field.id: EXAMPLES[field.id][1]})

    assert list(changed.fields) == ([field.id] if field.follows_edits else [])


def test_a_field_of_the_create_alone_is_never_edited():
    fields = (TITLE, replace(DUE_DATE, follows_edits=False))

    changed = follow_up(fields, duedate=date(2026, 12, 18))

    assert planned(claim(), fields=fields).draft.fields["duedate"] == "2026-12-04"
    assert changed.nothing
    assert changed.snapshot["duedate"] == "2026-12-04"


@every_field
def test_a_refusal_that_names_it_is_not_taken_for_a_field_that_we_lack(field: SyncedField):
    error = JiraRefused("create_issue", status=400, field_errors={field.id: "Not so."})
    tried = Try(Operation.CREATE, 0, datetime(2026, 11, 24, tzinfo=UTC))

    decided = outcome_of(error, tried, Delays(retries=(10.0,), first_probe=15.0))

    assert decided.code is not FailureCode.REQUIRED_FIELD
    assert (decided.assignee_note is not None) is (field is ASSIGNEE)


@every_field
def test_a_check_says_that_the_screen_lacks_it(field: SyncedField):
    state, found = checks.findings(PERMISSIONS, on_screen(*SCREEN - {field.id}))

    if field.missing is None:
        assert (state, found) == (CheckState.READY, [])
    else:
        assert (state, [each.code for each in found]) == (CheckState.LIMITED, [field.missing.code])
        assert field_missing(field.missing.code) is field


@every_field
def test_a_screen_that_demands_it_is_in_the_way_if_it_may_be_empty(field: SyncedField):
    state, _ = checks.findings(PERMISSIONS, on_screen(*SCREEN, required=field.id))

    assert state is (CheckState.READY if field.always_filled else CheckState.BLOCKED)


@every_field
def test_the_log_calls_it_what_a_person_calls_it(field: SyncedField):
    assert words_of([field.id, "customfield_1"]) == f"{field.name}, customfield_1"


@every_field
def test_the_webhook_tells_of_it_and_the_drain_reads_it_if_it_comes_back(field: SyncedField):
    assert (field.id in desired.FIELD_IDS) is (field.read is not None)
    assert (field.id in reading_back.FIELDS) is (field.read is not None)
    assert field.read is not None or field.switch is None


@every_field
def test_what_was_written_is_read_back_as_it_is_remembered(field: SyncedField):
    sent = planned(claim()).draft.fields
    held = issue({"id": "10100", "key": "PLAT-1", "fields": sent})

    if field.read is not None:
        assert field.read(held) == field.remember(sent[field.id]) != None  # noqa: E711


@every_switch
def test_switched_on_it_follows_jira(field: SyncedField):
    _, theirs, in_jira = EXAMPLES[field.id]
    snapshot, members = planned(claim()).snapshot, {"account-5": 5}
    read = issue({"id": "10100", "key": "PLAT-1", "fields": {field.id: in_jira}})
    ours = Ours(sources(), BACKLINK)

    assert merge(frozenset(), snapshot, ours, read, members).values == {}
    merged = merge({field.id}, snapshot, ours, read, members)
    assert merged.values == {field.attribute: theirs}
    assert merged.taken == [field.id]


@every_switch
def test_its_switch_is_kept_in_a_column_of_its_own(field: SyncedField):
    settings = JiraSettings()

    switches.take_over(settings, {field.id})

    assert field.switch in JiraSettings.__table__.columns
    assert switches.taken_over(settings) == {field.id}


@every_field
def test_the_design_has_a_line_for_it(field: SyncedField):
    lines = re.findall(rf"^\| `{field.id}` \|.*$", DESIGN.read_text(), re.MULTILINE)

    assert len(lines) == 1
    cells = [cell.strip() for cell in lines[0].strip("|").split("|")]
    assert cells[1] == field.name
    assert cells[2] == (f"`{field.permission}`" if field.permission else "–")
    assert cells[3] == ("follow" if field.follows_edits else "create only")
    waits = "stay, until a person decides" if field.guarded else "–"
    assert cells[4] == ("by a switch" if field.switch else waits)
