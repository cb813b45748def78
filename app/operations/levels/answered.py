"""Deliveries as they were answered, added to the hour that they came in."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.models import Level, Organization, ServiceLevelHour
from app.operations.levels.promises import PROMISES, WINDOW

OLD_ROWS = 500  # that one addition deletes at the most


@dataclass(frozen=True)
class Answer:
    """One answer to Jira: the ids of the organizations whose delivery it was, when that came
    (aware UTC), how long it took (seconds), and whether it was stored (2xx)."""

    organization_ids: frozenset[int]
    came_at: datetime
    seconds: float
    stored: bool

    @property
    def missed(self) -> bool:
        return not (self.stored and self.seconds <= PROMISES[Level.DELIVERIES].within)


# Of an organization (None: of the installation) in one hour.
Counts = Counter[tuple[int | None, datetime]]


@dataclass
class AnswerCounts:
    """Answers that were counted, and how many of them missed what is promised."""

    counted: Counts = field(default_factory=Counter)
    missed: Counts = field(default_factory=Counter)

    def count(self, answer: Answer) -> None:
        """For the installation, and for each organization whose delivery it was."""
        hour = answer.came_at.replace(minute=0, second=0, microsecond=0)
        for organization_id in (None, *answer.organization_ids):
            self.counted[(organization_id, hour)] += 1
            self.missed[(organization_id, hour)] += answer.missed

    def add(self, other: "AnswerCounts") -> None:
        self.counted.update(other.counted)
        self.missed.update(other.missed)


def add(counts: AnswerCounts, now: datetime) -> None:
    """Add what was counted to the hours' rows. `now` is aware UTC. Hours that are past the window
    go, and what is of an organization that is not there any more: none of it waits for ever."""
    if not counts.counted:
        return
    there = _held_organizations({whose for whose, _ in counts.counted if whose is not None})
    rows = [
        {
            "organization_id": organization_id,
            "level": Level.DELIVERIES,
            "hour": hour,
            "counted": number,
            "missed": counts.missed[(organization_id, hour)],
        }
        for (organization_id, hour), number in sorted(counts.counted.items(), key=_by_organization)
    ]
    _add([row for row in rows if row["organization_id"] is None], of_all=True)
    _add([row for row in rows if row["organization_id"] in there], of_all=False)
    _forget(now - WINDOW - timedelta(days=1))


def _held_organizations(ids: Collection[int]) -> set[int]:
    """Those of them that exist, and will until this is written."""
    return set(
        db.session.scalars(
            select(Organization.id)
            .where(Organization.id.in_(ids))
            .order_by(Organization.id)
            .with_for_update(read=True, key_share=True)
        )
    )


def _by_organization(item: tuple[tuple[int | None, datetime], int]) -> tuple[int, datetime]:
    """Rows are locked in the same order by all who add."""
    (organization_id, hour), _ = item
    return organization_id or 0, hour


def _add(rows: Sequence[Mapping[str, Any]], *, of_all: bool) -> None:
    """All at once, in their order."""
    if not rows:
        return
    table = ServiceLevelHour.__table__
    on_postgresql = db.session.get_bind().dialect.name == "postgresql"
    insert = (postgresql.insert if on_postgresql else sqlite.insert)(table)
    columns = ["level", "hour"] if of_all else ["organization_id", "level", "hour"]
    owner = table.c.organization_id
    db.session.execute(
        insert.on_conflict_do_update(
            index_elements=columns,
            index_where=owner.is_(None) if of_all else owner.is_not(None),
            set_={
                "counted": table.c.counted + insert.excluded.counted,
                "missed": table.c.missed + insert.excluded.missed,
            },
        ),
        rows,
    )


def _forget(before: datetime) -> None:
    old = select(ServiceLevelHour.id).where(ServiceLevelHour.hour < before).limit(OLD_ROWS)
    if ids := list(db.session.scalars(old)):
        db.session.execute(delete(ServiceLevelHour).where(ServiceLevelHour.id.in_(ids)))
