"""The stand-in without a socket: requests by `handle`, on a clock of one's own."""

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from werkzeug.datastructures import Headers

from demo.jira_cloud.cloud import Cloud
from demo.jira_cloud.machine import Clock, Machine, Names
from demo.jira_cloud.traffic.messages import Dropped, Outcome, Request, Response
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import ENG
from tests.support.jira_cloud_api import Clock as StandingClock


class VirtualClock(Clock):
    """Time passes when somebody waits for it or moves it, and at no other time."""

    def __init__(self) -> None:
        self.passed = 0.0

    def now(self) -> datetime:
        return StandingClock.FIRST + timedelta(seconds=self.passed)

    def seconds(self) -> float:
        return self.passed

    def wait(self, seconds: float) -> None:
        self.passed += seconds


class CountedNames(Names):
    """The same names in every run."""

    def __init__(self) -> None:
        self.given = 0

    def token(self, size: int) -> str:
        return f"token-{self._next()}-{size}"

    def trace(self) -> str:
        return f"trace-{self._next()}"

    def identifier(self) -> str:
        return f"delivery-{self._next()}"

    def _next(self) -> int:
        self.given += 1
        return self.given


class Caller:
    """A cloud with a machine of its own, and the service account's token for it."""

    def __init__(self, seed: int = 1) -> None:
        self.clock = VirtualClock()
        machine = Machine(self.clock, CountedNames(), random.Random(seed))
        self.cloud = Cloud(machine=machine)
        self.token = self.cloud.control.issue_tokens()["access_token"]

    def ask(self, method: str, path: str, body: Any = None) -> Outcome:
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        data = b"" if body is None else json.dumps(body).encode()
        target = f"/ex/jira/{ENG}/rest/api/3{path}"
        return self.cloud.handle(Request(method, target, Headers(headers), data))

    def answer(self, method: str, path: str, body: Any = None) -> Any:
        outcome = self.ask(method, path, body)
        assert isinstance(outcome, Response)
        return json.loads(outcome.body) if outcome.body else None

    def found(self) -> list[str]:
        answer = self.answer("POST", "/search/jql", {"jql": "project = PLAT", "fields": ["key"]})
        return [issue["key"] for issue in answer["issues"]]


@pytest.fixture
def caller() -> Iterator[Caller]:
    made = Caller()
    yield made
    made.cloud.close()


def test_an_issue_is_created_at_the_clocks_time(caller: Caller) -> None:
    caller.clock.wait(90)

    created = caller.ask("POST", "/issue", bodies.issue())

    assert isinstance(created, Response)
    assert created.status == 201
    assert created.headers["X-Ratelimit-Limit"] == "100"
    assert created.headers["Atl-Traceid"].startswith("trace-")
    assert created.headers["Date"] == "Tue, 24 Nov 2026 15:21:30 GMT"
    shown = caller.answer("GET", "/issue/PLAT-1?fields=created,summary")
    assert shown["fields"] == {
        "created": "2026-11-24T09:21:30.000-0600",
        "summary": "Fix the build",
    }


def test_a_search_sees_it_after_the_lag(caller: Caller) -> None:
    caller.cloud.control.set(search_lag=20)
    caller.answer("POST", "/issue", bodies.issue())

    assert caller.found() == []
    caller.clock.wait(19)
    assert caller.found() == []
    caller.clock.wait(1)
    assert caller.found() == ["PLAT-1"]


def test_a_dropped_connection_says_whether_the_work_was_done(caller: Caller) -> None:
    caller.cloud.control.fault("drop_before", "create", times=1)
    caller.cloud.control.fault("drop_after", "create", times=1)

    before = caller.ask("POST", "/issue", bodies.issue())
    created_by_it = len(caller.cloud.control.issues())
    after = caller.ask("POST", "/issue", bodies.issue())

    assert (before, created_by_it) == (Dropped(done=False), 0)
    assert (after, len(caller.cloud.control.issues())) == (Dropped(done=True), 1)
    assert [entry["status"] for entry in caller.cloud.control.requests("create")] == [0, 0]


def test_a_delay_is_waited_for_on_the_clock_before_anything_is_done(caller: Caller) -> None:
    caller.cloud.control.fault("latency", "create", min_ms=4000, max_ms=4000)

    caller.answer("POST", "/issue", bodies.issue())

    assert caller.clock.passed == 4.0
    (issue,) = caller.cloud.control.issues()
    assert issue["created"] == caller.clock.now().timestamp()
    assert caller.cloud.control.requests("create")[0]["milliseconds"] == 4000.0


def test_a_refusal_by_rule_is_an_answer_with_its_headers(caller: Caller) -> None:
    caller.cloud.control.fault("rate_limit", "myself", retry_after=7, reason="jira-burst-based")
    caller.cloud.control.fault("unavailable", "project_search")

    limited = caller.ask("GET", "/myself")
    unavailable = caller.ask("GET", "/project/search")

    assert isinstance(limited, Response)
    assert (limited.status, limited.headers["Retry-After"]) == (429, "7")
    assert isinstance(unavailable, Response)
    assert (unavailable.status, unavailable.body[:15]) == (503, b"<!doctype html>")


def test_a_burst_is_over_when_the_clock_has_moved(caller: Caller) -> None:
    statuses = [caller.ask("GET", "/myself").status for _ in range(101)]
    caller.clock.wait(1)

    assert statuses == [200] * 100 + [429]
    assert caller.ask("GET", "/myself").status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"), [("GET", "/nothing/here", 404), ("DELETE", "/myself", 405)]
)
def test_what_leads_nowhere_is_refused(caller: Caller, method: str, path: str, status: int) -> None:
    assert caller.ask(method, path).status == status


