"""By whose clock an organization's days and months begin: its figures are counted by them."""

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import Membership, Organization, Role, User
from app.services import audit
from app.services.owed import recounts


def choose(organization: Organization, time_zone: str, by: User) -> None:
    """`time_zone`: the IANA name of one that there is. Its months are counted anew."""
    before = organization.time_zone
    if time_zone != before:
        audit.record(organization, by, "time-zone-changed", before=before or "UTC", after=time_zone)
        _move(organization, time_zone)


def take_owners(owner: User) -> None:
    """The first zone that is known of its Owner is that of an organization without one.

    Of whoever has not chosen UTC, UTC says only that nobody knows yet.
    """
    if owner.time_zone == "UTC" and not owner.time_zone_chosen:
        return
    owned = (
        select(Organization)
        .join(Organization.memberships)
        .where(Membership.user_id == owner.id, Membership.role == Role.OWNER)
        .where(Organization.time_zone.is_(None))
    )
    for organization in db.session.scalars(owned):
        _move(organization, owner.time_zone)


def _move(organization: Organization, time_zone: str) -> None:
    organization.time_zone = time_zone
    recounts.owe_all(organization, utcnow())
    db.session.flush()
