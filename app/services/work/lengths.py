"""How long a lease lasts without being renewed, and which one no right clock can have written."""

from datetime import datetime, timedelta

from flask import current_app

from app.models import WorkKind

# Longer than a refresh of the token and one request can take; renewed before each request.
USUAL = timedelta(seconds=120)
# How far the clocks of our machines may be apart.
CLOCKS_APART = timedelta(minutes=1)


def length(kind: WorkKind) -> timedelta:
    """How long a lease of this kind lasts."""
    return _drain() if kind is WorkKind.DRAIN else USUAL


def latest_end(now: datetime) -> datetime:
    """When a lease that is held at `now` (aware UTC) ends at the latest.

    One that ends later was written by a clock that is wrong, perhaps for hours: it holds nothing.
    Whoever wrote it finds out before each request that the lease is another's.
    """
    return now + max(USUAL, _drain()) + CLOCKS_APART


def _drain() -> timedelta:
    return timedelta(seconds=float(current_app.config["SYNC_LEASE"]))