def test_a_refresh_token_is_exchanged_without_a_socket(caller: Caller) -> None:
    pair = caller.cloud.control.issue_tokens()
    body = {
        "grant_type": "refresh_token",
        "client_id": "unpack-demo",
        "client_secret": "unpack-demo-secret",
        "refresh_token": pair["refresh_token"],
    }
    headers = Headers({"Content-Type": "application/json"})

    outcome = caller.cloud.handle(
        Request("POST", "/oauth/token", headers, json.dumps(body).encode())
    )

    assert isinstance(outcome, Response)
    caller.token = json.loads(outcome.body)["access_token"]
    assert caller.ask("GET", "/myself").status == 200


URL = "https://unpack.test/webhooks/jira"


def listen(caller: Caller) -> None:
    wanted = {"events": ["jira:issue_updated"], "jqlFilter": "project = PLAT"}
    caller.answer("POST", "/webhook", {"url": URL, "webhooks": [wanted]})


def pump(caller: Caller, *statuses: int) -> list[dict[str, str]]:
    """Answer what is due with these statuses in turn; returns the headers that came."""
    deliveries, answers, came = caller.cloud.deliveries, list(statuses), []
    while (attempt := deliveries.take()) is not None:
        assert attempt.delivery.url == URL
        came.append(attempt.headers)
        deliveries.settle(attempt, answers.pop(0) if answers else 204)
    return came


def test_webhooks_are_delivered_by_whoever_pumps(caller: Caller) -> None:
    listen(caller)
    caller.answer("POST", "/issue", bodies.issue())
    assert caller.cloud.deliveries.next_due() is None

    caller.answer("PUT", "/issue/PLAT-1", {"fields": {"summary": "Fix it now"}})

    assert caller.cloud.deliveries.next_due() == caller.clock.seconds()
    attempt = caller.cloud.deliveries.take()
    assert attempt is not None
    assert json.loads(attempt.body)["issue"]["fields"]["summary"] == "Fix it now"
    assert caller.cloud.control.deliveries("waiting")
    caller.clock.wait(3)
    caller.cloud.deliveries.settle(attempt, 204)
    (delivery,) = caller.cloud.control.deliveries("delivered")
    assert [(each["outcome"], each["seconds"]) for each in delivery["tries"]] == [(204, 3.0)]
    assert caller.cloud.deliveries.take() is None


def test_a_failed_delivery_is_due_again_when_the_clock_has_moved(caller: Caller) -> None:
    caller.cloud.control.set(webhook_retry_delays=[5.0, 60.0])
    listen(caller)
    caller.cloud.control.create_issue("PLAT", "x")
    caller.cloud.control.edit_issue("PLAT-1", summary="y")

    first = pump(caller, 0)
    too_early = pump(caller)
    due = caller.cloud.deliveries.next_due()
    caller.clock.wait(5)
    second = pump(caller, 503)
    caller.clock.wait(60)
    third = pump(caller, 500)

    assert (len(first), too_early, due) == (1, [], 5.0)
    assert second[0]["X-Atlassian-Webhook-Retry"] == "1"
    assert third[0]["X-Atlassian-Webhook-Retry"] == "2"
    (delivery,) = caller.cloud.control.deliveries("failed")
    assert delivery["identifier"] == third[0]["X-Atlassian-Webhook-Identifier"]
    assert caller.cloud.deliveries.next_due() is None


@pytest.mark.parametrize(("mode", "times"), [("drop", 0), ("duplicate", 2)])
def test_deliveries_can_be_lost_or_come_twice(caller: Caller, mode: str, times: int) -> None:
    caller.cloud.control.webhook_mode(mode)
    listen(caller)
    caller.cloud.control.create_issue("PLAT", "x")
    caller.cloud.control.edit_issue("PLAT-1", summary="y")

    assert len(pump(caller)) == times
    caller.clock.wait(600)
    assert pump(caller) == []


def test_deliveries_can_come_in_another_order(caller: Caller) -> None:
    caller.cloud.control.webhook_mode("reorder")
    listen(caller)
    for number in range(1, 7):
        caller.cloud.control.create_issue("PLAT", "x")
        caller.cloud.control.edit_issue(f"PLAT-{number}", summary="y")
    sent = [each["identifier"] for each in caller.cloud.control.deliveries()]

    caller.clock.wait(1)

    came = [headers["X-Atlassian-Webhook-Identifier"] for headers in pump(caller)]
    assert came != sent
    assert sorted(came) == sorted(sent)


def a_day(seed: int) -> list[Any]:
    """What a caller sees of a day with trouble."""
    caller = Caller(seed)
    caller.cloud.control.set(search_lag=20, search_flap=0.3, shuffle_bulk=True)
    caller.cloud.control.fault("error", "get_issue", probability=0.4)
    seen: list[Any] = []
    for _ in range(24):
        caller.token = caller.cloud.control.issue_tokens()["access_token"]
        bulk = {"issueUpdates": [bodies.issue() for _ in range(3)]}
        for outcome in (
            caller.ask("POST", "/issue/bulk", bulk),
            caller.ask("GET", "/issue/PLAT-1"),
            caller.ask("POST", "/search/jql", {"jql": "project = PLAT"}),
        ):
            assert isinstance(outcome, Response)
            seen.append((outcome.status, outcome.body, outcome.headers.to_wsgi_list()))
        caller.clock.wait(3600)
    return seen


def test_the_same_seed_lives_through_the_same_day() -> None:
    assert a_day(7) == a_day(7)
    assert a_day(7) != a_day(8)
