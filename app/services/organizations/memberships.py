"""The people of an organization and their roles. There is exactly one Owner."""

from collections.abc import Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import contains_eager

from app.extensions import db
from app.models import Membership, Organization, Role, Team, TeamMember, User
from app.services import audit
from app.services.errors import UnpackError
from app.services.organizations import organization_zones
from app.services.organizations.permissions import membership_in


class AlreadyMember(UnpackError):
    sentence = "This person is already a member."


class OwnerStays(UnpackError):
    sentence = "The Owner's role changes only by transferring the ownership."


class OwnerOnly(UnpackError):
    sentence = "Only the Owner can transfer the ownership."


def of_user(user: User) -> Sequence[Membership]:
    """The person's memberships, each with its organization, by the organizations' names."""
    return db.session.scalars(
        select(Membership)
        .join(Membership.organization)
        .where(Membership.user_id == user.id)
        .options(contains_eager(Membership.organization))
        .order_by(Organization.name, Organization.id)
    ).all()


def add_member(organization: Organization, user: User, role: Role, by: User | None) -> Membership:
    """Let `user` into the organization. Raises `AlreadyMember`, `OwnerStays`."""
    if role is Role.OWNER:
        raise OwnerStays
    lock(organization)
    if membership_in(user, organization.id) is not None:
        raise AlreadyMember
    membership = Membership(organization=organization, user=user, role=role)
    db.session.add(membership)
    audit.record(organization, by, "member-added", member=user.id, role=role)
    return membership


def change_role(membership: Membership, role: Role, by: User | None) -> None:
    """Make an Admin a Member or the reverse. Raises `OwnerStays`."""
    lock(membership.organization)
    if Role.OWNER in {membership.role, role}:
        raise OwnerStays
    if role is membership.role:
        return
    before, membership.role = membership.role, role
    organization, member = membership.organization, membership.user_id
    audit.record(organization, by, "role-changed", member=member, before=before, role=role)


def transfer_ownership(membership: Membership, by: User) -> None:
    """Make `membership` the Owner's; the Owner so far becomes an Admin. Raises `OwnerOnly`.

    Who asks for it has to prove who they are, and both are told: ownership.py.
    """
    organization = membership.organization
    lock(organization)
    owner = membership_in(by, organization.id)
    if owner is None or owner.role is not Role.OWNER:
        raise OwnerOnly
    if owner is not membership:
        make_owner(membership, owner, by)


def make_owner(membership: Membership, owner: Membership, by: User | None) -> None:
    """Let it be the Owner's instead of `owner`, who becomes an Admin. The caller has the lock."""
    owner.role = Role.ADMIN
    db.session.flush()  # at no time are there two
    membership.role = Role.OWNER
    audit.record(
        membership.organization,
        by,
        "ownership-transferred",
        member=membership.user_id,
        before=owner.user_id,
    )
    db.session.flush()
    organization_zones.take_owners(membership.user)


def remove_member(membership: Membership, by: User | None) -> None:
    """Take the person out of the organization and its teams. Raises `OwnerStays`.

    Their account and what they wrote stay; action items stay assigned to them. What else becomes
    of what they leave behind: services/departures.
    """
    lock(membership.organization)
    if membership.role is Role.OWNER:
        raise OwnerStays
    teams = select(Team.id).where(Team.organization_id == membership.organization_id)
    db.session.execute(
        delete(TeamMember).where(
            TeamMember.user_id == membership.user_id, TeamMember.team_id.in_(teams)
        )
    )
    organization, member = membership.organization, membership.user_id
    audit.record(organization, by, "member-removed", member=member, before=membership.role)
    db.session.delete(membership)
    db.session.flush()


def lock(organization: Organization) -> None:
    """One change at a time, judged by what the one before left: the Owner must not get lost."""
    db.session.execute(
        select(Organization.id)
        .where(Organization.id == organization.id)
        .with_for_update(key_share=True)
    )
    db.session.scalars(
        select(Membership)
        .where(Membership.organization_id == organization.id)
        .execution_options(populate_existing=True)
    ).all()
