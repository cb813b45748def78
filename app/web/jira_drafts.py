"""Reads the Jira settings form, from a submitted form or from an address."""

from collections.abc import Iterable
from typing import Any

from werkzeug.datastructures import MultiDict

from app.identifiers import is_number
from app.models import Organization
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import TAKEN_OVER
from app.services.settings import default_values
from app.services.settings.drafts import (
    DEFAULT,
    DO_NOT_SYNC,
    LEFT_OUT,
    Choice,
    Draft,
    Returning,
    StatusChoice,
)
from app.services.settings.status_choices import (
    CATEGORIES,
    COMPLETED,
    PARTS,
    REOPENED,
    RESOLUTION,
)
from app.web import value_drafts

LONGEST_ID = 32


def project_field(slot: int) -> str:
    """The name of a slot's project field: `project`, or `project-3` for team 3."""
    return "project" if slot == DEFAULT else f"project-{slot}"


def type_field(slot: int) -> str:
    """The name of a slot's issue type field."""
    return "type" if slot == DEFAULT else f"type-{slot}"


def status_field(slot: int, when: str) -> str:
    """The name of a slot’s field for one of `status_choices.PARTS`."""
    return when if slot == DEFAULT else f"{when}-{slot}"


def field_of(slot: int, part: str) -> str:
    """The name of the field that an error is about."""
    if part.startswith(default_values.PART):
        return part.removeprefix(default_values.PART)
    names = {"project": project_field(slot), "type": type_field(slot)}
    return names.get(part) or status_field(slot, part)


def section_of(slot: int, part: str) -> str:
    """The section of the page where an error stands, as *On this page* links to it."""
    if part.startswith(default_values.PART):
        return "fields"
    if part in PARTS:
        return "status"
    return "teams" if slot else "where"


def switch_name(field: SyncedField) -> str:
    """The name of the switch that takes a synced field over: `take-over-due-date`."""
    return (field.switch or "").replace("_", "-")


def draft_from(values: "MultiDict[str, str]", organization: Organization) -> Draft:
    """What was filled in. Slots that are not there are left out, and stay as they are saved."""
    return _draft_of(values, [DEFAULT, *(team.id for team in organization.teams)])


def draft_named(values: "MultiDict[str, str]") -> Draft:
    """The same of the slots that are named, whether or not there is such a team: it is merely
    compared with what was shown."""
    named = (name.removeprefix("project-") for name in values if name.startswith("project-"))
    return _draft_of(values, [DEFAULT, *sorted(int(each) for each in named if is_number(each))])


def _draft_of(values: "MultiDict[str, str]", slots: Iterable[int]) -> Draft:
    present = [slot for slot in slots if project_field(slot) in values]
    version = values.get("version", "")
    number = version.isascii() and version.isdigit() and len(version) < 10
    return Draft(
        version=int(version) if number else -1,
        overrides="overrides" in values,
        choices={slot: _choice(values, slot) for slot in present},
        returning=_returning(values),
        statuses={slot: _status(values, slot) for slot in slots if _has_status(values, slot)},
        values=value_drafts.draft_from(values) if value_drafts.SHOWN in values else None,
    )


def arguments_of(draft: Draft) -> dict[str, Any]:
    """The draft as arguments of an address, for a page that has no scripts."""
    taken_over = [each for each in TAKEN_OVER if each.id in draft.returning.taken_over]
    switches = {
        "overrides": draft.overrides,
        "webhooks": draft.returning.webhooks,
        **dict.fromkeys(map(switch_name, taken_over), True),
    }
    on = {name: "on" for name, is_on in switches.items() if is_on}
    arguments: dict[str, Any] = {"version": draft.version, **on}
    for slot, choice in draft.choices.items():
        arguments[project_field(slot)] = choice.project_id if choice.syncs else DO_NOT_SYNC
        arguments[type_field(slot)] = choice.issue_type_id
    for slot, chosen in draft.statuses.items():
        for when in PARTS:
            arguments[status_field(slot, when)] = chosen.of(when)
    return arguments | (value_drafts.arguments_of(draft.values) if draft.values else {})


def _has_status(values: "MultiDict[str, str]", slot: int) -> bool:
    return all(status_field(slot, when) in values for when in CATEGORIES)


def _status(values: "MultiDict[str, str]", slot: int) -> StatusChoice:
    return StatusChoice(
        values.get(status_field(slot, COMPLETED), "")[:LONGEST_ID],
        values.get(status_field(slot, REOPENED), "")[:LONGEST_ID],
        values.get(status_field(slot, RESOLUTION), "")[:LONGEST_ID],
    )


def _returning(values: "MultiDict[str, str]") -> Returning:
    on = frozenset(field.id for field in TAKEN_OVER if switch_name(field) in values)
    return Returning("webhooks" in values, on)


def _choice(values: "MultiDict[str, str]", slot: int) -> Choice:
    project_id = values.get(project_field(slot), "")[:LONGEST_ID]
    if project_id == DO_NOT_SYNC and slot != DEFAULT:
        return LEFT_OUT
    issue_type_id = values.get(type_field(slot), "")[:LONGEST_ID]
    return Choice(project_id, issue_type_id) if project_id else Choice()
