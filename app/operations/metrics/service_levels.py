"""The service levels of the installation. Days that are over are counted once by each process."""

from collections.abc import Iterator
from datetime import datetime

from flask import current_app

from app.models import Level
from app.operations.levels import level_counts
from app.operations.levels.promises import PROMISES, Counted
from app.operations.metrics.family import Family

COUNTED_DAYS = "counted_days"
LABEL = ("level",)


def families(now: datetime) -> Iterator[Family]:
    """All of them, at `now` (aware UTC). Raises what the database raises.

    A level that is not known yet is left out: after a start, days are counted bit by bit.
    """
    days = current_app.extensions.setdefault(COUNTED_DAYS, {})
    counts = level_counts.of_installation(now, days)
    yield Family(
        "unpack_service_level_counted", "What was counted in 28 days.", LABEL,
        _by_level(counts, "counted"),
    )  # fmt: skip
    yield Family(
        "unpack_service_level_missed", "How much of it missed the level.", LABEL,
        _by_level(counts, "missed"),
    )  # fmt: skip
    yield Family(
        "unpack_service_level_missed_in_hour", "How much of that in the last hour.", LABEL,
        _by_level(counts, "missed_in_hour"),
    )  # fmt: skip
    targets = {(level.value,): promise.target for level, promise in PROMISES.items()}
    yield Family(
        "unpack_service_level_target", "The share that is to be kept, from 0 to 1.", LABEL, targets
    )


def _by_level(counts: dict[Level, Counted], of: str) -> dict[tuple[str], float]:
    return {(level.value,): float(getattr(found, of)) for level, found in counts.items()}
