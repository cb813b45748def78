"""Holding an action item that has no issue, so that none is created for it meanwhile."""

from sqlalchemy import select

from app.extensions import db
from app.models import ActionItem, AuditEvent, IssueLink
from app.services.errors import OutcomeUnknown, UnpackError
from app.services.outbound import links
from app.services.outbound.wanted import require_wanted
from app.services.retrospectives import action_items


class BeingSent(UnpackError):
    sentence = "Its issue is being created just now. Look again in a moment."


class AlreadyLinked(UnpackError):
    sentence = "It has an issue already. Unlink it first to choose another issue."


class ItemDeleted(UnpackError):
    sentence = "The action item was deleted meanwhile. Nothing was changed."


def hold_free(item: ActionItem) -> IssueLink | None:
    """Hold the item, and its link, which has no issue that is there, and is not being sent.

    The caller holds the connection with its work. Raises as `link` does.
    """
    action_items.lock(item)
    if item.deleted_at is not None:
        raise ItemDeleted
    require_wanted([item])
    row = links.locked_link(item)
    if row is None:
        return None
    if row.stamped:
        raise OutcomeUnknown
    if row.claim_id is not None:
        raise BeingSent
    if not row.gives_way:
        raise AlreadyLinked(_said_of(item, row))
    return row


def _said_of(item: ActionItem, row: IssueLink) -> str:
    """Who was faster, where a person linked it."""
    event = db.session.scalar(
        select(AuditEvent)
        .where(
            AuditEvent.organization_id == row.connection.organization_id,
            AuditEvent.action == "jira.linked",
            AuditEvent.created_at >= row.created_at,
        )
        .order_by(AuditEvent.id.desc())
        .limit(1)
    )
    if event is None or event.details.get("action_item") != item.id or event.user is None:
        return AlreadyLinked.sentence
    return f"{event.user.name} linked {row.issue_key} to it. Unlink it first to choose another."
