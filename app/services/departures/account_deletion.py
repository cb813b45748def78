"""Deleting an account: what is the person's goes, what is shared stays without them."""

from collections.abc import Sequence

from sqlalchemy import delete as delete_rows
from sqlalchemy import or_, select, update
from sqlalchemy.orm.attributes import flag_modified

from app.extensions import db
from app.models import (
    Appearance,
    AuditEvent,
    CalendarMail,
    DeclinedMail,
    Finishing,
    Invitation,
    JiraPerson,
    Mail,
    MemberOfChange,
    Membership,
    Organization,
    PendingGrant,
    ProviderIdentity,
    TeamMember,
    User,
    WantedMail,
)
from app.services import audit
from app.services.departures import leaving
from app.services.departures.leaving import Choices
from app.services.errors import UnpackError
from app.services.organizations import accounts, memberships, one_time_links, passwords
from app.services.sign_in import guesses, user_sessions

NAME = "A former member"


class OwnsOrganizations(UnpackError):
    """Names them, and the way out."""

    def __init__(self, owned: Sequence[Organization]) -> None:
        super().__init__(
            f"The Owner of {' and '.join(each.name for each in owned)} cannot be deleted. "
            "Hand the organization over to somebody else first, on its Members page."
        )


def owned_by(user: User) -> list[Organization]:
    """The organizations that keep the account from being deleted."""
    return [each.organization for each in memberships.of_user(user) if each.role.owns]


def delete_own(user: User, matched: str) -> None:
    """Delete the account of whoever proves to be its person.

    matched: what the password that they entered was hashed to. Owner and Admins of their
    organizations are told, as when somebody leaves. Raises `PasswordWrong`, `OwnsOrganizations`.
    """
    held = _held_memberships(user)
    passwords.prove(user, matched)
    for membership in held:
        _record(membership, user)
        leaving.leave(membership, Choices())
    _forget(user)


def delete(user: User) -> None:
    """The same by the operator. Raises `OwnsOrganizations`."""
    for membership in _held_memberships(user):
        _record(membership, None)
        leaving.remove(membership, None, Choices())
    _forget(user)


def _held_memberships(user: User) -> list[Membership]:
    """Nobody else changes the organizations' people meanwhile; organizations by ascending id."""
    for membership in sorted(user.memberships, key=lambda row: row.organization_id):
        memberships.lock(membership.organization)
    db.session.expire(user, ["memberships"])
    if owned := owned_by(user):
        raise OwnsOrganizations(owned)
    return sorted(user.memberships, key=lambda row: row.organization_id)


def _record(membership: Membership, by: User | None) -> None:
    audit.record(membership.organization, by, "account-deleted", member=membership.user_id)


def _forget(user: User) -> None:
    """All that is the person's alone. The row stays, nameless, because shared rows point at it."""
    address = user.email
    one_time_links.end_all_of(user)
    user_sessions.end_all_of(user)
    guesses.forget([guesses.key_of_account(address), guesses.key_of_own_password(user.id)])
    _forget_mails(user, address)
    _forget_in_jira(user)
    for model in (
        TeamMember,
        PendingGrant,
        DeclinedMail,
        WantedMail,
        CalendarMail,
        ProviderIdentity,
        Finishing,
    ):
        db.session.execute(delete_rows(model).where(model.user_id == user.id))
    user.name, user.email = NAME, f"former-{user.id}@{accounts.FORMER}"
    user.password_hash, user.password_chosen_at = "", None
    user.time_zone, user.time_zone_chosen = "UTC", False
    user.appearance = Appearance.SYSTEM
    _forget_invitations(address, user.email)
    db.session.flush()


def _forget_mails(user: User, address: str) -> None:
    """What has gone out is no row any more, but in the demo: there are few."""
    theirs = or_(Mail.user_id == user.id, Mail.address == address)
    db.session.execute(delete_rows(Mail).where(theirs))
    for mail in db.session.scalars(select(Mail)):
        if address in mail.recipients:
            mail.recipients = [each for each in mail.recipients if each != address]


def _forget_in_jira(user: User) -> None:
    """Which account in Jira is theirs; what is assigned there stays so."""
    db.session.execute(delete_rows(JiraPerson).where(JiraPerson.user_id == user.id))
    picked = update(JiraPerson).where(JiraPerson.picked_by_id == user.id)
    db.session.execute(picked.values(picked_by_id=None))
    recorded = select(AuditEvent).where(
        AuditEvent.action == "jira.account-changed",
        MemberOfChange() == user.id,
    )
    for event in db.session.scalars(recorded):
        event.details |= dict.fromkeys(("before", "after"))
        flag_modified(event, "details")


def _forget_invitations(address: str, instead: str) -> None:
    waiting = select(Invitation).where(
        Invitation.email == address, Invitation.accepted_at.is_(None)
    )
    for invitation in db.session.scalars(waiting).all():
        one_time_links.end_all_of(invitation)
        db.session.delete(invitation)
    db.session.flush()
    accepted = update(Invitation).where(Invitation.email == address)
    db.session.execute(accepted.values(email=instead))
