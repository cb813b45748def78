"""When in the week an organization's people get their digest."""

from sqlalchemy import select, update

from app.extensions import db
from app.models import Membership, Organization, User
from app.services import audit

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def choose(organization: Organization, weekday: int, hour: int, by: User) -> None:
    """`weekday` from 0, Monday; `hour` from 0 to 23, by each person's own clock."""
    before = in_words(organization.digest_weekday, organization.digest_hour)
    organization.digest_weekday, organization.digest_hour = weekday, hour
    after = in_words(weekday, hour)
    if after != before:
        audit.record(organization, by, "digest-time-changed", before=before, after=after)
        _look_again(organization)


def in_words(weekday: int, hour: int) -> str:
    """ "Monday, 8:00"."""
    return f"{WEEKDAYS[weekday]}, {hour}:00"


def _look_again(organization: Organization) -> None:
    """Its people's digests are due at another moment: the ticker works it out anew."""
    members = select(Membership.user_id).where(Membership.organization_id == organization.id)
    db.session.execute(update(User).where(User.id.in_(members)).values(calendar_due_at=None))
