"""Owner and Admins are told once when syncing has been paused for a day: it may be forgotten."""

from datetime import datetime, timedelta

from sqlalchemy import Select, select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    JiraConnection,
    Mail,
    MailKind,
    Organization,
    Plan,
    Suspension,
)
from app.models.holding import hold
from app.services.connection.cards import counts_of
from app.services.labels import plural
from app.services.mail import admin_letters, moments, outbox
from app.services.mail.content import Content
from app.services.owed import mails

PATIENCE = timedelta(hours=24)


def untold(now: datetime) -> Select[int]:
    """The ids of connections that were suspended a day before `now` (aware UTC), and untold."""
    return (
        select(Suspension.connection_id)
        .join(JiraConnection, JiraConnection.id == Suspension.connection_id)
        .join(JiraConnection.organization)
        .where(
            Suspension.since <= now - PATIENCE,
            Suspension.mailed_at.is_(None),
            JiraConnection.state != ConnectionState.DISCONNECTED,
            Organization.plan != Plan.FREE,
        )
    )


def write(connection_id: int) -> None:
    """Owe the e-mail that syncing is still paused, unless that was done or it is resumed.

    The mark and the e-mail are committed together: of several that try, one writes.
    """
    now = utcnow()
    own = untold(now).where(Suspension.connection_id == connection_id)
    if not outbox.is_set_up() or db.session.scalar(own) is None:
        return
    connection = hold(connection_id)
    assert connection is not None
    if connection.suspension is None or connection.suspension.mailed_at is not None:
        return
    connection.suspension.mailed_at = now
    mails.owe(MailKind.SUSPENDED, connection)


def content(mail: Mail) -> Content | None:
    """What there is to tell of the pause; None once syncing was resumed."""
    connection = db.session.get_one(JiraConnection, mail.connection_id)
    paused = connection.suspension
    if paused is None or paused.mailed_at is None or paused.mailed_at > mail.created_at:
        return None
    waiting = counts_of(connection.organization, connection, utcnow()).waiting
    items = plural(waiting, "action item waits", "action items wait")
    return Content(
        subject=f"{connection.organization.name}: syncing with Jira is still paused",
        context={
            **admin_letters.names(connection),
            "by": paused.by.name,
            "reason": paused.reason,
            "since": moments.for_admins(connection.organization, paused.since),
            "outlook": f"{items}; nothing is lost." if waiting else "Nothing is waiting.",
        },
    )
