"""What has come due by somebody's own clock. Pure: moments in, a decision out.

A week's digest and a day's reminder are due at an hour of the person's zone, which is worked out
anew each time: clocks change, people move, and an organization may choose another hour. What has
been considered once, sent or not, is never considered again, whatever the clock says by then.
"""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

REMINDER_HOUR = 8
# How late a digest still goes out: what came after it makes it wrong.
LATEST = timedelta(days=2)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)


@dataclass(frozen=True)
class DigestTime:
    """When in the week the digest is due: `weekday` from 0, Monday; `hour` by their clock."""

    weekday: int = 0
    hour: int = 8


@dataclass(frozen=True)
class Considered:
    """The last ISO week, by its Monday, and the last day that a decision was made about.

    None: none yet; it begins with what comes due next.
    """

    week: date | None = None
    day: date | None = None


@dataclass(frozen=True)
class Turn:
    """What is owed now, what is left out because it is too late, and when to look again (UTC).

    digest and skipped: the Monday of an ISO week. reminder: the local day that it is of.
    """

    considered: Considered
    next_at: datetime
    digest: date | None = None
    skipped: tuple[date, ...] = ()
    reminder: date | None = None


def turn(considered: Considered, digest_time: DigestTime, zone: tzinfo, now: datetime) -> Turn:
    """Decide at `now` (aware UTC) for somebody in `zone`."""
    today = now.astimezone(zone).date()
    known = _begun(considered, digest_time, zone, now)
    weeks = _weeks_due(known, digest_time, zone, now)
    in_time = [week for week in weeks if now - digest_moment(week, digest_time, zone) <= LATEST]
    reminder = today if _is_due(known, today, zone, now) else None
    after = replace(known, week=weeks[-1] if weeks else known.week, day=reminder or known.day)
    return Turn(
        considered=after,
        next_at=_next_moment(after, digest_time, zone, now),
        digest=in_time[-1] if in_time else None,
        skipped=tuple(week for week in weeks if week not in in_time[-1:]),
        reminder=reminder,
    )


def digest_moment(week: date, digest_time: DigestTime, zone: tzinfo) -> datetime:
    """When the digest of the ISO week that begins on `week`, a Monday, is due, in UTC."""
    return _moment(week + timedelta(days=digest_time.weekday), digest_time.hour, zone)


def reminder_moment(day: date, zone: tzinfo) -> datetime:
    """When the reminder of a local day is due, in UTC."""
    return _moment(day, REMINDER_HOUR, zone)


def monday_of(day: date) -> date:
    """The Monday of the ISO week that `day` is in."""
    return day - timedelta(days=day.weekday())


def _begun(
    considered: Considered, digest_time: DigestTime, zone: tzinfo, now: datetime
) -> Considered:
    """Whoever is new is owed nothing of before: what has come due already counts as considered."""
    today = now.astimezone(zone).date()
    this_week = monday_of(today)
    passed = digest_moment(this_week, digest_time, zone) <= now
    return Considered(
        week=considered.week or (this_week if passed else this_week - WEEK),
        day=considered.day or (today if reminder_moment(today, zone) <= now else today - DAY),
    )


def _weeks_due(
    known: Considered, digest_time: DigestTime, zone: tzinfo, now: datetime
) -> list[date]:
    """The weeks since, the oldest first, whose moment has come."""
    assert known.week is not None
    this_week, weeks = monday_of(now.astimezone(zone).date()), []
    week = known.week + WEEK
    while week <= this_week and digest_moment(week, digest_time, zone) <= now:
        weeks.append(week)
        week += WEEK
    return weeks


def _is_due(known: Considered, day: date, zone: tzinfo, now: datetime) -> bool:
    assert known.day is not None
    return day > known.day and reminder_moment(day, zone) <= now


def _next_moment(
    known: Considered, digest_time: DigestTime, zone: tzinfo, now: datetime
) -> datetime:
    """The next moment at which either comes due; what was considered does not come due again."""
    assert known.week is not None
    assert known.day is not None
    today = now.astimezone(zone).date()
    week = max(known.week + WEEK, monday_of(today))
    day = max(known.day + DAY, today)
    return min(digest_moment(week, digest_time, zone), reminder_moment(day, zone))


def _moment(day: date, hour: int, zone: tzinfo) -> datetime:
    """An hour that a clock leaves out comes as late as it would have come; of two the first."""
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)
