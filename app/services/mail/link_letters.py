"""E-mails that carry a one-time link, made anew for each try; earlier ones stay good."""

from collections.abc import Sequence

from flask import current_app
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import Invitation, Mail, MailKind
from app.services.mail import moments
from app.services.mail.content import Content
from app.services.organizations import accounts, invitations, one_time_links


def recipients(mail: Mail) -> list[str]:
    """The address that it belongs to."""
    return [mail.address] if mail.address else []


def invitation(mail: Mail) -> Content | None:
    """The invitation, with a link; None when it cannot be accepted, or was sent anew since."""
    row = db.session.get(Invitation, mail.row_ids[0])
    if row is None or row.email != mail.address or row.sent_at > mail.created_at:
        return None
    if not invitations.is_open(row, utcnow()):
        return None
    link = one_time_links.for_invitation(row)
    return Content(
        subject=f"{row.invited_by.name} invites you to {row.organization.name}",
        context={
            "invitation": row,
            "organization": row.organization,
            "role": row.role.value.capitalize(),
            "team_names": [t.name for t in row.organization.teams if t.id in row.team_ids],
            "until": moments.in_zone_of(row.invited_by, row.ends_at),
            "link": link,
        },
        secret=link,
    )


def unsent_invitations(of: Sequence[Invitation]) -> set[int]:
    """The ids of those whose e-mail was tried in vain and waits for its next try."""
    waiting = select(Mail).where(
        Mail.kind == MailKind.INVITATION,
        Mail.address.in_([each.email for each in of]),
        Mail.sent_at.is_(None),
        Mail.tries > 0,
    )
    return {row_id for mail in db.session.scalars(waiting) for row_id in mail.row_ids}


def password_link(mail: Mail) -> Content | None:
    """A link to set a password; None when the address has no account, or one was set since."""
    user = accounts.find_by_email(mail.address or "")
    if user is None or (user.password_chosen_at and user.password_chosen_at > mail.created_at):
        return None
    link = one_time_links.for_password(user)
    return Content(
        subject="Set your password for Unpack",
        context={
            "user": user,
            "link": link,
            "ended": user.password_chosen_at is None and bool(user.password_hash),
            "forgotten_url": f"{current_app.config['PUBLIC_URL']}/password/forgotten",
        },
        secret=link,
    )
