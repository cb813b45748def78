"""What is sent once more, with less, after Jira refused a request. Pure (design.md §4)."""

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any

from app.jira import adf
from app.jira.errors import JiraError
from app.models.field_note import Note, NoteReason
from app.services.field_values.leaving_values import sprint_field
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import ASSIGNEE, BY_ID
from app.services.outbound import snapshots
from app.services.outbound.plan import Plan

# Jira's code for a document that its converter fails on (jira-platform.md §3).
INVALID_INPUT = "INVALID_INPUT"


def named_in(error: JiraError, plan: Plan) -> frozenset[str]:
    """The ids of the fields that a refusal names.

    A sprint that was closed meanwhile is refused by its number alone, in whatever language.
    """
    return frozenset(error.field_errors) or _sprint_in(error, plan)


def _sprint_in(error: JiraError, plan: Plan) -> frozenset[str]:
    field_id = sprint_field(plan.claim.sent_with.values) if plan.claim.sent_with else None
    number = str(plan.sent.get(field_id or "", ""))
    numbers = {each for message in error.messages for each in re.findall(r"\d+", message)}
    return frozenset({field_id}) if field_id and number in numbers else frozenset()


def asks_for_the_screen(plan: Plan, error: JiraError) -> bool:
    """Whether it matters which fields the screen has by now, and which of them it demands."""
    named = named_in(error, plan)
    return error.status == 400 and bool(named) and _all_optional(plan, named)


def lesser(
    plan: Plan, error: JiraError, screen: Mapping[str, bool], screen_name: str = ""
) -> Plan | None:
    """The plan with less in it that is worth another request at once; None for a refusal.

    screen: by field id whether the screen demands it, as read after the refusal; empty where it
    was not asked for.
    """
    if error.status != 400:
        return None
    named = named_in(error, plan)
    if named:
        if not _all_optional(plan, named) or any(screen.get(name) for name in named):
            return None
        return _relieved(plan, named, screen, screen_name)
    documents = {name for name in _optional(plan) if name in BY_ID and BY_ID[name].guarded}
    if INVALID_INPUT in error.messages and documents:
        return _relieved(plan, documents, screen, screen_name)
    if plan.creates and INVALID_INPUT not in error.messages:
        return _without(plan, _optional(plan), screen, screen_name)
    return None


def _all_optional(plan: Plan, named: Collection[str]) -> bool:
    """A field that was not sent is a required one; the assignee's refusal has a way of its own."""
    return all(_may_be_left_out(plan, name) for name in named) and ASSIGNEE.id not in named


def _may_be_left_out(plan: Plan, name: str) -> bool:
    """A field value may, too, unless the screen, read again, demands it."""
    if name in BY_ID:
        return name in plan.sent and BY_ID[name].missing is not None
    return name in plan.value_names and name in plan.sent


def _optional(plan: Plan) -> list[str]:
    """The optional fields that are sent with something in them."""
    return [
        name
        for name, value in plan.sent.items()
        if value is not None and _all_optional(plan, [name])
    ]


def _relieved(
    plan: Plan, named: Collection[str], screen: Mapping[str, bool], screen_name: str
) -> Plan | None:
    """A document that was not plain yet goes out plainly, everything else stays out."""
    rich = {
        name
        for name in named
        if name in BY_ID
        and BY_ID[name].guarded
        and plan.sent[name] is not None
        and name not in plan.findings.notes
        and (not screen or name in screen)
    }
    left = [name for name in named if name not in rich]
    relieved = _without(plan, left, screen, screen_name) if left else plan
    for name in rich:
        relieved = _plainly(relieved, BY_ID[name], screen_name) if relieved else None
    return relieved


def _plainly(plan: Plan, field: SyncedField, screen_name: str) -> Plan:
    desired = plan.claim.desired
    document = adf.plain_document(desired.sources[field.id], desired.backlink)
    snapshot = {**plan.snapshot, field.id: adf.digest(document)}
    snapshot = snapshots.with_sent(snapshot, {field.id: adf.projection(document)})
    note = {field.id: Note(NoteReason.PLAIN, screen_name)}
    return _changed(plan, {**plan.sent, field.id: document}, snapshot, note)


def _without(
    plan: Plan, names: Collection[str], screen: Mapping[str, bool], screen_name: str
) -> Plan | None:
    """None where nothing would be left that a person wrote.

    Nothing at all is left of what went out because a check had found it again: nobody waits for it.
    """
    sent = {name: value for name, value in plan.sent.items() if name not in names}
    if not names or not (sent or _all_found_again(plan)):
        return None
    notes = {name: _note(plan, name, screen, screen_name) for name in names}
    fields = [BY_ID[name] for name in names if name in BY_ID]
    snapshot = snapshots.without(plan.snapshot, plan.claim.snapshot, fields)
    return _changed(plan, sent, snapshots.without_values(snapshot, names), notes)


def _all_found_again(plan: Plan) -> bool:
    notes = plan.claim.notes
    return all(name in notes and notes[name].found_again for name in plan.sent)


def _note(plan: Plan, field_id: str, screen: Mapping[str, bool], screen_name: str) -> Note:
    """What is on the screen, and needs no permission, is no news to a check that finds it there."""
    known, name = plan.claim.notes.get(field_id), plan.value_names.get(field_id, "")
    found = known is not None and known.found
    if screen and field_id not in screen:
        return Note(NoteReason.NOT_ON_SCREEN, screen_name, found, name)
    unneeding = field_id in BY_ID and BY_ID[field_id].permission is None
    return Note(NoteReason.REFUSED, screen_name, found or unneeding, name)


def _changed(
    plan: Plan, sent: Mapping[str, Any], snapshot: dict[str, Any], notes: Mapping[str, Note]
) -> Plan:
    findings = replace(plan.findings, notes={**plan.findings.notes, **notes})
    if plan.draft is not None:
        draft = replace(plan.draft, fields=dict(sent))
        return replace(plan, draft=draft, snapshot=snapshot, findings=findings)
    return replace(plan, fields=dict(sent), snapshot=snapshot, findings=findings)
