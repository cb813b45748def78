"""Invitations: somebody with a certain e-mail address may join, if they want to.

Nothing here tells whoever invites whether the address has an account, and nothing that they see
opens it: the link goes to the address alone, or is printed by the operator's command.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.orm import selectinload

from app.clock import utcnow
from app.extensions import db
from app.models import Invitation, MailKind, Membership, Organization, Role, Team, User
from app.services import audit
from app.services.errors import UnpackError
from app.services.organizations import (
    accounts,
    memberships,
    one_time_links,
    password_rules,
    passwords,
    permissions,
    teams,
)
from app.services.owed import mails
from app.services.transactions import rows_changed

LIFE = timedelta(days=7)


class InvitationEnded(UnpackError):
    sentence = "It was open for 7 days, or has been taken back or replaced by a newer one."


class InvitationOfAnother(UnpackError):
    sentence = "It was sent to another address than the one you are signed in with."


class AccountExists(UnpackError):
    sentence = "This address has an account. Sign in with it to join."


def invite(
    organization: Organization, *, email: str, role: Role, team_ids: Iterable[int], by: User
) -> Invitation:
    """Ask whoever has the address to join; replaces an invitation of the address that waits.

    Raises `EmailUnreadable`, `AlreadyMember`, `OwnerStays`.
    """
    accounts.refuse_unreadable(email)
    if role is Role.OWNER:
        raise memberships.OwnerStays
    memberships.lock(organization)
    address = accounts.normalized(email)
    if any(member.user.email == address for member in organization.memberships):
        raise memberships.AlreadyMember
    own = {team.id for team in organization.teams}
    invitation = _waiting(organization, address) or Invitation(
        organization_id=organization.id, email=address
    )
    invitation.role = role
    invitation.team_ids = [team_id for team_id in team_ids if team_id in own]
    _send(invitation, by)
    audit.record(organization, by, "invited", invitation=invitation.id, role=role)
    return invitation


def send_again(invitation: Invitation, by: User) -> None:
    """Open it for another 7 days, by another link; what was sent before opens nothing any more.

    Raises `InvitationEnded` if it was accepted meanwhile.
    """
    _hold_waiting(invitation)
    _send(invitation, by)
    audit.record(invitation.organization, by, "invited-again", invitation=invitation.id)


def take_back(invitation: Invitation, by: User) -> None:
    """End it and forget it. Raises `InvitationEnded` if it was accepted meanwhile."""
    _hold_waiting(invitation)
    audit.record(invitation.organization, by, "invitation-removed", invitation=invitation.id)
    one_time_links.end_all_of(invitation)
    db.session.execute(delete(Invitation).where(Invitation.id == invitation.id))


def find_waiting(organization: Organization) -> list[Invitation]:
    """Those that nobody has accepted, ended ones too; the last sent first."""
    waiting = select(Invitation).where(
        Invitation.organization_id == organization.id, Invitation.accepted_at.is_(None)
    )
    inviters = selectinload(Invitation.invited_by).selectinload(User.memberships)
    ordered = waiting.order_by(Invitation.sent_at.desc(), Invitation.id)
    return list(db.session.scalars(ordered.options(inviters)))


def find_open(organization: Organization, email: str) -> Invitation | None:
    """The invitation of that address, if it can be accepted now."""
    invitation = _waiting(organization, accounts.normalized(email))
    return invitation if invitation and is_open(invitation, utcnow()) else None


def is_open(invitation: Invitation, now: datetime) -> bool:
    """Whether it can be accepted at `now` (aware UTC): whoever sent it must still be an admin."""
    return (
        invitation.accepted_at is None
        and invitation.ends_at > now
        and permissions.administers(invitation.invited_by, invitation.organization)
    )


def accept(token: str, user: User) -> Membership:
    """Let the person who is signed in join; pressed again, it finds the membership.

    Raises `InvitationEnded`, `InvitationOfAnother`.
    """
    invitation = _held(token)
    if user.email != invitation.email:
        raise InvitationOfAnother
    present = _membership(user, invitation.organization)
    if present is not None and invitation.accepted_at is not None:
        return present
    _take(invitation)
    return _join(invitation, user)


def refuse_weak(invitation: Invitation, name: str, password: str) -> None:
    """Raise `PasswordRefused` for what others would try first for the one who is invited."""
    own_words = [name, invitation.email, invitation.organization.name]
    password_rules.refuse_weak(password, own_words)


def accept_as_new(token: str, name: str, hashed: str) -> User:
    """Make the account of the invited address, with the hash of the password chosen, and join.

    Raises `InvitationEnded`, and `AccountExists` where the address has one: a link never sets the
    password of an account that exists.
    """
    invitation = _held(token)
    if accounts.find_by_email(invitation.email) is not None:
        raise AccountExists
    _take(invitation)
    try:
        user = accounts.create_user(invitation.email, name)
    except accounts.EmailTaken:
        raise AccountExists from None
    passwords.keep(user, hashed)
    _join(invitation, user)
    return user


def _waiting(organization: Organization, address: str) -> Invitation | None:
    return db.session.scalar(
        select(Invitation).where(
            Invitation.organization_id == organization.id,
            Invitation.email == address,
            Invitation.accepted_at.is_(None),
        )
    )


def _send(invitation: Invitation, by: User) -> None:
    invitation.invited_by_id = by.id
    invitation.sent_at = utcnow()
    invitation.ends_at = invitation.sent_at + LIFE
    db.session.add(invitation)
    db.session.flush()
    db.session.expire(invitation, ["invited_by"])
    one_time_links.end_all_of(invitation)
    mails.owe(MailKind.INVITATION, invitation.email, [invitation.id])


def _held(token: str) -> Invitation:
    """The invitation, while nobody else changes the organization's people."""
    invitation = one_time_links.invitation_of(token)
    if invitation is None:
        raise InvitationEnded
    memberships.lock(invitation.organization)
    as_it_is_now = one_time_links.invitation_of(token)
    if as_it_is_now is None:
        raise InvitationEnded
    return as_it_is_now


def _hold_waiting(invitation: Invitation) -> None:
    memberships.lock(invitation.organization)
    waits = select(Invitation.id).where(
        Invitation.id == invitation.id, Invitation.accepted_at.is_(None)
    )
    if db.session.scalar(waits) is None:
        raise InvitationEnded


def _membership(user: User, organization: Organization) -> Membership | None:
    """As it stands now, whatever was read before the lock."""
    return db.session.scalar(
        select(Membership).where(
            Membership.user_id == user.id, Membership.organization_id == organization.id
        )
    )


def _take(invitation: Invitation) -> None:
    """Of several that accept it one does, and only what it was when the link was looked at."""
    now = utcnow()
    if not is_open(invitation, now):
        raise InvitationEnded
    taken = update(Invitation).where(
        Invitation.id == invitation.id,
        Invitation.accepted_at.is_(None),
        Invitation.sent_at == invitation.sent_at,
        Invitation.ends_at > now,
    )
    if not rows_changed(db.session, taken.values(accepted_at=now)):
        raise InvitationEnded


def _join(invitation: Invitation, user: User) -> Membership:
    organization = invitation.organization
    membership = _membership(user, organization)
    if membership is None:
        by = invitation.invited_by
        membership = memberships.add_member(organization, user, invitation.role, by)
    own = select(Team).where(
        Team.id.in_(invitation.team_ids), Team.organization_id == organization.id
    )
    for team in db.session.scalars(own):
        if all(row.user_id != user.id for row in team.team_members):
            teams.add_team_member(team, user, facilitator=False, by=invitation.invited_by)
    return membership
