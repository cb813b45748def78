"""Links that work once: to accept an invitation, or to set a password. Stored as hashes alone."""

import hashlib
from datetime import datetime, timedelta
from typing import Any, cast

from flask import current_app
from sqlalchemy import CursorResult, delete, select

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_secret
from app.models import Invitation, OneTimeLink, User

PASSWORD_LIFE = timedelta(hours=1)


def for_invitation(invitation: Invitation) -> str:
    """The address of a new link. Earlier ones stay good: an e-mail may have arrived."""
    token = _stored(invitation.ends_at, invitation=invitation)
    return f"{current_app.config['PUBLIC_URL']}/invitations/{token}"


def for_password(user: User) -> str:
    """The address of a new link, for an hour. Earlier ones stay good until a password is set."""
    token = _stored(utcnow() + PASSWORD_LIFE, user=user)
    return f"{current_app.config['PUBLIC_URL']}/password/links/{token}"


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


def use(token: str) -> bool:
    """Take a link for a password; whether it still worked."""
    taken = delete(OneTimeLink).where(
        OneTimeLink.token_hash == _hash(token),
        OneTimeLink.user_id.is_not(None),
        OneTimeLink.ends_at > utcnow(),
    )
    return cast("CursorResult[Any]", db.session.execute(taken)).rowcount == 1


def end_all_of(belongs_to: User | Invitation) -> None:
    """No link of the person's, or of the invitation, works any more."""
    own = (
        OneTimeLink.user_id == belongs_to.id
        if isinstance(belongs_to, User)
        else OneTimeLink.invitation_id == belongs_to.id
    )
    db.session.execute(delete(OneTimeLink).where(own))


def _stored(
    ends_at: datetime, *, invitation: Invitation | None = None, user: User | None = None
) -> str:
    token = new_secret()
    db.session.execute(delete(OneTimeLink).where(OneTimeLink.ends_at <= utcnow()))
    row = OneTimeLink(token_hash=_hash(token), ends_at=ends_at, invitation=invitation, user=user)
    db.session.add(row)
    db.session.flush()
    return token


def _hash(token: str) -> str:
    """The token has 256 bits by chance, so a slow hash would protect nothing more."""
    return hashlib.sha256(token.encode()).hexdigest()
