"""How the service levels of an organization read on its settings page. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.models import Level
from app.operations.levels.promises import PROMISES, Counted, Promise, goes_fast, is_kept
from app.services.labels import Chip


@dataclass(frozen=True)
class LevelLine:
    """One level. figures: how much of how many was missed; warning: empty unless it goes fast."""

    name: str
    chip: Chip
    figures: str
    target: str
    says: str
    warning: str = ""


def lines_of(counts: Mapping[Level, Counted]) -> Sequence[LevelLine]:
    """A line for each level, in their own order."""
    return [_line(PROMISES[level], counts[level]) for level in Level if level in counts]


def percentage(share: float) -> str:
    """To a tenth, and never 100 % of what is not all: what was missed is not rounded away."""
    tenths = int(share * 1000 + 1e-9)
    return f"{tenths // 10} %" if tenths % 10 == 0 else f"{tenths // 10}.{tenths % 10} %"


def _line(promise: Promise, found: Counted) -> LevelLine:
    return LevelLine(
        promise.name,
        _chip(promise, found),
        _figures(found),
        f"at least {percentage(promise.target)}",
        promise.says,
        _fast(found) if goes_fast(promise, found) else "",
    )


def _chip(promise: Promise, found: Counted) -> Chip:
    if not found.is_enough:
        return Chip("idle", "circle-dashed", "Too few to say")
    if goes_fast(promise, found) or not is_kept(promise, found):
        return Chip("limited", "alert-triangle", percentage(found.share))
    return Chip("ready", "circle-check", percentage(found.share))


def _figures(found: Counted) -> str:
    latest = "the latest " if found.cut else ""
    if not found.missed:
        return f"{latest}{found.counted} counted, none missed"
    return f"{found.missed} of {latest}{found.counted} missed"


def _fast(found: Counted) -> str:
    all_that = "so many" if found.cut else "28 days"
    return f"A quarter of what {all_that} allow to be missed went within the last hour."
