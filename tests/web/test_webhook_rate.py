"""How many deliveries one connection may get, and what those who send too many are told."""

import pytest
import time_machine
from flask import Flask
from redis import Redis
from sqlalchemy import func, select

from app.extensions import db
from app.models import JiraConnection, Webhook, WebhookDelivery
from app.redis_client import client_of
from app.services.inbound import arrival_rate
from tests.support.webhook_posts import Poster, token


def how_many_are_kept() -> int:
    return db.session.scalar(select(func.count()).select_from(WebhookDelivery)) or 0


@pytest.fixture
def at_most_three(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(arrival_rate, "AT_MOST", 3)


@pytest.mark.usefixtures("at_most_three")
def test_what_is_too_much_is_to_be_sent_again(connection: JiraConnection, post: Poster) -> None:
    answers = [post() for _ in range(5)]

    assert [answer.status_code for answer in answers] == [204, 204, 204, 503, 503]
    assert int(answers[-1].headers["Retry-After"]) > 0
    assert how_many_are_kept() == 3


@pytest.mark.usefixtures("at_most_three")
def test_a_while_later_it_is_taken(connection: JiraConnection, post: Poster, redis: Redis) -> None:
    with time_machine.travel("2026-11-28 12:00:00+00:00", tick=False) as clock:
        codes = [post().status_code for _ in range(4)]
        clock.shift(arrival_rate.WITHIN)
        codes.append(post().status_code)

    assert codes == [204, 204, 204, 503, 204]


@pytest.mark.usefixtures("at_most_three")
def test_without_redis_everything_is_taken(
    connection: JiraConnection, post: Poster, app: Flask
) -> None:
    app.extensions["redis"] = client_of("redis://127.0.0.1:1")

    assert [post().status_code for _ in range(5)] == [204] * 5


def test_the_longest_life_of_a_token_is_kept(connection: JiraConnection, post: Poster) -> None:
    for minutes in (3, 10, 5):
        with time_machine.travel("2026-11-28 12:00:00+00:00", tick=False):
            now = 1795867200
            post(authorization=f"Bearer {token(iat=now, exp=now + 60 * minutes)}")

    assert db.session.scalars(select(Webhook.token_life)).one() == 600
