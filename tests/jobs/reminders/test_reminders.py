"""Reminders: one e-mail a day at most, of what is due tomorrow and was due yesterday."""

import pytest

from app.extensions import db
from app.models import Mail, MailKind
from tests.jobs.reminders.choices import DAY, TODAY, choose, text_of

pytestmark = pytest.mark.both_databases


def test_the_day_before_one_reminder_names_all_that_is_due(hers, at):
    for item in hers:
        item.due_on = TODAY + 2 * DAY
    choose("Maya", off=(MailKind.DIGEST,))

    [(recipients, message)] = at("2026-11-24 07:00Z")
    assert len(at("2026-11-24 09:00Z")) == 1

    assert recipients == ["member1@acme.test"]
    assert message["Subject"] == "2 action items due tomorrow"
    assert text_of(message).startswith("Tomorrow, Wednesday 25 November, these are due:")


def test_what_was_due_yesterday_is_told_once_to_whoever_asked(hers, at):
    hers[0].due_on, hers[1].due_on = TODAY, TODAY + 2 * DAY
    choose("Maya", on=(MailKind.OVERDUE,), off=(MailKind.DIGEST,))

    [(_, message)] = at("2026-11-24 07:00Z")
    at("2026-11-25 07:00Z")

    assert message["Subject"] == "1 action item due tomorrow, 1 was due yesterday"
    assert "Yesterday, Monday 23 November, this was due:" in text_of(message)
    assert db.session.query(Mail).count() == 0


def test_nobody_is_told_what_was_due_unasked(hers, at):
    hers[0].due_on = TODAY
    choose("Maya", off=(MailKind.DIGEST,))

    assert at("2026-11-24 07:00Z") == []


def test_a_reminder_that_its_day_overtook_is_not_sent(hers, at, server):
    hers[0].due_on = TODAY + 2 * DAY
    choose("Maya", off=(MailKind.DIGEST,))
    server.refuses_everything = True
    at("2026-11-24 07:00Z")
    server.refuses_everything = False

    assert at("2026-11-24 23:30Z") == []  # Wednesday in Berlin
