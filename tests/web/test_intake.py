"""Deliveries as the web server takes them: many at once, in few transactions."""

import asyncio
import json
from collections.abc import Sequence
from uuid import uuid4

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import event
from sqlalchemy.exc import OperationalError
from werkzeug.datastructures import Headers

from app.extensions import db
from app.models import JiraConnection
from app.queue import SYNC_CONNECTION
from app.services.inbound import arrival_rate, receive
from app.web.delivery_answers import DeliveryAnswers
from app.web.intake import Intake
from tests.support.application import commit_what_was_arranged
from tests.support.webhook_posts import Json, kept, payload, token

pytestmark = [pytest.mark.own_app, pytest.mark.both_databases]

Posted = tuple[Headers, bytes]


@pytest.fixture
def answers(app: Flask) -> DeliveryAnswers:
    watching = DeliveryAnswers(app)
    watching.every = 3600.0  # none of these is added
    return watching


@pytest.fixture
def intake(app: Flask, answers: DeliveryAnswers) -> Intake:
    return Intake(app, answers)


def posted(body: Json | bytes | None = None, authorization: str | None = None) -> Posted:
    content = body if isinstance(body, bytes) else json.dumps(body or payload()).encode()
    headers = {
        "Authorization": authorization or f"Bearer {token()}",
        "X-Atlassian-Webhook-Identifier": str(uuid4()),
        "Content-Length": str(len(content)),
    }
    return Headers(headers), content


def all_at_once(intake: Intake, several: Sequence[Posted]) -> list[int]:
    """The statuses of the answers, in the order of the requests."""
    commit_what_was_arranged()

    async def ask(headers: Headers, content: bytes) -> int:
        async def body() -> bytes:
            await asyncio.sleep(0)
            return content

        status, _ = await intake.answer(headers, body)
        return status

    async def ask_all() -> list[int]:
        return await asyncio.gather(*(ask(*each) for each in several))

    return asyncio.run(ask_all())


def test_many_at_once_are_kept_in_few_transactions(
    connection: JiraConnection, intake: Intake
) -> None:
    inserts: list[str] = []

    def hear(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        inserts.extend([statement] if statement.startswith("INSERT INTO webhook_delivery") else [])

    event.listen(db.engine, "before_cursor_execute", hear)
    try:
        codes = all_at_once(intake, [posted() for _ in range(40)])
    finally:
        event.remove(db.engine, "before_cursor_execute", hear)

    assert codes == [204] * 40
    assert len(kept()) == 40
    assert len(inserts) <= 3


def test_each_gets_the_answer_to_its_own(
    connection: JiraConnection, intake: Intake, answers: DeliveryAnswers
) -> None:
    several = [
        posted(),
        posted(authorization="Bearer nobody"),
        posted(b"not JSON"),
        posted(payload(issue="10013")),
    ]

    assert all_at_once(intake, several) == [204, 401, 400, 204]
    assert sorted(each.issue_id for each in kept()) == ["10012", "10013"]
    whose = {whose: number for (whose, _), number in answers.waiting.counted.items()}
    assert whose == {None: 2, connection.organization_id: 2}


def test_of_one_delivery_many_times_at_once_one_is_kept(
    connection: JiraConnection, intake: Intake
) -> None:
    once = posted()

    assert all_at_once(intake, [once] * 5) == [204] * 5
    assert len(kept()) == 1


def test_the_first_are_looked_into_at_once_and_the_others_gathered(
    connection: JiraConnection, intake: Intake, redis: Redis
) -> None:
    all_at_once(intake, [posted() for _ in range(10)])

    assert sorted(each.not_before is None for each in kept()) == [False] * 6 + [True] * 4
    assert redis.exists(f"bell:{SYNC_CONNECTION}:{connection.id}")


def test_who_sends_too_many_is_told_and_the_others_are_not(
    connection: JiraConnection, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival_rate, "AT_MOST", 3)
    assert all_at_once(intake, [posted() for _ in range(3)]) == [204] * 3

    nobodys = posted(payload(webhooks=(77,)))
    assert all_at_once(intake, [posted(), nobodys, posted()]) == [503, 204, 503]
    assert len(kept()) == 3


def test_what_a_database_did_not_take_is_to_be_sent_again(
    connection: JiraConnection, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OperationalError("INSERT", {}, Exception("away"))

    with monkeypatch.context() as trouble:
        trouble.setattr(receive, "store_all", refuse)
        assert all_at_once(intake, [posted(), posted()]) == [503, 503]

    assert all_at_once(intake, [posted()]) == [204]


def test_an_error_that_nobody_expected_is_told_to_each_and_holds_nobody_up(
    connection: JiraConnection, intake: Intake, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as trouble:
        trouble.setattr(receive, "store_all", fail)
        with pytest.raises(ZeroDivisionError):
            all_at_once(intake, [posted()])

    assert all_at_once(intake, [posted()]) == [204]


@pytest.mark.parametrize(
    ("method", "path", "host", "length", "takes"),
    [
        ("POST", "/webhooks/jira", "localhost:5050", "1200", True),
        ("GET", "/webhooks/jira", "localhost:5050", "1200", False),
        ("POST", "/webhooks/jira/", "localhost:5050", "1200", False),
        ("POST", "/webhooks/jira", "elsewhere.example", "1200", False),
        ("POST", "/webhooks/jira", None, "1200", False),
        ("POST", "/webhooks/jira", "localhost:5050", "2000000", False),
        ("POST", "/webhooks/jira", "localhost:5050", "", False),
        ("POST", "/webhooks/jira", "localhost:5050", "many", False),
    ],
)
def test_what_is_unusual_goes_through_the_view(
    intake: Intake, method: str, path: str, host: str | None, length: str, takes: bool
) -> None:
    assert intake.takes(method, path, host, Headers({"Content-Length": length})) is takes
