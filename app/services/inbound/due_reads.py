"""Whose issues are to be read: a delivery is due, or it is time to look."""

from datetime import datetime

from sqlalchemy import CompoundSelect, exists, or_, select, union_all

from app.extensions import db
from app.models import (
    JiraConnection,
    JiraSettings,
    WebhookDelivery,
    WorkKind,
)
from app.models.obstacles import may_ask
from app.models.points import Spending, may_spend
from app.models.prepared import prepared
from app.services.inbound import pending
from app.services.work import owed as work_owed
from app.services.work.due_links import Selected


def reads_are_due(connection_id: int, now: datetime) -> bool:
    """Whether issues of the connection are to be read: a delivery is due, or it is time."""
    return db.session.scalar(*_read_of(connection_id, now)) is not None


@prepared
def _read_of(connection_id: int, now: datetime) -> Selected:
    return due_reads(select(JiraConnection.id), now).where(JiraConnection.id == connection_id)


def perhaps_read(now: datetime) -> CompoundSelect[int]:
    """The ids of all connections that may be among `due_reads`, by indexes of what is due alone."""
    delivered = select(WebhookDelivery.connection_id).where(pending.due(now))
    return union_all(delivered, work_owed.due(WorkKind.READING, now), work_owed.recent_due(now))


def due_reads(selected: Selected, now: datetime) -> Selected:
    """Narrow a SELECT over JiraConnection to those whose issues are to be read (design.md §2)."""
    of_ours = WebhookDelivery.connection_id == JiraConnection.id
    delivered = exists().where(of_ours, pending.due(now))
    near = JiraConnection.near_limit_until
    return (
        selected.join(JiraConnection.organization)
        .join(JiraSettings, JiraSettings.organization_id == JiraConnection.organization_id)
        .where(
            JiraSettings.webhooks_enabled,
            or_(
                delivered,
                JiraConnection.id.in_(work_owed.due(WorkKind.READING, now)),
                JiraConnection.id.in_(work_owed.recent_due(now)),
            ),
            *may_ask(now),
            work_owed.may_begin(WorkKind.READING, now),
            or_(near.is_(None), near <= now),
            may_spend(Spending.READS, now),
        )
    )
