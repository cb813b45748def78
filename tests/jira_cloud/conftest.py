"""A stand-in as new for each test, and a client that speaks plain REST to it."""

from collections.abc import Iterator

import pytest

from demo.jira_cloud.machine import Machine
from demo.jira_cloud.server import RunningJiraCloud, start
from tests.jira_cloud.receiver import Receiver
from tests.support.jira_cloud_api import ENG, Api, Clock, Connect


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


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    listening = Receiver()
    yield listening
    listening.stop()
