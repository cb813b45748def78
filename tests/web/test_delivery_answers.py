"""Answers to Jira's deliveries are counted by the hour, after they have left."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

from app import clock
from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, Level, ServiceLevelHour
from app.operations.levels.answered import Answer
from app.operations.levels.promises import WINDOW
from app.services.inbound import receive
from app.web import delivery_answers
from app.web.delivery_answers import DeliveryAnswers
from tests.support.acme import acme
from tests.support.webhook_posts import Poster, payload

pytestmark = pytest.mark.own_app

Post = Callable[..., int]
Counts = list[tuple[int | None, int, int]]


@pytest.fixture(autouse=True)
def watched(app: Flask) -> DeliveryAnswers:
    """As wsgi.py has it, and each is added at once."""
    watching = delivery_answers.watch(app)
    watching.every = 0.0
    return watching


@pytest.fixture
def slow(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Let every request take so many seconds longer."""
    late, monotonic = [0.0], clock.monotonic
    monkeypatch.setattr(clock, "monotonic", lambda: monotonic() + late[0])

    def by(seconds: float) -> None:
        @app.before_request
        def wait() -> None:
            late[0] += seconds

    return by


@pytest.fixture
def deliver(app: Flask) -> Post:
    """Post, and take the whole answer, as a server does before it closes it."""
    post = Poster(app)

    def delivered(*body: Any, **headers: Any) -> int:
        with post(*body, **headers) as answer:
            return answer.status_code

    return delivered


def counts() -> Counts:
    """Whose (None: the installation's), how many, how many missed."""
    db.session.expire_all()
    rows = db.session.query(ServiceLevelHour).order_by(ServiceLevelHour.id)
    found = [(row.organization_id, row.counted, row.missed) for row in rows]
    db.session.commit()
    return found


@pytest.mark.both_databases
def test_what_is_answered_in_time_is_kept(connection: JiraConnection, deliver: Post) -> None:
    deliver()
    deliver()

    assert counts() == [(None, 2, 0), (acme().id, 2, 0)]


@pytest.mark.both_databases
def test_what_took_longer_than_a_second_is_missed(
    connection: JiraConnection, deliver: Post, slow: Callable[[float], None]
) -> None:
    slow(1.2)

    assert deliver() == 204
    assert counts() == [(None, 1, 1), (acme().id, 1, 1)]


def test_what_could_not_be_stored_is_missed_by_the_installation(
    connection: JiraConnection, deliver: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("away"))

    monkeypatch.setattr(receive, "store_all", refuse)

    assert deliver() == 503
    assert counts() == [(None, 1, 1)]


def test_what_is_not_jiras_does_not_count(connection: JiraConnection, deliver: Post) -> None:
    assert deliver(authorization="Bearer nobody") == 401
    assert deliver(b"not json") == 400

    assert counts() == []


def test_what_is_nobodys_counts_for_the_installation(
    connection: JiraConnection, deliver: Post
) -> None:
    assert deliver(payload(webhooks=(77,))) == 204

    assert counts() == [(None, 1, 0)]


def test_a_burst_is_added_at_once(
    connection: JiraConnection, deliver: Post, watched: DeliveryAnswers, asked: list[str]
) -> None:
    deliver()
    watched.every = 10.0
    for _ in range(5):
        deliver()
    before = counts()
    watched.every = 0.0
    asked.clear()
    deliver()

    assert before == [(None, 1, 0), (acme().id, 1, 0)]
    assert counts() == [(None, 7, 0), (acme().id, 7, 0)]
    assert len([each for each in asked if "INSERT INTO service_level_hour" in each]) == 2


def test_what_the_database_does_not_take_waits(
    connection: JiraConnection, deliver: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("busy"))

    with monkeypatch.context() as busy:
        busy.setattr(delivery_answers.answered, "add", refuse)
        deliver()
    assert counts() == []
    deliver()

    assert counts() == [(None, 2, 0), (acme().id, 2, 0)]


@pytest.mark.both_databases
def test_what_is_of_an_organization_that_is_not_there_counts_for_the_installation_alone(
    connection: JiraConnection, deliver: Post, watched: DeliveryAnswers
) -> None:
    """It was deleted, or the database restored to before it, under a process that goes on."""
    db.session.commit()
    watched.keep(Answer(frozenset({4711}), utcnow(), 0.1, stored=True))

    deliver()

    assert counts() == [(None, 2, 0), (acme().id, 1, 0)]


def test_hours_that_are_past_go(connection: JiraConnection, deliver: Post) -> None:
    for days in (WINDOW.days - 1, WINDOW.days + 2):
        at = utcnow() - timedelta(days=days)
        db.session.add(ServiceLevelHour(level=Level.DELIVERIES, hour=at, counted=9, missed=0))

    deliver()

    assert counts() == [(None, 9, 0), (None, 1, 0), (acme().id, 1, 0)]
