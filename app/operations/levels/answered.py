"""Deliveries as they were answered, added to the hour that they came in."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.dialects import postgresql, sqlite

from app.extensions import db
from app.models import JiraConnection, Level, ServiceLevelHour, WebhookDelivery
from app.operations.levels.promises import PROMISES, WINDOW

OLD_ROWS = 500  # that one addition deletes at the most
SLACK = timedelta(minutes=1)  # between the clock of the answer and that of the row


@dataclass(frozen=True)
class Answer:
    """One answer to Jira: to which delivery (Jira's identifier, where it sent one), when it came
    (aware UTC), how long it took (seconds), and whether it was stored (2xx)."""

    identifier: str | None
    came_at: datetime
    seconds: float
    stored: bool

    @property
    def missed(self) -> bool:
        return not (self.stored and self.seconds <= PROMISES[Level.DELIVERIES].within)


# By Jira's identifier of a delivery, the ids of the organizations that it was for.
Whose = Mapping[str | None, set[int]]


def add(answers: Iterable[Answer], whose: Whose, now: datetime) -> None:
    """Count `answers` for the installation, and for each organization whose delivery it was.

    What could not be stored is nobody's that we know. `now` is aware UTC. Hours that are past the
    window go.
    """
    counted: Counter[tuple[int | None, datetime]] = Counter()
    missed: Counter[tuple[int | None, datetime]] = Counter()
    for each in answers:
        hour = each.came_at.replace(minute=0, second=0, microsecond=0)
        for organization_id in (None, *whose.get(each.identifier, ())):
            counted[(organization_id, hour)] += 1
            missed[(organization_id, hour)] += each.missed
    if not counted:
        return
    rows = [
        {
            "organization_id": organization_id,
            "level": Level.DELIVERIES,
            "hour": hour,
            "counted": number,
            "missed": missed[(organization_id, hour)],
        }
        for (organization_id, hour), number in sorted(counted.items(), key=_by_organization)
    ]
    _add([row for row in rows if row["organization_id"] is None], of_all=True)
    _add([row for row in rows if row["organization_id"] is not None], of_all=False)
    _forget(now - WINDOW - timedelta(days=1))


def _by_organization(item: tuple[tuple[int | None, datetime], int]) -> tuple[int, datetime]:
    """Rows are locked in the same order by all who add."""
    (organization_id, hour), _ = item
    return organization_id or 0, hour


def whose(answers: Sequence[Answer]) -> Whose:
    """Whose the deliveries were. By way of the connections: their index has the recent ones."""
    names = {each.identifier for each in answers if each.stored and each.identifier}
    if not names:
        return {}
    since = min(each.came_at for each in answers) - SLACK
    rows = db.session.execute(
        select(WebhookDelivery.identifier, JiraConnection.organization_id)
        .select_from(JiraConnection)
        .join(
            WebhookDelivery,
            (WebhookDelivery.connection_id == JiraConnection.id)
            & (WebhookDelivery.received_at >= since),
        )
        .where(WebhookDelivery.identifier.in_(names))
    )
    found: dict[str | None, set[int]] = {}
    for identifier, organization_id in rows:
        found.setdefault(identifier, set()).add(organization_id)
    return found


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
