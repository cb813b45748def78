"""A clock that is ahead of the machine's."""

from datetime import datetime, timedelta

from app.clock import SystemClock


class LaterClock(SystemClock):
    """It is so much later than the machine says."""

    def __init__(self, later: timedelta) -> None:
        self.later = later

    def utcnow(self) -> datetime:
        return super().utcnow() + self.later
