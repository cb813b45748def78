"""A year of digests with rows, a mail server and trouble: outages, kills, people who fly."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta

import time_machine
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from app.clock import utcnow
from app.extensions import db
from app.models import CalendarMail, Mail
from app.services.mail import sending
from app.services.reminders import rounds
from app.services.reminders.turns import LATEST, DigestTime, digest_moment
from app.services.time_zones import zone_named
from jobs import send_mail
from tests.support.acme import person
from tests.support.mail_server import MailServer

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)
START = datetime(2026, 11, 20, 12, tzinfo=UTC)  # a Friday
HOURS = 364 * 24
ZONES = ("Europe/Berlin", "America/New_York", "Pacific/Auckland", "Pacific/Honolulu")
# Of a week with so many good hours on end before two days are over, the digest comes.
GOOD = 8
hours = st.integers(0, HOURS - 1)
outages = st.lists(st.tuples(hours, st.integers(1, 90)), max_size=6)
kills = st.lists(st.tuples(hours, st.sampled_from(["owing", "claimed", "sent"])), max_size=4)
Outages = Sequence[tuple[int, int]]


class Year:
    """What is done when something is due, and what a person would note of it."""

    def __init__(self, server: MailServer, down: Outages, mute: Outages) -> None:
        self.server = server
        self.down = {begin + each for begin, length in down for each in range(length)}
        self.mute = {begin + each for begin, length in mute for each in range(length)}
        self.zones = [(START, ZONES[0])]  # since when she is where
        self.kills: list[str] = []
        self.accepted: dict[str, list[datetime]] = defaultdict(list)
        self.week_of: dict[str, date] = {}
        self.killed: dict[str, int] = defaultdict(int)
        self.owed_at: dict[date, datetime] = {}
        self.wake = START

    def live(self, at: dict[int, str], moves: dict[int, str]) -> None:
        """Go from one moment at which something is due to the next."""
        now, end = START, START + HOURS * HOUR
        while now < end:
            hour = int((now - START) / HOUR)
            self.kills += [at.pop(each) for each in sorted(at) if each <= hour]
            for each in sorted(each for each in moves if each <= hour):
                self._fly(moves.pop(each), now)
            if hour in self.down:
                now = START + (hour + 1) * HOUR
                continue
            self.server.refuses_everything = hour in self.mute
            with time_machine.travel(now, tick=False):
                self._work()
            flight = START + min(moves, default=HOURS) * HOUR
            now = min(max(self.wake, now + timedelta(minutes=1)), max(flight, now + HOUR))

    def _fly(self, zone: str, now: datetime) -> None:
        maya = person("Maya")
        maya.time_zone = zone
        maya.calendar_due_at = None  # as saving another zone does
        db.session.commit()
        self.zones.append((now, zone))
        self.wake = now

    def _work(self) -> None:
        rounds.owe(utcnow())
        if self._dies("owing"):
            db.session.rollback()
        db.session.commit()
        for mail_id in sending.due_mails(utcnow()):
            db.session.commit()
            self._send(mail_id)
        db.session.commit()
        db.session.expire_all()
        waiting = db.session.scalar(select(func.min(Mail.due_at)))
        self.wake = min(filter(None, [person("Maya").calendar_due_at, waiting]))
        db.session.commit()

    def _send(self, mail_id: int) -> None:
        mail = db.session.get_one(Mail, mail_id)
        period = db.session.get_one(CalendarMail, mail.row_ids[0]).period
        self.owed_at.setdefault(period, mail.created_at)
        db.session.commit()
        before = len(self.server.accepted)
        dies = self._dies("claimed", "sent")
        if dies:
            claimed = sending.claim(mail_id)
            db.session.commit()
            if dies == "sent" and claimed and (letter := sending.render(mail_id, claimed)):
                db.session.commit()
                sending.deliver(letter)
        else:
            send_mail.run(mail_id)
        for _, message in self.server.accepted[before:]:
            self.accepted[message["Message-ID"]].append(utcnow())
            self.week_of[message["Message-ID"]] = period
            self.killed[message["Message-ID"]] += bool(dies)

    def _dies(self, *moments: str) -> str:
        if self.kills and self.kills[0] in moments:
            return self.kills.pop(0)
        return ""

    def weeks_that_must_come(self) -> Iterator[date]:
        """Those with some good hours on end while within two days, and nobody in the air."""
        week = date(2026, 11, 23)
        while week < (START + HOURS * HOUR - WEEK).date():
            moment = digest_moment(week, DigestTime(), zone_named(self._zone_by(week)))
            first = round((moment - START) / HOUR)
            good = [h not in self.down | self.mute for h in range(first, first + 47)]
            calm = all(abs(at - moment) > 2 * LATEST for at, _ in self.zones[1:])
            if calm and any(all(good[n : n + GOOD]) for n in range(47 - GOOD)):
                yield week
            week += WEEK

    def _zone_by(self, week: date) -> str:
        monday = datetime(week.year, week.month, week.day, 12, tzinfo=UTC)
        return [zone for at, zone in self.zones if at <= monday][-1]


@settings(
    max_examples=2,  # each is a year
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    down=outages,
    mute=outages,
    at=kills,
    moves=st.lists(st.tuples(hours, st.sampled_from(ZONES)), max_size=4),
)
@example(down=[], mute=[(66, 36)], at=[], moves=[])
@example(down=[(60, 40)], mute=[], at=[(10, "sent"), (300, "claimed"), (400, "owing")], moves=[])
def test_none_is_missed_in_time_and_twice_comes_only_what_a_kill_left_unknown(
    hers, server, caplog, down, mute, at, moves
):
    begin_anew(server)
    caplog.clear()
    year = Year(server, down, mute)

    year.live(dict(at), dict(moves))

    come = list(year.week_of.values())
    assert len(come) == len(set(come)), "a week has one digest, by its Message-ID"
    for message_id, moments in year.accepted.items():
        assert len(moments) <= 1 + year.killed[message_id], "twice only where a kill fell"
        assert moments[-1] - year.owed_at[year.week_of[message_id]] <= LATEST
    assert set(year.weeks_that_must_come()) <= set(come)
    left_out = {w for each in caplog.records for w in getattr(each, "weeks", [])}
    overtaken = [each for each in caplog.records if each.msg == "mail overtaken"]
    missed = {f"{week}" for week in all_weeks(year)} - {f"{week}" for week in come} - left_out
    assert len(missed) <= len(overtaken), f"nobody is told of {missed}"


def all_weeks(year: Year) -> list[date]:
    last = max(year.week_of.values(), default=date(2026, 11, 16))
    return [date(2026, 11, 23) + n * WEEK for n in range((last - date(2026, 11, 16)).days // 7)]


def begin_anew(server: MailServer) -> None:
    """As the ticker leaves Maya on the first Friday."""
    server.accepted.clear()
    server.refuses_everything = False
    for model in (Mail, CalendarMail):
        db.session.execute(delete(model))
    maya = person("Maya")
    maya.time_zone = ZONES[0]
    maya.calendar_due_at = maya.digest_week = maya.reminder_day = None
    db.session.commit()
    with time_machine.travel(START, tick=False):
        rounds.owe(utcnow())
        db.session.commit()
