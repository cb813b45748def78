"""Indexes by which all that is stored of one person is found, to be told to them and deleted."""

from typing import Any

from sqlalchemy import Index, Integer
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.expression import ColumnElement

from app.models.audit import AuditEvent
from app.models.carry_over import CarryOver
from app.models.invitation import Invitation
from app.models.jira import JiraPerson
from app.models.retrospective import ActionItem, Retrospective


class MemberOfChange(ColumnElement[int]):
    """Whom a recorded change is about: their id stands in its details, if it is about anybody.

    Written out for each database, because only the same words make it look into the index.
    """

    inherit_cache = True
    type = Integer()


@compiles(MemberOfChange, "sqlite")
def _for_sqlite(*_: Any, **__: Any) -> str:
    return "json_extract(details, '$.member')"


@compiles(MemberOfChange, "postgresql")
def _for_postgresql(*_: Any, **__: Any) -> str:
    return "CAST(details ->> 'member' AS INTEGER)"


Index("ix_audit_event_member", MemberOfChange(), _table=AuditEvent.__table__)
for column in (
    AuditEvent.user_id,
    Retrospective.facilitator_id,
    ActionItem.created_by_id,
    ActionItem.completed_by_id,
    ActionItem.deleted_by_id,
    ActionItem.dropped_by_id,
    CarryOver.carried_by_id,
    Invitation.email,
    Invitation.invited_by_id,
    JiraPerson.user_id,
    JiraPerson.picked_by_id,
):
    Index(f"ix_{column.class_.__tablename__}_{column.key}", column)
