"""The search of a site: it lags, it is long, it fails, and may not see everything."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import Adoption, AuditEvent
from app.queue import SYNC_CONNECTION
from app.services.restoring import adopt
from app.services.schedule import tick
from tests.jobs.restored.after_restoring import assert_each_has_its_own, written
from tests.support.restored import Backup
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def forgotten(acme, drain, hold) -> None:
    """Five issues that the database knows nothing of, which is on hold."""
    backup = Backup.make()
    acme.commit_items()
    drain()
    backup.restore()
    hold()
    acme.jira.control.clear_requests()


def adoption(acme) -> Adoption:
    db.session.expire_all()
    return db.session.get_one(Adoption, acme.connection.id)


def rings(acme) -> bool:
    found = (SYNC_CONNECTION, acme.connection.id) in tick.bells(utcnow())
    db.session.commit()
    return found


@pytest.mark.environment(SYNC_PROBE_DELAYS="15,30")
def test_nothing_has_to_be_found_twice_half_a_minute_apart(acme, drain, hold):
    hold()
    assert rings(acme)
    drain()
    assert (adoption(acme).quiet_looks, adoption(acme).finished_at) == (1, None)
    assert not rings(acme)

    with time_machine.travel(utcnow() + timedelta(seconds=31)):
        assert rings(acme)
        drain()

    assert adoption(acme).finished_at is not None
    with time_machine.travel(utcnow() + timedelta(hours=1)):
        assert not rings(acme)


@pytest.mark.both_databases
@pytest.mark.environment(SYNC_PROBE_DELAYS="15,30")
def test_what_a_search_shows_late_is_found(acme, drain, hold, flask_jira):
    acme.jira.control.set(search_lag=60)
    backup = Backup.make()
    acme.commit_items()
    drain()
    backup.restore()
    hold()

    drain()
    assert (adoption(acme).quiet_looks, adoption(acme).adopted) == (1, 0)
    acme.jira.control.set(search_lag=0)
    for minute in range(1, 4):
        with time_machine.travel(utcnow() + timedelta(minutes=minute)):
            drain()

    assert adoption(acme).adopted == 5
    assert_each_has_its_own(acme)
    assert flask_jira("release").exit_code == 0


def test_without_an_answer_it_is_searched_later(acme, drain, forgotten, flask_jira):
    acme.jira.control.fault("error", "search", times=1)

    drain()

    assert (adoption(acme).failures, adoption(acme).adopted) == (1, 0)
    assert "waits for an answer of Jira's" in flask_jira("release").output
    for minutes in (5, 10, 15):
        with time_machine.travel(utcnow() + timedelta(minutes=minutes)):
            drain()
    assert (adoption(acme).failures, adoption(acme).adopted) == (0, 5)
    assert adoption(acme).finished_at is not None


@pytest.mark.both_databases
def test_who_dies_half_way_is_followed_by_another(acme, drain, forgotten, searched, monkeypatch):
    monkeypatch.setattr(adopt, "AT_ONCE", 2)
    finish = adopt.finish_look
    monkeypatch.setattr(adopt, "finish_look", dies)
    with pytest.raises(MemoryError):
        drain()
    db.session.rollback()
    monkeypatch.setattr(adopt, "finish_look", finish)

    searched()

    assert adoption(acme).finished_at is not None
    assert written(acme) == []
    assert_each_has_its_own(acme)


def dies(*_: object) -> None:
    raise MemoryError


def test_a_project_out_of_sight_is_named_and_keeps_the_hold(
    acme, drain, forgotten, searched, flask_jira
):
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")
    searched()

    result = flask_jira("release")

    assert result.exit_code == 1
    assert "sight of every project" in result.output
    assert "not seen: PLAT (or --unseen)" in result.output
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT", on=False)
    for minutes in (6, 12, 18):
        with time_machine.travel(utcnow() + timedelta(minutes=minutes)):
            drain()
    assert flask_jira("release").exit_code == 0
    assert_each_has_its_own(acme)


def test_the_operator_may_let_go_although_a_project_is_out_of_sight(
    acme, hold, searched, flask_jira
):
    hold()
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")
    searched()

    assert flask_jira("release", "acme", "--unseen").exit_code == 0


def test_history_has_the_hold_and_the_release(acme, hold, searched, flask_jira):
    hold()
    searched()
    flask_jira("release", "acme")

    found = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).limit(2)
    assert [each.action for each in found] == ["jira.released", "jira.held"]
    assert {each.user_id for each in found} == {None}


def test_only_what_is_on_hold_is_released(acme, hold, searched, flask_jira):
    assert "Nothing is on hold" in flask_jira("release").output
    hold()

    result = flask_jira("release", "acme")
    assert (result.exit_code, "acme: stays on hold" in result.output) == (1, True)
    assert flask_jira("release", "nobody").exit_code == 1


def test_a_database_that_was_written_to_since_does_not_say_when_the_backup_was_made(
    acme, flask_jira
):
    acme.commit_items()

    result = flask_jira("hold")

    assert (result.exit_code, "--since" in result.output) == (1, True)
    assert flask_jira("hold", "--since", "2126-01-01").exit_code == 1
    assert not acme.connection.on_hold


def test_the_newest_row_says_until_when_the_database_knows(acme, drain, flask_jira):
    acme.commit_items()
    drain()
    with time_machine.travel(utcnow() + timedelta(hours=3)):
        result = flask_jira("hold")

    assert result.exit_code == 0, result.output
    assert utcnow() - adoption(acme).restored_until < timedelta(minutes=2)
