"""Months of action items of Acme, as rows, and what became of them."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, CompletedIn, Phase, Retrospective
from app.services.follow_through import counting, periods
from tests.support import factories
from tests.support.acme import acme, team

DAY = timedelta(days=1)


def count() -> None:
    """As the ticker does, until nothing is left to be counted."""
    db.session.flush()
    while counting.catch_up(utcnow()):
        pass


def retrospective(of: str = "Platform") -> Retrospective:
    return factories.retrospective(team(of), Phase.CLOSED)


def written(of: Retrospective, ago: int, done_after: int | None = None, **more: Any) -> ActionItem:
    """An action item of so many days ago, completed here so many days later, or open."""
    at = utcnow() - ago * DAY
    item = factories.action_item(of, created_at=at, updated_at=at, **more)
    if done_after is not None:
        item.note_completion(at + done_after * DAY, CompletedIn.UNPACK)
        item.updated_at = at + done_after * DAY
    db.session.flush()
    return item


def months_of_items() -> None:
    """Six months of Platform's and Mobile's, as a team that gets better has them, counted."""
    acme().time_zone = "Europe/Prague"
    today = utcnow().date()
    rows = (  # done within 30 days, done later, dropped, open; a month, the oldest first
        (5, 4, 1, 0), (7, 3, 1, 2), (8, 2, 0, 2), (9, 3, 1, 2), (10, 1, 0, 3), (8, 0, 0, 5),
    )  # fmt: skip
    for ago, many in zip(range(5, -1, -1), rows, strict=True):
        month = periods.months_before(today, ago)
        for number, kind in enumerate(
            ["in-time"] * many[0] + ["later"] * many[1] + ["dropped"] * many[2] + ["open"] * many[3]
        ):
            _of_month(month, kind, retrospective("Platform" if number % 5 < 3 else "Mobile"))
    count()


def _of_month(month: date, kind: str, of: Retrospective) -> None:
    at = min(datetime(month.year, month.month, 2, 9, tzinfo=UTC), utcnow() - DAY)
    item = factories.action_item(of, created_at=at, updated_at=at, due_on=(at + 21 * DAY).date())
    if kind in {"in-time", "later"}:
        after = 8 if kind == "in-time" else 41
        item.note_completion(min(at + after * DAY, utcnow()), CompletedIn.UNPACK)
    elif kind == "dropped":
        item.completed_at = item.dropped_at = at + 20 * DAY
    db.session.flush()
