"""The weekly digest: owed by the ticker, sent by workers, told as things are by then."""

import re

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CalendarMail,
    Mail,
    MailKind,
    Membership,
    Organization,
    Phase,
    Retrospective,
    Team,
    TeamMember,
    User,
)
from app.services.mail import sending
from app.services.reminders import digest_times, rounds
from app.services.schedule import tick
from tests.jobs.reminders.choices import DAY, MONDAY, TODAY, choose, text_of
from tests.support import follow_through
from tests.support.acme import acme, connect, link, person
from tests.support.at_once import at_once

pytestmark = pytest.mark.both_databases

MAYA = "member1@acme.test"


def test_on_monday_at_eight_one_digest_comes_with_all_that_is_open(hers, at):
    hers[0].due_on, hers[1].due_on = TODAY - 6 * DAY, TODAY + 4 * DAY
    connect()
    link(hers[1], status_name="In Progress")
    db.session.commit()

    assert at("2026-11-23 06:59:59Z") == []
    [(recipients, message)] = at(MONDAY)
    assert len(at("2026-11-23 20:00Z")) == 1

    assert recipients == [MAYA]
    assert message["Subject"] == "2 open action items, 1 overdue"
    text = text_of(message)
    assert text.startswith("Good morning Maya,\n\n1 is overdue, 1 is due this week\n")
    assert "Was due 17 November. Sprint 14 Retro, Platform. Not in Jira." in text
    assert "Due Friday, 27 November. Sprint 14 Retro, Platform. PLAT-142, In Progress." in text
    assert f"/action-items/{hers[0].id}" in text
    assert f"/action-items?owner={hers[0].assignee_id}\n\n--\n" in text
    assert hers[0].title in message.get_body(("html",)).get_content()


def test_no_title_stands_in_the_subject_or_among_the_headers(hers, at):
    [(_, message)] = at(MONDAY)

    assert hers[0].title not in str(message.items())


@pytest.mark.parametrize(
    "nothing",
    [
        lambda item: setattr(item, "completed_at", utcnow()),
        lambda item: setattr(item, "deleted_at", utcnow()),
        lambda item: setattr(item, "assignee", None),
        lambda item: setattr(item.retrospective, "committed_at", None),
        lambda item: setattr(item.retrospective.team, "archived_at", utcnow()),
    ],
)
def test_where_nothing_is_open_nothing_comes(hers, at, nothing):
    for item in hers:
        nothing(item)
    db.session.commit()

    assert at(MONDAY) == []
    assert db.session.query(Mail).count() == 0


def test_what_is_done_between_owing_and_sending_is_not_told(hers, at, server):
    server.refuses_everything = True
    at(MONDAY)
    server.refuses_everything = False
    hers[0].completed_at = utcnow()
    db.session.commit()

    [(_, message)] = at("2026-11-23 09:00Z")

    assert hers[0].title not in text_of(message)
    assert message["Subject"] == "1 open action item"


def test_who_has_left_the_team_meanwhile_is_told_nothing(hers, at, server):
    server.refuses_everything = True
    at(MONDAY)
    server.refuses_everything = False
    db.session.query(TeamMember).filter_by(user_id=person("Maya").id).delete()
    db.session.commit()

    assert at("2026-11-23 09:00Z") == []
    assert db.session.query(Mail).count() == 0


def test_a_mail_server_that_is_away_for_two_days_ends_it(hers, at, server):
    server.refuses_everything = True
    at(MONDAY)
    server.refuses_everything = False

    assert at("2026-11-25 07:01Z") == []
    assert db.session.query(Mail).count() == 0


def test_a_kill_after_the_server_took_it_sends_it_again_with_the_same_id(hers, at, server):
    with time_machine.travel(MONDAY, tick=False):
        tick.clean_up(utcnow())
        db.session.commit()
        [mail_id] = sending.due_mails(utcnow())
        claimed = sending.claim(mail_id)
        db.session.commit()
        letter = sending.render(mail_id, claimed)
        db.session.commit()
        sending.deliver(letter)  # and dies

    (_, first), (_, second) = at("2026-11-23 07:11Z")

    assert first["Message-ID"] == second["Message-ID"]


