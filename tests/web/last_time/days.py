"""Our clock and Jira's, which stand on the day that is asked for."""

from datetime import UTC, datetime, timedelta

from app.clock import SystemClock, utcnow
from app.services.follow_through.periods import months_before
from demo.jira_cloud import machine
from tests.support.later import LaterClock

DAY = timedelta(days=1)


class Days(LaterClock):
    """Begins at nine on the first of next month: what is written within 28 days is of one month."""

    def __init__(self) -> None:
        now = SystemClock().utcnow()
        self.first = months_before(now.date(), -1)
        begin = datetime(self.first.year, self.first.month, self.first.day, 9, tzinfo=UTC)
        super().__init__(begin - now)
        self._at_first = self.later

    def come_to(self, day: int) -> None:
        """So many days after the first."""
        self.later = self._at_first + day * DAY


class JirasDays(machine.Clock):
    """Jira's clock says what ours does."""

    def now(self) -> datetime:
        return utcnow()
