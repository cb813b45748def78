"""Planted faults about what admins choose: field values, teams that do not sync, a pause."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from typing import Any
from unittest import mock

from sqlalchemy import false, true

from app.models import (
    IssueLink,
    JiraConnection,
    MappingValue,
    Organization,
    ProjectMapping,
    obstacles,
)
from app.models.field_note import Note, keep_notes
from app.services.fields.table import BY_ID
from app.services.grants.asking import usable_connection
from app.services.outbound import due_transitions, fence, lesser, links, remembered
from app.services.settings import save_values
from app.services.work import due_links
from tests.simulation.planted_fault import Fault, both, enter, replaced


def _keep_removed(mapping: ProjectMapping, rows: Sequence[MappingValue]) -> None:
    """Whatever was saved once stays, unless something else is saved for it."""
    new = {row.field_id for row in rows}
    kept = [row.copied() for row in mapping.values if row.field_id not in new]
    _replace_values(mapping, [*rows, *kept])


def _keep_what_is_ours(link: IssueLink, notes: Mapping[str, Note]) -> None:
    """A note of a field value has its name; the fields of action items have their own words."""
    keep_notes(link, {field_id: each for field_id, each in notes.items() if not each.name})


def _ours_alone(plan: Any, name: str) -> bool:
    """The fields of action items may be left out, and no value that admins have chosen."""
    return name in BY_ID and _may_be_left_out(plan, name)


def _whatever_was_saved(*_: Any) -> Any:
    return true()


def _no_pause(stack: ExitStack) -> None:
    """Paused or not: asked of a row, and as a condition of a query."""

    def never(_: Any, connection: Any, __: Any) -> Any:
        return false() if connection is JiraConnection else False

    changed = {obstacles.Obstacle.SUSPENSION: never}
    enter(stack, mock.patch.dict(obstacles._RULES, changed))


def _not_in_a_pause(organization: Organization) -> JiraConnection | None:
    found = _usable_connection(organization)
    return None if found is None or found.suspended else found


def _syncs(*_: Any) -> bool:
    return False


_replace_values = save_values._replace
_may_be_left_out = lesser._may_be_left_out
_usable_connection = usable_connection
_wanted = replaced(due_links, "team_wants_it", true)

FAULTS = (
    Fault("removed is sent", "a field value is what admins have saved (design.md §2.10)",
          replaced(save_values, "_replace", _keep_removed), "values"),
    Fault("left out unsaid", "what is left out is noted (design.md §2.10)",
          replaced(remembered, "keep_notes", _keep_what_is_ours), "values"),
    Fault("an option costs the issue", "an optional field never costs the rest (design.md §4)",
          replaced(lesser, "_may_be_left_out", _ours_alone), "values"),
    Fault("values of yesterday", "after a save the rest is claimed again (design.md §2.10)",
          replaced(fence, "_still_chosen", _whatever_was_saved), "refusals"),
    Fault("sends in a pause", "nothing leaves while syncing is paused (design.md §2.8)",
          _no_pause, "pauses"),
    Fault("forgotten in a pause", "what people ask for in a pause waits (design.md §2.8)",
          replaced(links, "usable_connection", _not_in_a_pause), "pauses"),
    Fault("sends what is left out", "what a team left out has due, waits (design.md §2.9)",
          both(_wanted, replaced(due_transitions, "team_wants_it", true)), "pauses"),
    Fault("commits what is left out", "Commit opens no links for such a team (design.md §2.9)",
          replaced(links, "does_not_sync", _syncs), "pauses"),
)  # fmt: skip
