"""Saving the field values of a mapping. Needs no answer from Jira: the check is owed.

A team's are saved by themselves, the default's with the rest of the settings.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.extensions import db
from app.models import JiraConnection, MappingValue, Organization, ProjectMapping, User
from app.queue import REFRESH_METADATA, ring_after_commit
from app.services import audit
from app.services.errors import UnpackError
from app.services.field_values.field_kinds import BY_CODE
from app.services.grants.asking import require_connection
from app.services.settings.drafts import DEFAULT
from app.services.settings.value_forms import UNREAD, ValueForm, checked, form_of
from app.services.settings.value_rows import ValueDraft


class ValuesInvalid(Exception):
    """What keeps field values from being saved stands at the rows of the form."""

    def __init__(self, form: ValueForm) -> None:
        super().__init__("invalid field values")
        self.form = form


class ValuesSavedMeanwhile(UnpackError):
    sentence = (
        "Somebody else saved this mapping after you had opened it. Nothing of yours is saved: look "
        "at what stands now."
    )


class MappingGone(UnpackError):
    sentence = "This team has no project of its own any more."


class FieldsUnread(UnpackError):
    sentence = UNREAD


def store_default(
    organization: Organization,
    user: User,
    connection: JiraConnection,
    form: ValueForm,
    now: datetime,
) -> None:
    """Save the default's, which are checked, to its mapping as it is now. The caller holds the
    connection. What stands already is not saved again."""
    mapping = next(each for each in connection.mappings if each.team_id is None)
    before, rows = described(mapping), _rows_of(form)
    if _described(rows) != before["values"]:
        _replace(mapping, rows)
        _changed(organization, user, connection, mapping, before, now)


def save(
    organization: Organization, user: User, mapping_id: int, draft: ValueDraft, now: datetime
) -> None:
    """Save the draft at `now` (aware UTC) and owe a check.

    Raises `ValuesInvalid`, `ValuesSavedMeanwhile`, `MappingGone`, `FieldsUnread`, `PlanWithoutJira`
    and `JiraNotConnected`; nothing is changed then.
    """
    connection = require_connection(organization, locked=True)  # so no version is saved twice
    mapping = next((each for each in connection.mappings if each.id == mapping_id), None)
    if mapping is None:
        raise MappingGone
    if draft.version != mapping.version:
        raise ValuesSavedMeanwhile
    form = checked(form_of(connection, mapping, draft))
    if form.loses:
        raise FieldsUnread
    if not form.follows and any(row.error for row in form.rows):
        raise ValuesInvalid(form)
    before = described(mapping)
    if form.may_follow:
        mapping.values_as_default = form.follows
    if not form.follows:
        _replace(mapping, _rows_of(form))
    _changed(organization, user, connection, mapping, before, now)


def restore(
    organization: Organization,
    user: User,
    connection: JiraConnection,
    mapping: ProjectMapping,
    kept: Mapping[str, Any],
    now: datetime,
) -> None:
    """Save again what `described` said once. The caller holds the connection."""
    before = described(mapping)
    mapping.values_as_default = kept["as_default"]
    if mapping.team_id is None and organization.settings is not None:
        # The form has these among its own, so that whoever has it open is told.
        organization.settings.version += 1
        organization.settings.saved_at, organization.settings.saved_by_id = now, user.id
    _replace(
        mapping,
        [
            MappingValue(
                field_id=field_id,
                name=each["name"],
                kind=each["kind"],
                fingerprint=each["fingerprint"],
                value=each["value"],
            )
            for field_id, each in kept["values"].items()
        ],
    )
    _changed(organization, user, connection, mapping, before, now)


def copy(
    organization: Organization, user: User, source_id: int, mapping_id: int, now: datetime
) -> int:
    """Give a mapping the values of another one; how many. Only what its type has is copied later
    sent: the rest is shown as not on this type until it is removed.

    Raises `MappingGone` where one of them is not there, and as `save` does.
    """
    connection = require_connection(organization, locked=True)
    mappings = {each.id: each for each in connection.mappings}
    source, mapping = mappings.get(source_id), mappings.get(mapping_id)
    if source is None or mapping is None:
        raise MappingGone
    before = described(mapping)
    mapping.values_as_default = False
    rows = [row.copied() for row in source.values]
    _replace(mapping, rows)
    _changed(organization, user, connection, mapping, before, now)
    return len(rows)


def described(mapping: ProjectMapping) -> dict[str, Any]:
    """What stands, as the history keeps it."""
    return {"as_default": mapping.values_as_default, "values": _described(mapping.values)}


def _described(rows: Sequence[MappingValue]) -> dict[str, Any]:
    return {
        row.field_id: {
            "name": row.name,
            "kind": row.kind,
            "fingerprint": row.fingerprint,
            "value": row.value,
        }
        for row in rows
    }


def words_of(kept: Mapping[str, Any]) -> str:
    """What a kept value says to people."""
    kind = BY_CODE.get(kept["kind"])
    return kind.words_of(kept["value"]) if kind and kept["value"] is not None else "Empty"


def _rows_of(form: ValueForm) -> list[MappingValue]:
    """What is to be saved. What is not on this type stays as it is, until it is removed."""
    return [
        MappingValue(
            field_id=row.field_id,
            name=row.name,
            kind=row.kind.code,
            fingerprint=row.fingerprint,
            value=row.parsed() if row.on_screen else row.stored,
        )
        for row in form.rows
    ]


def _replace(mapping: ProjectMapping, rows: Sequence[MappingValue]) -> None:
    mapping.values.clear()
    db.session.flush()  # one field has one row
    for position, row in enumerate(rows):
        row.position = position
        mapping.values.append(row)


def _changed(
    organization: Organization,
    user: User,
    connection: JiraConnection,
    mapping: ProjectMapping,
    before: dict[str, Any],
    now: datetime,
) -> None:
    mapping.version += 1
    mapping.check_wanted_at, mapping.check_unasked = now, False
    db.session.flush()
    audit.record(
        organization,
        user,
        "jira.field-values-saved",
        at=now,
        slot=mapping.team_id or DEFAULT,
        before=before,
        after=described(mapping),
    )
    ring_after_commit(connection.id, REFRESH_METADATA)
