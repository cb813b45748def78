"""Changing one's own e-mail address: asked for with the password, done by a link to the new one.

Nobody learns whether the new address has an account: that is looked up when the link is used, and
by the job that sends it.
"""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select, update
from sqlalchemy.exc import IntegrityError

from app.clock import utcnow
from app.extensions import db
from app.models import EmailChange, Invitation, JiraConnection, JiraPerson, MailKind, User
from app.models.holding import hold_all
from app.services import audit
from app.services.errors import UnpackError
from app.services.organizations import accounts, one_time_links, passwords
from app.services.owed import mails, metadata_reads
from app.services.transactions import rows_changed

LIFE = timedelta(days=1)


class OwnAddress(UnpackError):
    sentence = "This is your address already."


class ChangeEnded(UnpackError):
    sentence = "It was open for a day, or has been replaced or ended. Your address is as it was."


class ChangeOfAnother(UnpackError):
    sentence = "Another account than the one you are signed in with asked for it."


def ask(user: User, address: str, matched: str) -> EmailChange:
    """Want another address; replaces what the person wanted before. Both addresses are written to.

    matched: what the password that they entered was hashed to. Raises `EmailUnreadable`,
    `OwnAddress`, and `PasswordWrong` if the password is another one by now.
    """
    refuse(user, address)
    passwords.prove(user, matched)
    one_time_links.end_email_change_of(user)
    now = utcnow()
    change = EmailChange(
        user_id=user.id, email=accounts.normalized(address), asked_at=now, ends_at=now + LIFE
    )
    db.session.add(change)
    db.session.flush()
    mails.owe(MailKind.EMAIL_CHANGE, change.email, [change.id])
    mails.owe(MailKind.EMAIL_CHANGE_ASKED, user.email, [change.id])
    return change


def refuse(user: User, address: str) -> None:
    """Raise `EmailUnreadable` or `OwnAddress` for what cannot be the person's new address."""
    accounts.refuse_unreadable(address)
    if accounts.normalized(address) == user.email:
        raise OwnAddress


def waiting_of(user: User) -> EmailChange | None:
    """What the person wants and has not confirmed, while it can be."""
    waiting = select(EmailChange).where(EmailChange.user_id == user.id)
    return db.session.scalar(waiting.where(EmailChange.ends_at > utcnow()))


def confirm(token: str, user: User) -> None:
    """Give the person who is signed in the address that the link went to.

    Ends all their links, forgets who they were found to be in Jira, and tells the address before.
    Of several links that are used at once one does it. Raises `ChangeEnded`, `ChangeOfAnother`, and
    `EmailTaken` if the address has got an account since.
    """
    change = one_time_links.email_change_of(token)
    if change is None:
        raise ChangeEnded
    if change.user_id != user.id:
        raise ChangeOfAnother
    connections = _held_connections(user)
    before, address = user.email, change.email
    _take(change)
    _move(user, before, address)
    one_time_links.end_all_of(user)
    _forget_matches(user, connections)
    for membership in user.memberships:
        audit.record(membership.organization, user, "email-changed", member=user.id)
    mails.owe(MailKind.EMAIL_CHANGED, before, [user.id])


def _take(change: EmailChange) -> None:
    taken = delete(EmailChange).where(
        EmailChange.id == change.id,
        EmailChange.email == change.email,
        EmailChange.ends_at > utcnow(),
    )
    one_time_links.end_all_of(change)
    if cast("CursorResult[Any]", db.session.execute(taken)).rowcount != 1:
        raise ChangeEnded


def _move(user: User, before: str, address: str) -> None:
    moved = update(User).where(User.id == user.id, User.email == before).values(email=address)
    try:
        with db.session.begin_nested():
            changed = rows_changed(db.session, moved)
    except IntegrityError:
        raise accounts.EmailTaken from None
    if not changed:
        raise ChangeEnded
    db.session.refresh(user)
    accepted = update(Invitation).where(
        Invitation.email == before, Invitation.accepted_at.is_not(None)
    )
    db.session.execute(accepted.values(email=address))  # else it would be the one place left


def _held_connections(user: User) -> list[JiraConnection]:
    """Held before the person's row: a drain that stores a match has them in that order."""
    ids = [membership.organization_id for membership in user.memberships]
    return hold_all(select(JiraConnection).where(JiraConnection.organization_id.in_(ids)))


def _forget_matches(user: User, connections: list[JiraConnection]) -> None:
    """They were found by the address before. What an admin picked by hand stays."""
    for connection in connections:
        found = delete(JiraPerson).where(
            JiraPerson.connection_id == connection.id,
            JiraPerson.user_id == user.id,
            JiraPerson.picked.is_(False),
        )
        db.session.execute(found)
        metadata_reads.want_people(connection, utcnow())
