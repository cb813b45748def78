"""Which fields may be set in a project and type, as last read: by a create, and by an edit."""

from collections.abc import Collection, Iterable

from sqlalchemy import delete, select, tuple_

from app.clock import utcnow
from app.extensions import db
from app.jira.types import Field
from app.models import JiraEditScreen, JiraIssueType
from app.services.fields.table import BY_ID
from app.services.mapping.mappings import Place, Target

ANOTHER = "another field"


def known(connection_id: int, targets: Collection[Target]) -> dict[Target, frozenset[str]]:
    """The field ids of each target's create screen; a target that was never read is absent."""
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
        target: frozenset(field["id"] for field in read[target.project_id, target.issue_type_id])
        for target in targets
        if (target.project_id, target.issue_type_id) in read
    }


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
    row.fields = [
        {
            "id": field.id,
            "name": field.name,
            "required": field.required,
            "has_default": field.has_default,
        }
        for field in fields
    ]
    row.fields_fetched_at = utcnow()
    db.session.flush()


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
    names = [BY_ID[each].name if each in BY_ID else known.get(each, ANOTHER) for each in field_ids]
    return list(dict.fromkeys(names))


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
