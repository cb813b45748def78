"""What e-mails to an organization's Owner and Admins have in common."""

from flask import current_app
from sqlalchemy import select

from app.extensions import db
from app.models import DeclinedMail, JiraConnection, Mail, Membership, Organization, Role, User


def recipients(mail: Mail) -> list[str]:
    """The addresses of who is Owner or Admin now and has not declined it, the Owner's first.

    Of a connection's e-mail.
    """
    declined = select(DeclinedMail.user_id).where(
        DeclinedMail.user_id == User.id, DeclinedMail.kind == mail.kind
    )
    found = (
        select(User.email)
        .join(Membership)
        .join(
            JiraConnection,
            JiraConnection.organization_id == Membership.organization_id,
        )
        .where(
            JiraConnection.id == mail.connection_id,
            Membership.role.in_([Role.OWNER, Role.ADMIN]),
            ~declined.exists(),
        )
        .order_by(Membership.role.desc(), User.email)
    )
    return list(db.session.scalars(found))


def names(connection: JiraConnection) -> dict[str, object]:
    """What every one of their templates names."""
    return {
        "organization": connection.organization,
        "connection": connection,
        "site": connection.site_host,
        "settings_url": _settings_url(connection.organization),
    }


def _settings_url(organization: Organization) -> str:
    base = current_app.config["PUBLIC_URL"]
    return f"{base}/organizations/{organization.slug}/settings/integrations/jira"
