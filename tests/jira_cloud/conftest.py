"""A stand-in as new for each test, and a client that speaks plain REST to it."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests

from demo.jira_cloud.catalog.sites import SITES
from demo.jira_cloud.machine import Clock as MachineClock
from demo.jira_cloud.machine import Machine
from demo.jira_cloud.server import RunningJiraCloud, start

ENG = SITES["acme-eng"].cloud_id
LABS = SITES["acme-labs"].cloud_id


class Clock(MachineClock):
    """A clock that stands still until it is moved; its seconds go on, as limits need them to."""

    FIRST = datetime(2026, 11, 24, 15, 20, tzinfo=UTC)

    def __init__(self) -> None:
        self.time = self.FIRST

    def now(self) -> datetime:
        return self.time

    def forward(self, **duration: float) -> None:
        self.time += timedelta(**duration)


class Api:
    """REST of one site with one access token."""

    def __init__(self, url: str, token: str, cloud_id: str) -> None:
        self.base = f"{url}/ex/jira/{cloud_id}/rest/api/3"
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, body: Any = None, **query: Any) -> requests.Response:
        return self.session.request(method, self.base + path, json=body, params=query, timeout=10)

    def get(self, path: str, **query: Any) -> requests.Response:
        return self.call("GET", path, **query)

    def post(self, path: str, body: Any) -> requests.Response:
        return self.call("POST", path, body)

    def put(self, path: str, body: Any) -> requests.Response:
        return self.call("PUT", path, body)


Connect = Callable[..., Api]


@pytest.fixture(scope="session")
def standing_clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def one_for_all(standing_clock: Clock) -> Iterator[RunningJiraCloud]:
    running = start(machine=Machine(clock=standing_clock))
    yield running
    running.stop()


@pytest.fixture
def clock(standing_clock: Clock) -> Clock:
    standing_clock.time = Clock.FIRST
    return standing_clock


@pytest.fixture
def cloud(one_for_all: RunningJiraCloud, clock: Clock) -> RunningJiraCloud:
    one_for_all.control.reset()
    return one_for_all


@pytest.fixture
def connect(cloud: RunningJiraCloud) -> Connect:
    def make(
        account: str = "unpack@acme.test",
        cloud_id: str = ENG,
        scopes: list[str] | None = None,
    ) -> Api:
        pair = cloud.control.issue_tokens(account, scopes=scopes)
        return Api(cloud.url, pair["access_token"], cloud_id)

    return make


@pytest.fixture
def api(connect: Connect) -> Api:
    return connect()
