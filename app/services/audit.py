"""The record of who changed what in an organization's settings."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import insert

from app.extensions import db
from app.models import ActionItem, AuditEvent, Organization, User


def record(
    organization: Organization,
    user: User | None,
    action: str,
    *,
    at: datetime | None = None,
    **details: Any,
) -> None:
    """Note that `user` (nobody: the operator's command line) did `action`, with plain details.

    at: when (aware UTC); None: now.
    """
    db.session.add(
        AuditEvent(
            organization_id=organization.id,
            user_id=user.id if user else None,
            action=action,
            details=details,
            **({} if at is None else {"created_at": at}),
        )
    )
    db.session.flush()


def record_several(
    organization: Organization, user: User, action: str, details: Iterable[Mapping[str, Any]]
) -> None:
    """Note that `user` did `action` several times at once, each with plain details."""
    by = {"organization_id": organization.id, "user_id": user.id, "action": action}
    rows = [{**by, "details": dict(each)} for each in details]
    if rows:
        db.session.execute(insert(AuditEvent), rows)


def record_on(item: ActionItem, user: User, action: str, **details: Any) -> None:
    """The same of what somebody did to the issue of `item`."""
    organization = item.retrospective.team.organization
    record(organization, user, action, action_item=item.id, **details)
