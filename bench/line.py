"""What a line of the bench is, and what it finds."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Row:
    """One figure.

    bound: what it has to keep to, in the same unit; None: it is printed for comparison alone.
    at_least: the figure must not be below the bound; else it must not be above.
    against: what it was compared with, in words and figures.
    """

    what: str
    figure: float
    unit: str
    bound: float | None = None
    at_least: bool = False
    against: str = ""

    @property
    def falls_short(self) -> bool:
        if self.bound is None:
            return False
        return self.figure < self.bound if self.at_least else self.figure > self.bound


@dataclass(frozen=True)
class Run:
    """How a line is run.

    folder: its own, for whatever it writes. postgresql: the address of a running server.
    short: small sizes, a few seconds; nobody judges what comes out.
    """

    folder: Path
    postgresql: str
    short: bool = False


@dataclass(frozen=True)
class Line:
    """A question to the machine.

    how: how it is measured. simulated: what is not as in production. minutes: how long it takes.
    in_short: whether it has a short form.
    """

    name: str
    how: str
    simulated: str
    minutes: float
    measure: Callable[[Run], list[Row]]
    in_short: bool = True
