"""The lines, in the order in which they run. Each is a module of this folder, with a `LINE`."""

from collections.abc import Sequence
from importlib import import_module

from bench.line import Line

NAMES = (
    "commit",
    "work",
    "webhooks",
    "traffic",
    "pages",
    "polls",
    "ticks",
    "fairness",
    "workers",
    "quota",
    "writes",
    "memory",
    "loads",
)


Chosen = Sequence[Line]


class NoSuchLine(Exception):
    """Somebody asked for a line that there is not."""


def chosen(only: str, short: bool) -> Chosen:
    """The lines named in `only`, with commas between; all of them if it is empty.

    Raises `NoSuchLine`.
    """
    names = [name.strip() for name in only.split(",") if name.strip()] or list(NAMES)
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        raise NoSuchLine(f"No line is called {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
    lines = [_line(name) for name in NAMES if name in names]
    return [line for line in lines if line.in_short or not short]


def _line(name: str) -> Line:
    found: Line = import_module(f"bench.{name}").LINE
    return found
