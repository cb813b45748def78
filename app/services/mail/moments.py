"""How an e-mail writes a time: there is no page that knows the zone of who reads it."""

from datetime import datetime

from app.models import Organization, User
from app.services.time_zones import zone_named


def for_admins(organization: Organization, moment: datetime) -> str:
    """In the Owner's zone, by its name: one e-mail goes to them and the Admins. `moment`: aware."""
    owner = organization.owner.user
    return in_zone_of(owner, moment)


def in_zone_of(user: User, moment: datetime) -> str:
    """ "24 November 2026, 13:05 (Europe/Berlin)". `moment`: aware."""
    zone = zone_named(user.time_zone)
    return f"{moment.astimezone(zone):%-d %B %Y, %H:%M} ({zone})"
