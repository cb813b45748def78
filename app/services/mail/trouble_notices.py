"""Owner and Admins are told once when a connection stops working (design.md §4)."""

from datetime import UTC, datetime

from sqlalchemy import select, update

from app.clock import utcnow
from app.extensions import db
from app.models import TROUBLED, ConnectionState, JiraConnection, MailAbout, Organization, Plan
from app.services.connection.cards import counts_of
from app.services.mail import admin_letters, outbox
from app.services.transactions import rows_changed

SUBJECTS = {
    ConnectionState.NEEDS_RECONNECT: "{name}: Jira needs to be reconnected",
    ConnectionState.SITE_UNAVAILABLE: "{name}: the Jira site is not available",
}


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
            JiraConnection.state.in_(TROUBLED),
            JiraConnection.trouble_mailed_at.is_(None),
            Organization.plan != Plan.FREE,
        )
    )
    return list(db.session.scalars(untold.order_by(JiraConnection.id)))


def write(connection_id: int) -> None:
    """Owe the e-mail about the connection's trouble, unless that was done or there is none.

    The mark and the e-mail are committed together: of several that try, one writes.
    """
    if not outbox.is_set_up() or not _claim(connection_id):
        return
    connection = db.session.get_one(JiraConnection, connection_id, populate_existing=True)
    organization = connection.organization
    admin_letters.owe(
        connection,
        MailAbout.TROUBLE,
        SUBJECTS[connection.state].format(name=organization.name),
        "connection_trouble",
        since=f"{connection.state_changed_at.astimezone(UTC):%-d %B %Y, %H:%M} UTC",
        waiting=counts_of(organization, connection, utcnow()).waiting,
    )


def _claim(connection_id: int) -> bool:
    paid = select(Organization.id).where(Organization.plan != Plan.FREE)
    claimed = (
        update(JiraConnection)
        .where(
            JiraConnection.id == connection_id,
            JiraConnection.state.in_(TROUBLED),
            JiraConnection.trouble_mailed_at.is_(None),
            JiraConnection.organization_id.in_(paid),
        )
        .values(trouble_mailed_at=utcnow())
        .execution_options(synchronize_session=False)
    )
    return rows_changed(db.session, claimed) == 1
