"""What entering Commit would create in Jira, told from our own rows: Jira is not asked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import (
    ActionItem,
    CheckState,
    IssueLink,
    JiraIssueType,
    JiraPerson,
    MatchState,
    ProjectMapping,
    User,
)
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import ASSIGNEE, SYNCED_FIELDS, missing_on
from app.services.grants.troubles import TROUBLES
from app.services.panel import item_states
from app.services.panel.item_states import Hold, IssueKey
from app.services.panel.panels import Panel

PREVIEWED = tuple(field for field in SYNCED_FIELDS if field.preview)


@dataclass(frozen=True)
class PreviewRow:
    """An action item and what becomes of it.

    `key`: it has an issue already, none is created. `unmatched`: it has an assignee who will not
    be it in Jira. `note` says what to know beforehand. `values` are those of the columns by Jira's
    field ids, as a person wrote them; None also where the screen lacks the field.
    """

    item: ActionItem
    key: IssueKey | None
    assignee: User | None
    unmatched: bool
    note: str | None
    values: Mapping[str, Any]


@dataclass(frozen=True)
class Preview:
    """`missing` names the fields that the issue type's create screen lacks.

    `columns` are the synced fields that each row shows. `trouble`: what keeps everything waiting,
    in a sentence; empty if nothing does.
    """

    mapping: ProjectMapping | None
    rows: Sequence[PreviewRow]
    missing: Sequence[str]
    trouble: str
    columns: Sequence[SyncedField] = PREVIEWED

    @property
    def created(self) -> int:
        """How many issues will be created."""
        return sum(row.key is None for row in self.rows) if self.mapping else 0

    @property
    def noted(self) -> int:
        return sum(row.note is not None for row in self.rows)

    @property
    def blocked(self) -> bool:
        """Whether the last check says that Jira will refuse."""
        return self.mapping is not None and self.mapping.check_state is CheckState.BLOCKED


def needed(panel: Panel) -> bool:
    """Whether Commit reaches Jira at all: otherwise there is nothing to show beforehand."""
    nowhere = {Hold.DISCONNECTED, Hold.PLAN}
    return bool(panel.rows) and panel.around.hold not in nowhere


def preview_of(panel: Panel) -> Preview:
    """Tell what Commit does with the panel's items, as far as we know without asking Jira."""
    screen = _screen(panel)
    people, otherwise = _people(panel), _otherwise(panel)
    rows = [_row(row.item, row.link, people, screen, otherwise) for row in panel.rows]
    missing = [field.label for field in missing_on(screen)] if screen else []
    return Preview(panel.mapping, rows, missing, _trouble(panel))


def _trouble(panel: Panel) -> str:
    connection = panel.connection
    if connection is None or connection.state not in TROUBLES:
        return ""
    return TROUBLES[connection.state].heading_for(connection.site_host)


def _row(
    item: ActionItem,
    link: IssueLink | None,
    people: dict[int, MatchState],
    screen: frozenset[str],
    otherwise: str,
) -> PreviewRow:
    match = people.get(item.assignee_id) if item.assignee_id is not None else None
    note = _NOTES.get(match) if match is not None else None
    first_name = item.assignee.name.split()[0] if item.assignee else ""
    shown = not screen or ASSIGNEE.is_on(screen)
    return PreviewRow(
        item=item,
        key=item_states.key_of(link) if link is not None else None,
        assignee=item.assignee if shown else None,
        unmatched=shown and match in _UNUSED,
        note=note.format(name=first_name, otherwise=otherwise) if note and shown else None,
        values={
            field.id: field.source(item) if not screen or field.is_on(screen) else None
            for field in PREVIEWED
        },
    )


def _otherwise(panel: Panel) -> str:
    """What becomes of an issue whose owner is not matched."""
    place = panel.around.place
    if place.substitute_id is None:
        return "The issue is created without an assignee."
    return f"The issue is assigned to {place.substitute or 'the person chosen for this'} instead."


def _people(panel: Panel) -> dict[int, MatchState]:
    if panel.connection is None:
        return {}
    people = db.session.scalars(
        select(JiraPerson).where(JiraPerson.connection_id == panel.connection.id)
    )
    return {person.user_id: person.state for person in people}


def _screen(panel: Panel) -> frozenset[str]:
    """The fields of the create screen; empty while they are unread."""
    if panel.connection is None or panel.mapping is None:
        return frozenset()
    fields = db.session.scalar(
        select(JiraIssueType.fields).where(
            JiraIssueType.connection_id == panel.connection.id,
            JiraIssueType.project_id == panel.mapping.project_id,
            JiraIssueType.issue_type_id == panel.mapping.issue_type_id,
        )
    )
    return frozenset(str(field["id"]) for field in fields or ())


_UNUSED = {MatchState.NONE, MatchState.SEVERAL, MatchState.DIFFERENT}
_NOTES = {
    MatchState.NONE: "{name}’s e-mail matches nobody in Jira. {otherwise}",
    MatchState.SEVERAL: "{name}’s e-mail matches several people in Jira. {otherwise}",
    MatchState.DIFFERENT: "The only account that Jira finds for {name} shows another e-mail. "
    "{otherwise}",
    MatchState.HIDDEN: "Jira hides {name}’s e-mail. The only account found is used.",
}