def test_a_kill_before_the_commit_owes_it_again(hers, at):
    with time_machine.travel(MONDAY, tick=False):
        rounds.owe(utcnow())
        db.session.rollback()

    assert len(at("2026-11-23 07:00:01Z")) == 1


def test_two_tickers_at_once_owe_it_once(hers, app):
    with time_machine.travel(MONDAY, tick=False):
        db.session.commit()

        def tick_once() -> None:
            with app.app_context():
                tick.clean_up(utcnow())
                db.session.commit()

        at_once(tick_once, tick_once)

    assert db.session.query(CalendarMail).filter_by(kind=MailKind.DIGEST).count() == 1
    assert db.session.query(Mail).count() == 1


def test_an_outage_of_days_leaves_the_digest_out_and_says_so(hers, at, caplog):
    at("2026-11-26 07:00Z")

    [said] = [each for each in caplog.records if each.msg == "digests too late to send"]
    assert said.weeks == ["2026-11-23"]
    assert person("Maya").id in said.user_ids
    assert db.session.query(Mail).count() == 0


def test_who_declined_gets_none(hers, at):
    choose("Maya", off=(MailKind.DIGEST,))

    assert at(MONDAY) == []


def test_one_mail_tells_of_all_organizations(hers, at):
    maya = person("Maya")
    other = Organization(name="Globex", slug="globex")
    db.session.add(other)
    other.memberships.append(Membership(user=maya))
    theirs = Team(name="Ops", organization=other, team_members=[TeamMember(user=maya)])
    db.session.add(theirs)
    db.session.flush()
    kept = Retrospective(
        team=theirs, title="Ops Retro", phase=Phase.COMMIT, held_on=TODAY, committed_at=utcnow()
    )
    kept.action_items.append(ActionItem(title="Globex thing", assignee=maya))
    db.session.add(kept)
    db.session.commit()

    [(_, message)] = at(MONDAY)

    text = text_of(message)
    assert text.index("\nAcme\n") < text.index(hers[0].title)
    assert text.index("\nGlobex\n") < text.index("Globex thing")


def test_an_organization_chooses_the_day_and_the_hour(hers, at):
    digest_times.choose(acme(), 2, 15, person("Olga"))
    db.session.commit()

    assert at(MONDAY) == []
    [(_, message)] = at("2026-11-25 14:00Z")
    assert text_of(message).startswith("Good afternoon Maya,\n\n2 are open, none is due within a")


def test_mail_programs_are_told_how_to_turn_it_off(hers, at):
    [(_, message)] = at(MONDAY)

    whole = re.compile(r"<http://localhost:5050/unsubscriptions/[\w.-]+>")
    assert whole.fullmatch(dict(message.raw_items())["List-Unsubscribe"])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


def test_who_was_told_long_ago_is_forgotten(hers, at):
    user_id = db.session.query(User.id).filter_by(email=MAYA).scalar()
    row = CalendarMail(user_id=user_id, kind=MailKind.DIGEST, period=TODAY - 90 * DAY)
    db.session.add(row)
    db.session.commit()

    at(MONDAY)

    assert [each.period for each in db.session.query(CalendarMail)] == [TODAY]


def test_many_are_owed_batch_by_batch(hers, at, monkeypatch):
    monkeypatch.setattr(rounds, "BATCH", 1)
    with time_machine.travel(MONDAY, tick=False):
        for _ in range(db.session.query(User).count()):
            rounds.owe(utcnow())

    assert db.session.query(CalendarMail).filter_by(kind=MailKind.DIGEST).count() == 1


def test_it_says_how_the_persons_teams_follow_through(hers, at):
    with time_machine.travel("2026-11-20 12:00Z", tick=False):
        for done_after in (3, 5, 7, 9, None):
            follow_through.written(follow_through.retrospective(), 40, done_after)
        follow_through.written(follow_through.retrospective("Mobile"), 40, 3)
        follow_through.count()
    db.session.commit()

    [(_, message)] = at(MONDAY)

    said = "Platform follows through on 80 % within 30 days."
    assert f"\n\n{said}\n\n--\n" in text_of(message)
    assert "Mobile follows" not in text_of(message)
    html = " ".join(message.get_body(("html",)).get_content().split())
    assert "Platform follows through on 80 %</strong> within 30 days.</p>" in html
