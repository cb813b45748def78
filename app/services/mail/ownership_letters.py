"""What the Owner before and the Owner now read."""

from flask import current_app

from app.extensions import db
from app.models import Mail, Organization, User
from app.services.mail.content import Content


def recipients(mail: Mail) -> list[str]:
    """The person that it belongs to: nobody declines it."""
    return [mail.user.email] if mail.user else []


def content(mail: Mail) -> Content | None:
    """Who owns the organization now, and who did that, if not the operator."""
    organization_id, *by = mail.row_ids
    organization = db.session.get(Organization, organization_id)
    if organization is None:
        return None
    owner = organization.owner.user
    yours = owner == mail.user
    whose = "You are" if yours else f"{owner.name} is"
    return Content(
        subject=f"{whose} the Owner of {organization.name} now",
        context={
            "organization": organization,
            "owner": owner,
            "yours": yours,
            "by": db.session.get(User, by[0]) if by else None,
            "members_url": (
                f"{current_app.config['PUBLIC_URL']}/organizations/{organization.slug}"
                "/settings/members"
            ),
        },
    )
