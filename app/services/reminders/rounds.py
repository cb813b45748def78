"""Owing digests and reminders to whom they have come due: the ticker asks once a minute."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, or_, select
from sqlalchemy.orm import undefer

from app.extensions import db
from app.models import (
    CalendarMail,
    DeclinedMail,
    MailKind,
    Membership,
    Organization,
    User,
    WantedMail,
)
from app.services.owed import mails
from app.services.reminders import open_items, turns
from app.services.reminders.turns import Considered, DigestTime, Turn
from app.services.time_zones import zone_named

BATCH = 200
# How long it is kept that somebody was owed one: far longer than one can come due again.
KEPT = timedelta(days=60)
DAY = timedelta(days=1)

# Whom, which, and of which week or day.
Due = tuple[int, MailKind, date]

log = logging.getLogger(__name__)


def owe(now: datetime) -> int:
    """Owe what has come due at `now` (aware UTC) to a batch of people; how many. The rest follows.

    Nothing is owed to whom it would tell nothing. What is too late is left out and logged.
    """
    people = _due(now)
    if not people:
        return 0
    times = _digest_times(people)
    taken = {user.id: _turn(user, times, now) for user in people}
    wanted = _wanted(people)
    due = [
        *_digests([user for user in people if (user.id, MailKind.DIGEST) in wanted], taken),
        *_reminders(people, taken, wanted),
    ]
    _owe(due, {user.id: user for user in people})
    for user in people:
        _note(user, taken[user.id])
    _tell_skipped(taken)
    _forget(people, now)
    db.session.flush()
    return len(people)


def _due(now: datetime) -> Sequence[User]:
    """Whom another ticker is busy with is left to it."""
    due = or_(User.calendar_due_at.is_(None), User.calendar_due_at <= now)
    columns = (undefer(User.calendar_due_at), undefer(User.digest_week), undefer(User.reminder_day))
    found = select(User).where(due).options(*columns).limit(BATCH)
    return db.session.scalars(
        found.with_for_update(skip_locked=True).execution_options(populate_existing=True)
    ).all()


def _digest_times(people: Iterable[User]) -> dict[int, DigestTime]:
    """By the organization that each has been in for longest: one e-mail tells of all of theirs."""
    ids = [user.id for user in people]
    first = select(func.min(Membership.id)).where(Membership.user_id.in_(ids))
    rows = db.session.execute(
        select(Membership.user_id, Organization.digest_weekday, Organization.digest_hour)
        .join(Membership.organization)
        .where(Membership.id.in_(first.group_by(Membership.user_id)))
    )
    return {user_id: DigestTime(weekday, hour) for user_id, weekday, hour in rows}


def _turn(user: User, times: dict[int, DigestTime], now: datetime) -> Turn:
    considered = Considered(week=user.digest_week, day=user.reminder_day)
    digest_time = times.get(user.id, DigestTime())
    return turns.turn(considered, digest_time, zone_named(user.time_zone), now)


def _wanted(people: Iterable[User]) -> set[tuple[int, MailKind]]:
    """Who wants which: digest and reminder unless declined, what is overdue if asked for."""
    ids = [user.id for user in people]
    declined = {
        (row.user_id, row.kind)
        for row in db.session.scalars(select(DeclinedMail).where(DeclinedMail.user_id.in_(ids)))
    }
    asked_for = {
        (row.user_id, row.kind)
        for row in db.session.scalars(select(WantedMail).where(WantedMail.user_id.in_(ids)))
    }
    on = {(each, kind) for each in ids for kind in (MailKind.DIGEST, MailKind.REMINDER)}
    return (on - declined) | asked_for


def _digests(people: Iterable[User], taken: dict[int, Turn]) -> list[Due]:
    weeks = {user.id: week for user in people if (week := taken[user.id].digest)}
    owners = open_items.owners_among(weeks) if weeks else ()
    return [(user_id, MailKind.DIGEST, weeks[user_id]) for user_id in sorted(owners)]


def _reminders(
    people: Iterable[User], taken: dict[int, Turn], wanted: set[tuple[int, MailKind]]
) -> list[Due]:
    today = {user.id: day for user in people if (day := taken[user.id].reminder)}
    if not today:
        return []
    days = open_items.days_of(today, min(today.values()) - DAY, max(today.values()) + DAY)

    def has_something(user_id: int, day: date) -> bool:
        soon = (user_id, MailKind.REMINDER) in wanted and (user_id, day + DAY) in days
        late = (user_id, MailKind.OVERDUE) in wanted and (user_id, day - DAY) in days
        return soon or late

    return [
        (user_id, MailKind.REMINDER, day)
        for user_id, day in sorted(today.items())
        if has_something(user_id, day)
    ]


def _owe(due: Sequence[Due], people: Mapping[int, User]) -> None:
    """Once: what is owed already is left."""
    owed = select(CalendarMail.user_id, CalendarMail.kind, CalendarMail.period).where(
        CalendarMail.user_id.in_([user_id for user_id, _, _ in due]),
        CalendarMail.period.in_({period for _, _, period in due}),
    )
    known = {tuple(row) for row in db.session.execute(owed)} if due else set()
    rows = [
        CalendarMail(user_id=user_id, kind=kind, period=period)
        for user_id, kind, period in due
        if (user_id, kind, period) not in known
    ]
    db.session.add_all(rows)
    db.session.flush()
    for row in rows:
        mails.owe(row.kind, people[row.user_id], [row.id])


def _note(user: User, taken: Turn) -> None:
    user.digest_week, user.reminder_day = taken.considered.week, taken.considered.day
    user.calendar_due_at = taken.next_at


def _tell_skipped(taken: dict[int, Turn]) -> None:
    skipped = {user_id: each.skipped for user_id, each in taken.items() if each.skipped}
    if skipped:
        weeks = {week.isoformat() for each in skipped.values() for week in each}
        log.warning(
            "digests too late to send",
            extra={"user_ids": sorted(skipped), "weeks": sorted(weeks)},
        )


def _forget(people: Iterable[User], now: datetime) -> None:
    old = (now - KEPT).date()
    ids = [user.id for user in people]
    db.session.execute(
        delete(CalendarMail).where(CalendarMail.user_id.in_(ids), CalendarMail.period < old)
    )
