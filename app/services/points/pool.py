"""Taking points before requests leave, in the transaction that lets them leave.

The pool is a row that whoever takes some changes last, under a condition: so two workers never
take the same points. Redis knows nothing of it, and may be emptied.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    case,
    false,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.dml import ReturningInsert

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, PointsPool, PointsShare, Spending
from app.models.prepared import prepared
from app.services.points import allowance, counted
from app.services.points.allowance import Quota, Spent
from app.services.points.counted import Asker, Remaining

Insert = Callable[[Any], Any]

INSTALLATION = ""
# A window that begins later than this was written by a clock that was wrong. What it counted may
# well have been spent.
LATEST_START = timedelta(minutes=1)
SHORTEST_WAIT = timedelta(seconds=1)
# By how much the end of Jira's window may differ from the end of ours.
SAME_END = timedelta(minutes=2)


def quota() -> Quota | None:
    """What Jira gives; None where the operator says that nothing is to be counted."""
    config = current_app.config
    points = int(config["JIRA_POINTS"])
    return Quota(points, int(config["JIRA_POINTS_SECONDS"])) if points else None


def affordable(asker: Asker, spending: Spending, costs: Sequence[int]) -> int:
    """For how many requests there are points, in their order. Takes none. costs: of each."""
    given = quota()
    if given is None:
        return len(costs)
    now = utcnow()
    free = allowance.free(given, _known(given, asker, now), spending, now) - counted.waiting()
    many = 0
    for cost in costs:
        free -= cost
        if free < 0:
            break
        many += 1
    return many


def has_any(asker: Asker) -> bool:
    """Whether somebody who waits for Jira may ask it at all: else it would stop everybody."""
    return affordable(asker, Spending.CREATES, [1]) == 1


def take(asker: Asker, spending: Spending, points: int) -> bool:
    """Take points for what is about to leave; whether they are still there.

    The pool's row is locked until the commit: nothing may be locked after it. A rollback gives the
    points back.
    """
    given = quota()
    if given is None:
        return True
    now = utcnow()
    spent = _known(given, asker, now)
    most = allowance.allowed(given, spent, spending, now) - counted.waiting()
    return _add(given, asker, points, now, most)


def wait(asker: Asker, spending: Spending, points: int) -> None:
    """Let the connection's requests of this kind, and what is less urgent, wait for so many points.

    Takes none. The caller commits.
    """
    given = quota()
    if given is None:
        return
    now = utcnow()
    spent = _known(given, asker, now)
    until = allowance.free_at(given, spent, spending, points + counted.waiting())
    _let_wait(asker, spending, max(until, now + SHORTEST_WAIT))


def settle() -> list[Asker]:
    """Add what was asked without having taken points before, and believe Jira where it has counted
    more; who asked. The caller commits."""
    given = quota()
    askers, remaining = counted.taken(), counted.remaining()
    if given is not None:
        for asker, points in sorted(askers.items()):
            _add(given, asker, points, utcnow(), None)
        for each in sorted(remaining):
            _believe(given, each)
    return sorted({*askers, *(each.asker for each in remaining)})


def hold_reads(asker: Asker) -> None:
    """Let reads wait, and moves of a status, if they had their part of the hour. The caller
    commits."""
    given = quota()
    if given is None:
        return
    now = utcnow()
    spent = _known(given, asker, now)
    for each in (Spending.STATUSES, Spending.READS):
        if allowance.free(given, spent, each, now) <= 0:
            until = allowance.free_at(given, spent, each, 1)
            _let_wait(asker, each, max(until, now + SHORTEST_WAIT))


def _believe(given: Quota, remaining: Remaining) -> None:
    """Jira knows what others have spent, such as an older process beside this one. What it said of
    other points, or of a window that ends at another moment, tells nothing of the present one."""
    start = given.window_start(remaining.at)
    ends = remaining.at + timedelta(seconds=remaining.left.seconds)
    tolerance = min(SAME_END, timedelta(seconds=given.seconds / 2))
    if remaining.left.of_site != _is_per_site() or abs(ends - given.window_end(start)) > tolerance:
        return
    spent = given.points - remaining.left.points
    db.session.execute(
        update(PointsPool)
        .where(
            PointsPool.name == _name_of(remaining.asker),
            PointsPool.window_start == start,
            PointsPool.spent < spent,
        )
        .values(spent=spent)
    )


def _known(given: Quota, asker: Asker, now: datetime) -> Spent:
    """What was spent in the present window, as far as it is committed."""
    start = given.window_start(now)
    row = db.session.execute(*_counted(_name_of(asker), asker.connection_id)).one_or_none()
    if row is None or row[0] < start:
        return Spent(start, 0, 0, 0)
    began, by_all, connections, by_own = row
    began = began if began <= now + LATEST_START else start
    return Spent(began, by_all, by_own or 0, connections)


@prepared
def _counted(name: str, connection_id: int) -> Select[datetime, int, int, int]:
    own = and_(
        PointsShare.connection_id == connection_id,
        PointsShare.window_start == PointsPool.window_start,
    )
    return (
        select(PointsPool.window_start, PointsPool.spent, PointsPool.connections, PointsShare.spent)
        .outerjoin(PointsShare, own)
        .where(PointsPool.name == name)
    )


def _add(given: Quota, asker: Asker, points: int, now: datetime, most: int | None) -> bool:
    """Whether the points were added. most: what all may have spent then; None: whatever it is."""
    start, insert = given.window_start(now), _insert()
    share = _more_of_share(insert, asker.connection_id, points, start, now)
    first = int(db.session.execute(*share).scalar() == points)
    pool = _more_of_pool(insert, _name_of(asker), points, first, start, now, most)
    return (db.session.execute(*pool).scalar() or 0) > 0


def _insert() -> Insert:
    """How the database at hand is told to insert or change."""
    return postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert


@prepared
def _more_of_share(
    insert: Insert, asker_id: int, points: int, start: datetime, now: datetime
) -> ReturningInsert[int]:
    row = {"connection_id": asker_id, "window_start": start, "spent": points}
    return _upsert(insert(PointsShare.__table__), row, {"spent": points}, now)


@prepared
def _more_of_pool(
    insert: Insert,
    pool: str,
    points: int,
    first: int,
    start: datetime,
    now: datetime,
    most: int | None,
) -> ReturningInsert[int]:
    """first: 1 for a connection that has not spent any yet in this window. Nothing is returned
    where more than `most` would be spent."""
    row = {"name": pool, "window_start": start, "spent": points, "connections": 1}
    counts = {"spent": points, "connections": first}
    guard = None
    if most is not None:
        guard = or_(PointsPool.window_start < start, PointsPool.spent + points <= most)
    return _upsert(insert(PointsPool.__table__), row, counts, now, guard)


def _upsert(
    made: Any,
    row: Mapping[str, Any],
    counts: Mapping[str, Any],
    now: datetime,
    guard: ColumnElement[bool] | None = None,
) -> ReturningInsert[int]:
    """Make the row, or add these counts to it; what is spent then, nothing if the guard forbids.

    In one statement, because two may want it at once. A window that is over counts from nothing.
    """
    table, start = made.table, row["window_start"]
    is_old = table.c.window_start < start
    values = {
        name: case((is_old, row[name]), else_=table.c[name] + many) for name, many in counts.items()
    }
    turned = or_(is_old, table.c.window_start > now + LATEST_START)
    values["window_start"] = case((turned, start), else_=table.c.window_start)
    changed = made.values(**row).on_conflict_do_update(
        index_elements=list(table.primary_key), set_=values, where=guard
    )
    returned: ReturningInsert[int] = changed.returning(table.c.spent)
    return returned


def _name_of(asker: Asker) -> str:
    """Whose pool it is: by the default everybody's, in Atlassian's second tier the site's."""
    return asker.cloud_id if _is_per_site() else INSTALLATION


def _is_per_site() -> bool:
    return str(current_app.config["JIRA_POINTS_PER"]) == "site"


def _let_wait(asker: Asker, spending: Spending, until: datetime) -> None:
    """What is more urgent waits already, perhaps: then this waits with it."""
    urgent = JiraConnection.points_wait_from < spending
    waits = and_(JiraConnection.points_wait_until > utcnow(), urgent)
    db.session.execute(
        update(JiraConnection)
        .where(JiraConnection.id == asker.connection_id, not_(func.coalesce(waits, false())))
        .values(points_wait_from=spending, points_wait_until=until)
    )
