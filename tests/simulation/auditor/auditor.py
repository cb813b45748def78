"""All of the auditor in one object."""

from typing import Any

from tests.simulation.auditor.inward import Inward
from tests.simulation.auditor.memory import Memory, Rows
from tests.simulation.auditor.outward import Outward
from tests.simulation.auditor.quiet import Quiet
from tests.simulation.auditor.wishes import Wishes


class Auditor(Wishes, Outward, Inward, Quiet):
    """Hears, watches and judges. `broken` is what it found so far."""

    def __init__(self, rows: Rows) -> None:
        super().__init__()
        Outward.__init__(self)
        self.memory = Memory()
        self.rows = rows

    @property
    def broken(self) -> list[Any]:
        return self.memory.broken

    def crashed(self, what: str) -> None:
        """A job, a tick or a request ended with an error that nobody expected."""
        self.memory.find("nothing-crashes", what)
