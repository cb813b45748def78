"""`/metrics`: what Jira was asked, what it answered, and how fast."""

from collections.abc import Callable

import pytest
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from app.clock import utcnow
from app.jira import transport
from app.jira.types import Call
from app.operations.metrics import jira_requests
from tests.support.connected import Acme
from tests.support.people import Person

TOKEN = "to-scrape-with-7Qx0u-and-nothing-beside-it"
NAME = "unpack_jira_request_seconds"

pytestmark = [pytest.mark.own_app, pytest.mark.environment(METRICS_TOKEN=TOKEN)]


def told(client: Person, part: str = "count") -> dict[tuple[str, ...], float]:
    answer = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    return {
        tuple(value for _, value in sorted(sample.labels.items())): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == f"{NAME}_{part}"
    }


def count(app: Flask, *calls: Call) -> None:
    for each in calls:
        transport.called.send(each)
    with app.app_context():  # as at the end of a job
        jira_requests.write()


def call(milliseconds: int, status: int | None = 204) -> Call:
    return Call("edit_issue", "PUT", "/x", status, milliseconds, None, False, utcnow())


@pytest.mark.usefixtures("one_by_one")
def test_whatever_a_drain_asks_is_counted(
    acme: Acme, drain: Callable[[], None], client: Person, redis: Redis
) -> None:
    acme.jira.control.fault("error", "edit", times=1)
    acme.commit_items()
    drain()

    found = told(client)

    assert found[("create_issue", "2xx")] == 5
    assert {operation for operation, _ in found} >= {"bulk_fetch", "create_issue", "fields"}
    assert sum(found.values()) == len(acme.jira.control.requests())


def test_what_a_job_has_asked_is_one_way_to_redis(
    app: Flask, acme: Acme, drain: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    counting, ways = app.extensions["jira_requests"], []
    pipeline = counting.redis.pipeline

    def counted(**named: bool) -> object:
        ways.append(1)
        return pipeline(**named)

    monkeypatch.setattr(counting, "redis", type("Redis", (), {"pipeline": staticmethod(counted)}))
    acme.commit_items()

    drain()

    assert len(acme.jira.control.requests()) > 5
    assert len(ways) == 1


def test_what_a_page_has_asked_is_written_at_its_end(
    app: Flask, acme: Acme, admin: Person, redis: Redis
) -> None:
    transport.called.send(call(90))

    admin.get("/organizations/acme")

    assert redis.hgetall(jira_requests.KEY)


def test_how_fast_it_answers_can_be_read_as_quantiles(
    app: Flask, client: Person, redis: Redis
) -> None:
    count(app, *(call(milliseconds) for milliseconds in (90, 250, 900, 30_000)))
    count(app, *(call(10, status) for status in (403, 429, 503, None)))

    edits = {le: n for (le, _, status), n in told(client, "bucket").items() if status == "2xx"}
    seconds = told(client, "sum")

    assert edits == {"0.1": 1, "0.25": 2, "0.5": 2, "1": 3, "2.5": 3, "5": 3, "10": 3,
                     "20": 3, "+Inf": 4}  # fmt: skip
    assert seconds[("edit_issue", "2xx")] == pytest.approx(31.24)
    assert {status for _, status in seconds} == {"2xx", "4xx", "429", "5xx", "none"}


def test_what_somebody_else_wrote_there_is_left_out(
    app: Flask, client: Person, redis: Redis
) -> None:
    redis.hset(jira_requests.KEY, "somebody@acme.test 2xx 1", "5")
    count(app, call(90))

    assert told(client) == {("edit_issue", "2xx"): 1}


def test_without_redis_jira_is_asked_all_the_same(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    app.extensions["jira_requests"].redis = Redis(port=1, socket_connect_timeout=0.1)

    count(app, call(90))

    assert "requests not counted" in caplog.text


@pytest.mark.environment(METRICS_TOKEN="")
def test_where_nobody_scrapes_nothing_is_counted(app: Flask, redis: Redis) -> None:
    count(app, call(90))

    assert redis.hgetall(jira_requests.KEY) == {}
