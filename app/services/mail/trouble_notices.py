"""Owner and Admins are told once when a connection stops working (design.md §4)."""

from datetime import datetime

from sqlalchemy import Select, select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    TROUBLED,
    JiraConnection,
    Mail,
    MailKind,
    Organization,
    Plan,
    WorkKind,
)
from app.models.holding import hold
from app.services.connection.cards import counts_of
from app.services.grants.troubles import TROUBLES
from app.services.mail import admin_letters, moments, outbox
from app.services.mail.content import Content
from app.services.owed import mails
from app.services.work import owed as work_owed


def untold(now: datetime) -> Select[int]:
    """The ids of connections whose trouble is untold at `now` (aware UTC)."""
    return (
        select(JiraConnection.id)
        .join(JiraConnection.organization)
        .where(
            JiraConnection.id.in_(work_owed.due(WorkKind.NOTICES, now)),
            JiraConnection.state.in_(TROUBLED),
            Organization.plan != Plan.FREE,
        )
    )


def write(connection_id: int) -> None:
    """Owe the e-mail about the connection's trouble, unless that was done or there is none.

    The mark and the e-mail are committed together: of several that try, one writes.
    """
    connection = _claimed(connection_id) if outbox.is_set_up() else None
    if connection is None:
        return
    mails.owe(MailKind.TROUBLE, connection)


def content(mail: Mail) -> Content | None:
    """What there is to tell of the connection's trouble; None when it is over."""
    connection = db.session.get_one(JiraConnection, mail.connection_id)
    if not connection.in_trouble:
        return None
    return Content(
        subject=f"{connection.organization.name}: {TROUBLES[connection.state].subject}",
        context={
            **admin_letters.names(connection),
            "since": moments.for_admins(connection.organization, connection.state_changed_at),
            **_words(connection),
        },
    )


def _words(connection: JiraConnection) -> dict[str, str]:
    """What happened, and what comes of it."""
    trouble = TROUBLES[connection.state]
    waiting = counts_of(connection.organization, connection, utcnow()).waiting
    way = "Reconnect on" if trouble.reconnecting_helps else "See how it stands on"
    return {
        "heading": trouble.heading_for(connection.site_host),
        "cause": trouble.cause,
        "outlook": trouble.outlook(waiting),
        "remark": trouble.remark,
        "way": f"{way} the Jira settings page",
    }


def _claimed(connection_id: int) -> JiraConnection | None:
    """The connection, held, if its trouble is untold and there is somebody to tell of it."""
    paid = select(Organization.id).where(Organization.plan != Plan.FREE)
    connection = hold(
        connection_id,
        JiraConnection.state.in_(TROUBLED),
        JiraConnection.organization_id.in_(paid),
    )
    if connection is None or connection.works[WorkKind.NOTICES].due_at is None:
        return None
    connection.works[WorkKind.NOTICES].due_at = None
    return connection
