"""Owner and Admins are told once when a connection stops working (design.md §4)."""

from datetime import UTC, datetime

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    TROUBLED,
    ConnectionState,
    JiraConnection,
    Mail,
    MailKind,
    Organization,
    Plan,
    WorkKind,
)
from app.models.holding import hold
from app.services.connection.card_words import CAUSE, outlook_of
from app.services.connection.cards import counts_of
from app.services.mail import admin_letters, outbox
from app.services.mail.content import Content
from app.services.owed import mails
from app.services.work import owed as work_owed

SUBJECTS = {
    ConnectionState.NEEDS_RECONNECT: "{name}: Jira needs to be reconnected",
    ConnectionState.SITE_UNAVAILABLE: "{name}: the Jira site is not available",
}
HEADINGS = {
    ConnectionState.NEEDS_RECONNECT: "Atlassian no longer accepts Unpack’s access to {site}.",
    ConnectionState.SITE_UNAVAILABLE: "The Jira site {site} is not available.",
}
LOOKED_FOR = "We look again every 15 minutes, and you need not do anything if it comes back."


def owed_connections(now: datetime) -> list[int]:
    """The ids of connections whose trouble is untold at `now` (aware UTC), ascending.

    None without a way to send e-mail: the trouble is then told once there is one.
    """
    if not outbox.is_set_up():
        return []
    untold = (
        select(JiraConnection.id)
        .join(JiraConnection.organization)
        .where(
            JiraConnection.id.in_(work_owed.due(WorkKind.NOTICES, now)),
            JiraConnection.state.in_(TROUBLED),
            Organization.plan != Plan.FREE,
        )
    )
    return list(db.session.scalars(untold.order_by(JiraConnection.id)))


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
    organization = connection.organization
    return Content(
        subject=SUBJECTS[connection.state].format(name=organization.name),
        context={
            **admin_letters.names(connection),
            "since": f"{connection.state_changed_at.astimezone(UTC):%-d %B %Y, %H:%M} UTC",
            **_words(connection),
        },
    )


def _words(connection: JiraConnection) -> dict[str, str]:
    """What happened, and what comes of it."""
    waiting = counts_of(connection.organization, connection, utcnow()).waiting
    unavailable = connection.state is ConnectionState.SITE_UNAVAILABLE
    return {
        "heading": HEADINGS[connection.state].format(site=admin_letters.site_of(connection)),
        "cause": CAUSE if unavailable else "",
        "outlook": outlook_of(connection.state, waiting),
        "remark": LOOKED_FOR if unavailable else "",
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
