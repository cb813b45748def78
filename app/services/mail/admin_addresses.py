"""Who an organization's Owner and Admins are, to a mail server."""

from sqlalchemy import select

from app.extensions import db
from app.models import Membership, Organization, Role, User


def of_organization(organization: Organization) -> list[str]:
    """The addresses of those who are Owner or Admin now, the Owner's first."""
    found = (
        select(User.email)
        .join(Membership)
        .where(
            Membership.organization_id == organization.id,
            Membership.role.in_([Role.OWNER, Role.ADMIN]),
        )
        .order_by(Membership.role.desc(), User.email)
    )
    return list(db.session.scalars(found))
