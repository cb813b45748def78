"""What the ticker counts of the action items that `fill` has written past the triggers."""

from app.clock import utcnow
from app.extensions import db
from app.services.follow_through import counting
from app.services.organizations import organizations
from app.services.owed import recounts


def count_months(slug: str) -> None:
    """Count all months of one organization, the one that is asked for pages. Commits."""
    organization = organizations.find_by_slug(slug)
    assert organization is not None
    recounts.owe_all(organization, utcnow())
    while counting.catch_up(utcnow()):
        db.session.commit()
    db.session.commit()
