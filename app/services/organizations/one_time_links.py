"""Links that work once: to accept an invitation, to set a password, or to confirm a new address.

Stored as hashes alone.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, delete, select

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_secret
from app.models import EmailChange, Invitation, OneTimeLink, User

PASSWORD_LIFE = timedelta(hours=1)


def for_invitation(invitation: Invitation) -> str:
    """The address of a new link. Earlier ones stay good: an e-mail may have arrived."""
    token = _stored(invitation.ends_at, invitation=invitation)
    return f"{current_app.config['PUBLIC_URL']}/invitations/{token}"


def for_password(user: User) -> str:
    """The address of a new link, for an hour. Earlier ones stay good until a password is set."""
    token = _stored(utcnow() + PASSWORD_LIFE, user=user)
    return f"{current_app.config['PUBLIC_URL']}/password/links/{token}"


def for_email_change(change: EmailChange) -> str:
    """The address of a new link, as long as the change waits. Earlier ones stay good."""
    token = _stored(change.ends_at, email_change=change)
    return f"{current_app.config['PUBLIC_URL']}/account/email/links/{token}"


def invitation_of(token: str) -> Invitation | None:
    """The invitation that the token was made for, however it stands; None once it was replaced."""
    found = select(Invitation).join(OneTimeLink, OneTimeLink.invitation_id == Invitation.id)
    return db.session.scalar(
        found.where(OneTimeLink.token_hash == _hash(token)).execution_options(
            populate_existing=True
        )
    )


def person_of(token: str) -> User | None:
    """Whose password the token sets, while it does."""
    found = select(User).join(OneTimeLink, OneTimeLink.user_id == User.id)
    return db.session.scalar(
        found.where(OneTimeLink.token_hash == _hash(token), OneTimeLink.ends_at > utcnow())
    )


def email_change_of(token: str) -> EmailChange | None:
    """The change of address that the token confirms, while it does."""
    found = select(EmailChange).join(OneTimeLink, OneTimeLink.email_change_id == EmailChange.id)
    return db.session.scalar(
        found.where(OneTimeLink.token_hash == _hash(token), EmailChange.ends_at > utcnow())
    )


def use(token: str) -> bool:
    """Take a link for a password; whether it still worked."""
    taken = delete(OneTimeLink).where(
        OneTimeLink.token_hash == _hash(token),
        OneTimeLink.user_id.is_not(None),
        OneTimeLink.ends_at > utcnow(),
    )
    return cast("CursorResult[Any]", db.session.execute(taken)).rowcount == 1


def end_all_of(belongs_to: User | Invitation | EmailChange) -> None:
    """No link of the person's, of the invitation or of the change works any more.

    With the person's links goes the change of address that they wanted.
    """
    if isinstance(belongs_to, User):
        end_email_change_of(belongs_to)
        own = OneTimeLink.user_id == belongs_to.id
    elif isinstance(belongs_to, Invitation):
        own = OneTimeLink.invitation_id == belongs_to.id
    else:
        own = OneTimeLink.email_change_id == belongs_to.id
    db.session.execute(delete(OneTimeLink).where(own))


def end_email_change_of(user: User) -> None:
    """Whatever address the person wanted, nothing confirms it any more."""
    wanted = select(EmailChange.id).where(EmailChange.user_id == user.id)
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.email_change_id.in_(wanted)))
    db.session.execute(delete(EmailChange).where(EmailChange.user_id == user.id))


def _stored(
    ends_at: datetime,
    *,
    invitation: Invitation | None = None,
    user: User | None = None,
    email_change: EmailChange | None = None,
) -> str:
    token = new_secret()
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.ends_at <= utcnow()))
    row = OneTimeLink(
        token_hash=_hash(token),
        ends_at=ends_at,
        invitation=invitation,
        user=user,
        email_change=email_change,
    )
    db.session.add(row)
    db.session.flush()
    return token


def _hash(token: str) -> str:
    """The token has 256 bits by chance, so a slow hash would protect nothing more."""
    return hashlib.sha256(token.encode()).hexdigest()
