"""How times and numbers are written, in the zone of the person who looks."""

import shlex
from datetime import date, datetime, tzinfo

from flask import Flask
from flask_login import current_user

from app.clock import utcnow
from app.services.labels import plural
from app.services.time_zones import zone_named

MINUTE, HOUR, DAY = 60, 3600, 86400


def init_app(app: Flask) -> None:
    for function in (
        ago, clock, clock_seconds, day_clock, day, short_day, week_day, long_day, month_name,
        days_words, exact, plural,
    ):  # fmt: skip
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.filters["shell_word"] = shlex.quote  # in a command that somebody may copy


def ago(moment: datetime) -> str:
    """ "2 minutes ago", "Yesterday", "5 Nov"."""
    return words_since(moment, utcnow(), viewer_zone())


def clock(moment: datetime) -> str:
    """ "14:05"."""
    return _local(moment).strftime("%H:%M")


def clock_seconds(moment: datetime) -> str:
    """ "14:05:09"."""
    return _local(moment).strftime("%H:%M:%S")


def day_clock(moment: datetime) -> str:
    """ "14:05", with its day when that is not today: "4 Dec, 14:05"."""
    same_day = _local(moment).date() == today()
    return clock(moment) if same_day else f"{short_day(moment)}, {clock(moment)}"


def day(when: date | datetime) -> str:
    """ "12 October", with the year when it is another one."""
    return _dated(when, "%B")


def short_day(when: date | datetime) -> str:
    """ "4 Dec", with the year when it is another one."""
    return _dated(when, "%b")


def week_day(when: date | datetime) -> str:
    """ "Fri 6 Nov"."""
    return f"{_date(when):%a} {_dated(when, '%b')}"


def long_day(when: date | datetime) -> str:
    """ "Thursday 19 November"."""
    return f"{_date(when):%A} {_dated(when, '%B')}"


def month_name(when: date) -> str:
    """ "June", with the year when it is another one."""
    return f"{when:%B}" + ("" if when.year == today().year else f" {when.year}")


def days_words(days: float) -> str:
    """ "11 days", "2.5 days"."""
    return f"{days:g} {'day' if days == 1 else 'days'}"


def exact(moment: datetime) -> str:
    """ "2026-11-18 15:02:44 CET", for a `title`."""
    return _local(moment).strftime("%Y-%m-%d %H:%M:%S %Z")


def words_since(moment: datetime, now: datetime, zone: tzinfo) -> str:
    """How long ago `moment` was at `now`, both aware; days are those of `zone`."""
    seconds = (now - moment).total_seconds()
    if seconds < MINUTE:
        return "Just now"
    if seconds < HOUR:
        return f"{plural(int(seconds // MINUTE), 'minute')} ago"
    local, today = moment.astimezone(zone).date(), now.astimezone(zone).date()
    if local == today:
        return f"{plural(int(seconds // HOUR), 'hour')} ago"
    if (today - local).days == 1:
        return "Yesterday"
    return _written(local, "%b", today.year)


def viewer_zone() -> tzinfo:
    """The zone of the person who looks; UTC for nobody, and for a zone this machine lacks."""
    person = current_user._get_current_object()  # once: each question to the proxy looks it up
    return zone_named(person.time_zone if person and person.is_authenticated else "UTC")


def today() -> date:
    """Today's date where the person who looks is."""
    return utcnow().astimezone(viewer_zone()).date()


def _local(moment: datetime) -> datetime:
    return moment.astimezone(viewer_zone())


def _date(when: date | datetime) -> date:
    return _local(when).date() if isinstance(when, datetime) else when


def _dated(when: date | datetime, month: str) -> str:
    return _written(_date(when), month, today().year)


def _written(when: date, month: str, this_year: int) -> str:
    year = "" if when.year == this_year else f" {when.year}"
    return f"{when.day} {when.strftime(month)}{year}"
