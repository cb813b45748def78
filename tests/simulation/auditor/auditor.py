"""All of the auditor in one object."""

from datetime import datetime
from typing import Any

from tests.simulation.auditor.economy import Economy
from tests.simulation.auditor.inward import Inward
from tests.simulation.auditor.last_time import LastTime
from tests.simulation.auditor.memory import Memory, Rows
from tests.simulation.auditor.quiet import Quiet
from tests.simulation.auditor.sprints import Sprints
from tests.simulation.auditor.sync_log import SyncLog


class Auditor(Sprints, LastTime, Inward, Quiet, SyncLog, Economy):
    """Hears, watches and judges. `broken` is what it found so far."""

    def __init__(self, rows: Rows, beginning: datetime) -> None:
        super().__init__()
        self.memory = Memory(beginning)
        self.rows = rows

    @property
    def broken(self) -> list[Any]:
        return self.memory.broken

    def look(self) -> None:
        """After every step that may have changed rows."""
        self.look_back()
        self.goes_on_once_chosen()
        self.sprint_has_come()
        super().look()

    def in_the_end(self) -> None:
        """The world has been well for two hours: everything has come true, is told, and is over."""
        self.all_is_well()
        self.log_tells_all()
        self.calm_hour()
        self.nothing_grows()

    def crashed(self, what: str) -> None:
        """A job, a tick or a request ended with an error that nobody expected."""
        self.memory.find("nothing-crashes", what)
