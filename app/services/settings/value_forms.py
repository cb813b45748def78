"""The form of a mapping's field values: what is saved or typed, and what its screen has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, JiraIssueType, ProjectMapping
from app.services.field_values.field_kind import Kind, Option, Typed, ValueInvalid
from app.services.field_values.field_kinds import BY_CODE, kind_of, why_unsupported
from app.services.field_values.schemas import Schema
from app.services.fields.table import BY_ID
from app.services.mapping import screens, sent_values
from app.services.mapping.mappings import Target

# From so many on a list is searched, not drawn.
MANY_OPTIONS = 200
_NOT_OURS = {"project", "issuetype", *BY_ID}


@dataclass(frozen=True)
class ValueDraft:
    """What the form says. `version` is that of the mapping that it was filled in from.

    parts: by field id, in the order of the rows, what each of its inputs says. names: of what was
    searched for, by id. as_default: of a team's that goes where the default goes; else None.
    """

    version: int
    parts: Mapping[str, Sequence[str]]
    names: Mapping[str, str] = field(default_factory=dict)
    as_default: bool | None = None


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
class ValueRow:
    """A field value as it is typed. on_screen: the type has the field as it was chosen.

    stored: what is saved. options: what Jira offers; None where that is not known, or not listed.
    """

    field_id: str
    name: str
    kind: Kind
    fingerprint: str
    required: bool
    on_screen: bool
    parts: Sequence[str]
    stored: Any = None
    options: Sequence[Option] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    error: str = ""

    @property
    def is_searched(self) -> bool:
        """Whether it is chosen from what a search finds."""
        return not self.kind.lists_options or len(self.options or ()) > MANY_OPTIONS

    def parsed(self) -> Any:
        """What is typed, in stored form; None: nothing is. Raises ValueInvalid."""
        return self.kind.parse(Typed(self.parts, self.options, self.names, self.stored))

    def label_of(self, chosen: str) -> str:
        """What people call something that is chosen, by its id."""
        for option in self.options or ():
            if option.id == chosen:
                return option.label
        return self.names.get(chosen) or _saved_labels(self.stored).get(chosen, chosen)


@dataclass(frozen=True)
class ValueForm:
    """All of it. may_follow: a team's that goes where the default goes. screen: None if unread."""

    mapping: ProjectMapping
    draft: ValueDraft
    rows: Sequence[ValueRow]
    screen: Sequence[ScreenField] | None
    may_follow: bool
    follows: bool

    @property
    def target(self) -> Target:
        mapping = self.mapping
        return Target(mapping.project_id, mapping.project_key, mapping.issue_type_id)

    @property
    def place(self) -> str:
        """ "Task in PLAT"."""
        return f"{self.mapping.issue_type_name} in {self.mapping.project_key}"

    @property
    def addable(self) -> list[ScreenField]:
        """The fields that are in no row yet, by name: those that can be sent."""
        return [each for each in self._others if each.kind is not None]

    @property
    def unsupported(self) -> list[ScreenField]:
        """Those that cannot."""
        return [each for each in self._others if each.kind is None]

    def row(self, field_id: str) -> ValueRow | None:
        return next((row for row in self.rows if row.field_id == field_id), None)

    @property
    def _others(self) -> list[ScreenField]:
        shown = {row.field_id for row in self.rows}
        others = [each for each in self.screen or () if each.id not in shown]
        return sorted(others, key=lambda each: each.name.casefold())


def form_of(
    connection: JiraConnection, mapping: ProjectMapping, draft: ValueDraft | None = None
) -> ValueForm:
    """The form as `draft` fills it in, else as it is saved. Reads rows, never Jira."""
    default = sent_values.default_of(mapping, connection.mappings)
    may_follow = default is not None and sent_values.goes_where(mapping, default)
    draft = draft or _saved_draft(mapping, may_follow)
    screen = _screen(connection, mapping)
    return ValueForm(
        mapping=mapping,
        draft=draft,
        rows=_rows(connection, mapping, draft, screen),
        screen=screen,
        may_follow=may_follow,
        follows=may_follow and bool(draft.as_default),
    )


def checked(form: ValueForm) -> ValueForm:
    """The same with what is wrong at each row. Pure."""
    return replace(form, rows=[_checked(row, form.place) for row in form.rows])


def parts_of(value: Any) -> list[str]:
    """What the inputs say of a stored value."""
    if value is None:
        return []
    if isinstance(value, list):
        is_words = all(isinstance(each, str) for each in value)
        return [" ".join(value)] if is_words else [str(each["id"]) for each in value]
    if not isinstance(value, Mapping):
        return [str(value)]
    if "role" in value:
        return [value["role"], value["fallback"]["id"] if value["fallback"] else ""]
    if "board" in value:
        return [str(value["board"]) if value["board"] is not None else "active"]
    child = value.get("child")
    return [value["id"], *([child["id"] if child else ""] if "child" in value else [])]


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


def _saved_draft(mapping: ProjectMapping, may_follow: bool) -> ValueDraft:
    return ValueDraft(
        version=mapping.version,
        parts={row.field_id: parts_of(row.value) for row in mapping.values},
        as_default=mapping.values_as_default if may_follow else None,
    )


def _screen(connection: JiraConnection, mapping: ProjectMapping) -> list[ScreenField] | None:
    kept = db.session.scalar(
        select(JiraIssueType.fields).where(
            JiraIssueType.connection_id == connection.id,
            JiraIssueType.project_id == mapping.project_id,
            JiraIssueType.issue_type_id == mapping.issue_type_id,
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
    connection: JiraConnection,
    mapping: ProjectMapping,
    draft: ValueDraft,
    screen: Sequence[ScreenField] | None,
) -> list[ValueRow]:
    """What the draft has, and what the type demands."""
    by_id = {each.id: each for each in screen or ()}
    saved = {row.field_id: row for row in mapping.values}
    demanded = [each.id for each in screen or () if each.required and each.kind]
    wanted = list(dict.fromkeys([*draft.parts, *demanded]))
    target = Target(mapping.project_id, mapping.project_key, mapping.issue_type_id)
    options = screens.options_of(connection.id, target, wanted)
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


def _saved_labels(value: Any) -> dict[str, str]:
    values = value if isinstance(value, list) else [value]
    found = {
        each["id"]: each["label"] for each in values if isinstance(each, Mapping) and "id" in each
    }
    if isinstance(value, Mapping) and isinstance(value.get("fallback"), Mapping):
        found[value["fallback"]["id"]] = value["fallback"]["label"]
    return found
