"""Whose account it is when an identity provider vouches for somebody (OpenID Connect).

An account is tied to the provider's issuer and subject. By e-mail address only the first time, and
only where the provider has checked the address and the operator trusts it with the domain: whoever
could name any address at the provider would come into anybody's account.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.extensions import db
from app.models import MailKind, ProviderIdentity, User
from app.services.errors import UnpackError
from app.services.organizations import accounts, one_time_links
from app.services.owed import mails
from app.services.sign_in import user_sessions

LONGEST = 255  # OpenID Connect Core 1.0, of `sub`
LONGEST_NAME = 120


class NotVouchedFor(UnpackError):
    sentence = "Nobody was signed in."


@dataclass(frozen=True)
class Vouched:
    """What a provider says of somebody.

    email: normalized; empty unless the provider says that it has checked it.
    """

    issuer: str
    subject: str
    email: str
    name: str


def vouched(issuer: str, claims: Mapping[str, Any]) -> Vouched:
    """The claims of an ID token that was found to be `issuer`'s and meant for us.

    Raises `NotVouchedFor` when they name nobody.
    """
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= LONGEST or "\0" in subject:
        raise NotVouchedFor("The identity provider did not say who you are. Nobody was signed in.")
    checked = claims.get("email_verified") in (True, "true")  # some send it as text
    email = accounts.normalized(str(claims.get("email") or "")) if checked else ""
    name = " ".join(str(claims.get("name") or "").replace("\0", "").split())
    return Vouched(issuer, subject, email, (name or email.partition("@")[0])[:LONGEST_NAME])


def account_of(who: Vouched, domains: Collection[str]) -> User:
    """Their account: tied already, tied now by its address, or made now. Flushes.

    domains: those whose addresses the provider is trusted with. Raises `NotVouchedFor`.
    """
    known = _tied(who)
    if known is not None:
        return known
    _refuse_untrusted(who, domains)
    there = _with_address(who.email)
    user = there or _made(who)
    try:
        with db.session.begin_nested():
            identity = ProviderIdentity(user_id=user.id, issuer=who.issuer, subject=who.subject)
            db.session.add(identity)
    except IntegrityError:  # tied to another subject, or by them in another tab at this moment
        tied = _tied(who)
        if tied is None:
            raise NotVouchedFor(
                f"The account of {who.email} belongs to another person at the identity provider. "
                "Nobody was signed in. Ask whoever runs this installation."
            ) from None
        return tied
    if there is not None:
        _begin_anew(there)
    return user


def identity_of(user: User, issuer: str) -> ProviderIdentity | None:
    """What the person signs in with at that provider, if they ever have."""
    own = (ProviderIdentity.user_id == user.id, ProviderIdentity.issuer == issuer)
    return db.session.scalar(select(ProviderIdentity).where(*own))


def untie(user: User) -> int:
    """Forget what the person signs in with at providers, and end their sessions; how many accounts
    there were. Flushes."""
    tied = db.session.scalars(select(ProviderIdentity).filter_by(user_id=user.id)).all()
    for each in tied:
        db.session.delete(each)
    user_sessions.end_all_of(user)
    db.session.flush()
    return len(tied)


def _tied(who: Vouched) -> User | None:
    """Held, so that who changes its password now also ends the session that begins."""
    identity = (ProviderIdentity.issuer == who.issuer, ProviderIdentity.subject == who.subject)
    user: User | None = db.session.scalar(
        select(User)
        .join(ProviderIdentity, ProviderIdentity.user_id == User.id)
        .where(*identity)
        .with_for_update(key_share=True, of=User)
    )
    # Whoever held the row may have deleted the account, and the tie with it.
    still = db.session.scalar(select(ProviderIdentity.user_id).where(*identity))
    return user if user is not None and still == user.id else None


def _with_address(email: str) -> User | None:
    """Whose address it is, held, so that it stays theirs until they are tied."""
    user: User | None = db.session.scalar(
        select(User)
        .where(User.email == email)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return user


def _made(who: Vouched) -> User:
    try:
        return accounts.create_user(who.email, who.name)
    except accounts.EmailTaken:  # by themselves in another tab, at this moment
        raise NotVouchedFor("You are signing in twice at once. Try again.") from None


def _begin_anew(user: User) -> None:
    """Somebody else may have made the account, or still be in it: the provider says whose it is."""
    user_sessions.end_all_of(user)
    one_time_links.end_all_of(user)
    mails.owe(MailKind.SIGN_IN_TIED, user)
    db.session.flush()


def _refuse_untrusted(who: Vouched, domains: Collection[str]) -> None:
    if not who.email:
        raise NotVouchedFor(
            "The identity provider has not checked your e-mail address. Nobody was signed in."
        )
    if who.email.rpartition("@")[2] not in domains:
        raise NotVouchedFor(
            f"This installation does not take {who.email} from the identity provider. Nobody was "
            "signed in. Sign in with a password, or ask whoever runs it."
        )
    try:
        accounts.refuse_unreadable(who.email)
    except accounts.EmailUnreadable:
        raise NotVouchedFor(
            f"{who.email} is not an e-mail address. Nobody was signed in."
        ) from None
