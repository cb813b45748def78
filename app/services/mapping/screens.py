"""Which fields may be set in a project and type, as last read: by a create, and by an edit."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, cast

from sqlalchemy import delete, select, tuple_

from app.clock import utcnow
from app.extensions import db
from app.jira.types import AllowedValue, Field
from app.models import (
    JiraConnection,
    JiraEditScreen,
    JiraFieldOptions,
    JiraIssueType,
    MappingValue,
    ProjectMapping,
)
from app.models.mapping import Connected
from app.services.field_values.field_kind import Option
from app.services.field_values.field_kinds import kind_of
from app.services.field_values.schemas import Schema, schema_of
from app.services.fields.table import BY_ID
from app.services.mapping.mappings import Place, Target

ANOTHER = "another field"


def known(connection_id: int, targets: Collection[Target]) -> dict[Target, frozenset[str]]:
    """The field ids of each target's create screen; a target that was never read is absent."""
    return {
        target: frozenset(field["id"] for field in fields)
        for target, fields in _fields_of(connection_id, targets).items()
    }


def _fields_of(
    connection_id: int, targets: Collection[Target]
) -> dict[Target, Sequence[Mapping[str, Any]]]:
    if not targets:
        return {}
    of_target = tuple_(JiraIssueType.project_id, JiraIssueType.issue_type_id)
    rows = db.session.scalars(
        select(JiraIssueType).where(
            JiraIssueType.connection_id == connection_id,
            JiraIssueType.fields.is_not(None),
            of_target.in_([(each.project_id, each.issue_type_id) for each in targets]),
        )
    )
    read = {(row.project_id, row.issue_type_id): row.fields or [] for row in rows}
    return {
        target: read[target.project_id, target.issue_type_id]
        for target in targets
        if (target.project_id, target.issue_type_id) in read
    }


def fingerprints(connection_id: int, targets: Collection[Target]) -> dict[Target, dict[str, str]]:
    """The same, with what each field is (`Schema.fingerprint`)."""
    return {
        target: {field["id"]: field.get("fingerprint", "") for field in fields}
        for target, fields in _fields_of(connection_id, targets).items()
    }


def fingerprints_of(fields: Iterable[Field]) -> dict[str, str]:
    """Of a create screen that was read just now."""
    return {field.id: schema_of_field(field).fingerprint for field in fields}


def store(connection_id: int, target: Target, fields: Iterable[Field]) -> None:
    """Remember the fields that were read for `target`."""
    row = _row(connection_id, target)
    if row is None:
        row = JiraIssueType(
            connection_id=connection_id,
            project_id=target.project_id,
            issue_type_id=target.issue_type_id,
            name="",
            subtask=False,
            hierarchy_level=0,
        )
        db.session.add(row)
    fields = list(fields)
    row.fields = [as_json(field) for field in fields]
    store_options(connection_id, target.project_id, target.issue_type_id, fields)
    row.fields_fetched_at = utcnow()
    db.session.flush()


def demands(field: Field) -> bool:
    """Whether Jira refuses an issue without it. Who reports, and a default, Jira fills in itself
    though the screen says required (jira-platform.md §2.3)."""
    return field.required and not field.has_default and field.id != "reporter"


def as_json(field: Field) -> dict[str, Any]:
    """What is kept of a field of a create screen; of one read before, less is known."""
    schema = schema_of_field(field)
    return {
        "id": field.id,
        "name": field.name,
        "required": field.required,
        "has_default": field.has_default,
        **schema.as_json(),
        "fingerprint": schema.fingerprint,
        "supported": kind_of(schema) is not None,
    }


def schema_of_field(field: Field) -> Schema:
    """Which field it is, and whether it may be set."""
    return schema_of(
        field.schema_type,
        field.schema_items,
        field.schema_custom,
        field.schema_system,
        field.operations,
    )


def options_of_field(field: Field) -> tuple[Option, ...]:
    """What one may choose in it, in Jira's order; nothing where Jira lists none."""
    return _options(field.allowed_values)


def _options(allowed: Iterable[AllowedValue]) -> tuple[Option, ...]:
    return tuple(
        Option(each.id, each.name, _options(each.children))
        for each in allowed
        if each.id is not None and not each.archived
    )


