"""The form of a mapping's field values: what is saved or typed, and what its screen has."""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, JiraIssueType, ProjectMapping
from app.services.field_values.field_kind import Kind, ValueInvalid
from app.services.field_values.field_kinds import BY_CODE, kind_of, why_unsupported
from app.services.field_values.schemas import Schema
from app.services.fields.table import BY_ID
from app.services.mapping import screens, sent_values
from app.services.mapping.mappings import Target, target_of
from app.services.settings.value_rows import ValueDraft, ValueRow, parts_of

# More than so many are searched, not drawn.
MANY_FIELDS = 100
UNREAD = (
    "Jira has not told us just now which fields this type has. Nothing is saved: open the page "
    "again in a moment."
)
_NOT_OURS = {"project", "issuetype", *BY_ID}


@dataclass(frozen=True)
class ScreenField:
    """A field of the create screen that is not ours already. kind: None where there is none."""

    id: str
    name: str
    required: bool
    schema: Schema
    kind: Kind | None

    @property
    def why_not(self) -> str:
        """Why it cannot be sent."""
        return why_unsupported(self.schema)


@dataclass(frozen=True)
class ValueForm:
    """All of it, of a project and type.

    mapping: whose it is; None before one is saved. may_follow: a team's that goes where the default
    goes. screen: None if unread.
    """

    mapping: ProjectMapping | None
    target: Target
    type_name: str
    draft: ValueDraft
    rows: Sequence[ValueRow]
    screen: Sequence[ScreenField] | None
    may_follow: bool
    follows: bool

    @property
    def loses(self) -> bool:
        """Whether something is typed in that cannot be read, because the screen is not known."""
        shown = {row.field_id for row in self.rows}
        typed = [name for name, parts in self.draft.parts.items() if any(parts)]
        return self.screen is None and not shown.issuperset(typed)

    @property
    def place(self) -> str:
        """ "Task in PLAT"."""
        return f"{self.type_name} in {self.target.project_key}"

    @property
    def shown(self) -> str:
        """The ids of the fields that have a row, as an address says them."""
        return ",".join(row.field_id for row in self.rows)

    @property
    def kept_rows(self) -> tuple[str, str]:
        """The ids of those that are saved, and of those that somebody has put here or left."""
        saved = sorted(row.field_id for row in (self.mapping.values if self.mapping else ()))
        rows = [row.field_id for row in self.rows if not row.required or row.field_id in saved]
        return ",".join(saved), ",".join(sorted(rows))

    @property
    def others(self) -> list[ScreenField]:
        """The fields that are in no row yet, by name, those that can be sent first."""
        return others(self.screen or (), {row.field_id for row in self.rows})

    def row(self, field_id: str) -> ValueRow | None:
        """The row of the field; None where it has none."""
        return next((row for row in self.rows if row.field_id == field_id), None)


def form_of(
    connection: JiraConnection, mapping: ProjectMapping, draft: ValueDraft | None = None
) -> ValueForm:
    """The form of a mapping as `draft` fills it in, else as it is saved. Reads rows, never Jira."""
    return form_at(connection, mapping, target_of(mapping), mapping.issue_type_name, draft)


def form_at(
    connection: JiraConnection,
    mapping: ProjectMapping | None,
    target: Target,
    type_name: str,
    draft: ValueDraft | None = None,
) -> ValueForm:
    """The same for a project and type that it may not have yet."""
    may_follow = False
    if mapping is not None:
        default = sent_values.default_of(mapping, connection.mappings)
        may_follow = default is not None and sent_values.goes_where(mapping, default)
    draft = draft or _saved_draft(mapping, may_follow)
    screen = screen_of(connection.id, target)
    return ValueForm(
        mapping=mapping,
        target=target,
        type_name=type_name,
        draft=draft,
        rows=_rows(connection.id, target, mapping, draft, screen),
        screen=screen,
        may_follow=may_follow,
        follows=may_follow and bool(draft.as_default),
    )


def others(screen: Iterable[ScreenField], shown: Container[str]) -> list[ScreenField]:
    """The fields of a screen that are not shown, by name, those that can be sent first."""
    found = [each for each in screen if each.id not in shown]
    return sorted(found, key=lambda each: (each.kind is None, each.name.casefold()))


def checked(form: ValueForm) -> ValueForm:
    """The same with what is wrong at each row. Pure."""
    return replace(form, rows=[_checked(row, form.place) for row in form.rows])


def _checked(row: ValueRow, place: str) -> ValueRow:
    if not row.on_screen:
        return row
    try:
        value = row.parsed()
    except ValueInvalid as invalid:
        return replace(row, error=invalid.sentence)
    if value is None and row.required:
        return replace(row, error=f"Fill it in. There is no {place} without it.")
    if row.required and isinstance(value, Mapping) and value.get("role") and not value["fallback"]:
        return replace(row, error="Choose who stands in where nobody is matched.")
    return row


def _saved_draft(mapping: ProjectMapping | None, may_follow: bool) -> ValueDraft:
    if mapping is None:
        return ValueDraft(version=0, parts={})
    return ValueDraft(
        version=mapping.version,
        parts={row.field_id: parts_of(row.value) for row in mapping.values},
        as_default=mapping.values_as_default if may_follow else None,
    )


def screen_of(connection_id: int, target: Target) -> list[ScreenField] | None:
    """The fields of a create screen that are not ours already; None before it was read."""
    kept = db.session.scalar(
        select(JiraIssueType.fields).where(
            JiraIssueType.connection_id == connection_id,
            JiraIssueType.project_id == target.project_id,
            JiraIssueType.issue_type_id == target.issue_type_id,
        )
    )
    if kept is None:
        return None
    fields = [(each, Schema.kept(each)) for each in kept if each["id"] not in _NOT_OURS]
    return [
        ScreenField(
            each["id"],
            each["name"],
            each["required"] and not each["has_default"] and each["id"] != "reporter",
            schema,
            kind_of(schema),
        )
        for each, schema in fields
    ]


def _rows(
    connection_id: int,
    target: Target,
    mapping: ProjectMapping | None,
    draft: ValueDraft,
    screen: Sequence[ScreenField] | None,
) -> list[ValueRow]:
    """What the draft has, and what the type demands."""
    by_id = {each.id: each for each in screen or ()}
    saved = {row.field_id: row for row in mapping.values} if mapping else {}
    demanded = [each.id for each in screen or () if each.required and each.kind]
    wanted = list(dict.fromkeys([*draft.parts, *demanded]))
    options = screens.options_of(connection_id, target, wanted)
    rows = []
    for field_id in wanted:
        there, kept = by_id.get(field_id), saved.get(field_id)
        kind = there.kind if there else BY_CODE.get(kept.kind) if kept else None
        if kind is None:
            continue
        same = there is not None and (kept is None or kept.fingerprint == there.schema.fingerprint)
        row = ValueRow(
            field_id=field_id,
            name=there.name if there else kept.name if kept else field_id,
            kind=kind,
            fingerprint=there.schema.fingerprint if there else kept.fingerprint if kept else "",
            required=bool(there and there.required),
            on_screen=same or screen is None,
            parts=draft.parts.get(field_id, ()),
            stored=kept.value if kept else None,
            options=options.get(field_id) if kind.lists_options else None,
            names=draft.names,
        )
        rows.append(row)
    return sorted(rows, key=lambda row: not row.required)
