"""What service levels are counted from, as rows."""

from datetime import timedelta

from app.clock import utcnow
from app.extensions import db
from app.models import Level, LinkState, Phase, Retrospective, ServiceLevelHour
from tests.support import factories
from tests.support.acme import acme, link, team
from tests.support.sync_entries import entry


def committed_with_key_after(
    *seconds: float | None, ago: timedelta = timedelta(minutes=5)
) -> Retrospective:
    """A retrospective that was committed `ago`, whose keys came so many seconds later, or not."""
    at = utcnow() - ago
    retrospective = factories.retrospective(team(), Phase.COMMIT, committed_at=at)
    for each in seconds:
        item = factories.action_item(retrospective, created_at=at - timedelta(minutes=20))
        opened = at + timedelta(milliseconds=20)
        if each is None:
            link(item, LinkState.WAITING, key=None, created_at=opened)
        else:
            entry(link(item, created_at=opened), at=at + timedelta(seconds=each))
    return retrospective


def counted_hour(counted: int, missed: int, ago: int = 0, *, of_all: bool = False) -> None:
    """Deliveries that were answered so many hours ago, of Acme or of the whole installation."""
    at = (utcnow() - timedelta(hours=ago)).replace(minute=0, second=0, microsecond=0)
    db.session.add(
        ServiceLevelHour(
            organization_id=None if of_all else acme().id,
            level=Level.DELIVERIES,
            hour=at,
            counted=counted,
            missed=missed,
        )
    )
    db.session.flush()