def store_options(
    connection_id: int, project_id: str, issue_type_id: str, fields: Iterable[Field]
) -> None:
    """Remember what may be chosen in those of the fields that a mapping can fill, and no more."""
    of_type = (
        JiraFieldOptions.connection_id == connection_id,
        JiraFieldOptions.project_id == project_id,
        JiraFieldOptions.issue_type_id == issue_type_id,
    )
    db.session.execute(delete(JiraFieldOptions).where(*of_type))
    for field in fields:
        kind, options = kind_of(schema_of_field(field)), options_of_field(field)
        if kind is not None and kind.lists_options:
            row = JiraFieldOptions(
                connection_id=connection_id,
                project_id=project_id,
                issue_type_id=issue_type_id,
                field_id=field.id,
                options=[option.as_json() for option in options],
            )
            db.session.add(row)
    db.session.flush()


def forget_options(connection_id: int, project_id: str, issue_type_ids: Collection[str]) -> None:
    """These types are not there any more."""
    db.session.execute(
        delete(JiraFieldOptions).where(
            JiraFieldOptions.connection_id == connection_id,
            JiraFieldOptions.project_id == project_id,
            JiraFieldOptions.issue_type_id.in_(issue_type_ids),
        )
    )


def options_of(
    connection_id: int, target: Target, field_ids: Collection[str]
) -> dict[str, tuple[Option, ...]]:
    """By field id what was last read of it; a field whose options were never read is absent."""
    rows = db.session.scalars(
        select(JiraFieldOptions).where(
            JiraFieldOptions.connection_id == connection_id,
            JiraFieldOptions.project_id == target.project_id,
            JiraFieldOptions.issue_type_id == target.issue_type_id,
            JiraFieldOptions.field_id.in_(field_ids),
        )
    )
    return {row.field_id: tuple(map(Option.kept, row.options)) for row in rows}


def names_of(connection_id: int, place: Place, field_ids: Iterable[str]) -> list[str]:
    """What people call fields of a place, as far as its screens told; else "another field"."""
    known: dict[str, str] = {}
    created = _row(connection_id, Target(place.project_id, "", place.issue_type_id))
    for field in (created.fields or []) if created else []:
        known[field["id"]] = field["name"]
    edited = db.session.scalar(
        select(JiraEditScreen).where(
            JiraEditScreen.connection_id == connection_id,
            JiraEditScreen.project_id == place.project_id,
            JiraEditScreen.issue_type_id == place.issue_type_id,
        )
    )
    known |= edited.fields if edited else {}
    known = _of_values(connection_id, place) | known
    names = [BY_ID[each].name if each in BY_ID else known.get(each, ANOTHER) for each in field_ids]
    return list(dict.fromkeys(names))


def _of_values(connection_id: int, place: Place) -> dict[str, str]:
    """The names of what mappings to the place send: known also while its screen is not."""
    rows = db.session.execute(
        select(MappingValue.field_id, MappingValue.name)
        .join(ProjectMapping, ProjectMapping.id == MappingValue.mapping_id)
        .join(JiraConnection, ProjectMapping.is_on_site_of(cast(Connected, JiraConnection)))
        .where(
            JiraConnection.id == connection_id,
            ProjectMapping.project_id == place.project_id,
            ProjectMapping.issue_type_id == place.issue_type_id,
        )
    )
    return {row.field_id: row.name for row in rows}


def known_to_edit(connection_id: int) -> dict[Place, frozenset[str]]:
    """The field ids that may be set in issues, by place; one that was never read is absent."""
    rows = db.session.scalars(
        select(JiraEditScreen).where(JiraEditScreen.connection_id == connection_id)
    )
    return {Place(row.project_id, row.issue_type_id): frozenset(row.fields) for row in rows}


def store_to_edit(connection_id: int, place: Place, fields: Iterable[Field]) -> None:
    """Remember the fields that may be set in issues of `place`."""
    forget_to_edit(connection_id, place)
    names = {field.id: field.name for field in fields}
    row = JiraEditScreen(
        connection_id=connection_id,
        project_id=place.project_id,
        issue_type_id=place.issue_type_id,
        fields=names,
    )
    db.session.add(row)
    db.session.flush()


def forget_to_edit(connection_id: int, place: Place) -> None:
    """Jira has said that the fields are others."""
    db.session.execute(
        delete(JiraEditScreen).where(
            JiraEditScreen.connection_id == connection_id,
            JiraEditScreen.project_id == place.project_id,
            JiraEditScreen.issue_type_id == place.issue_type_id,
        )
    )


def _row(connection_id: int, target: Target) -> JiraIssueType | None:
    return db.session.scalar(
        select(JiraIssueType).where(
            JiraIssueType.connection_id == connection_id,
            JiraIssueType.project_id == target.project_id,
            JiraIssueType.issue_type_id == target.issue_type_id,
        )
    )
