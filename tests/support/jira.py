"""The stand-in Jira Cloud: one server for the test process, as new for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.support import settings

if TYPE_CHECKING:
    from demo.jira_cloud.machine import Machine
    from demo.jira_cloud.server import RunningJiraCloud


@contextmanager
def jira_cloud(machine: "Machine | None" = None) -> Iterator["RunningJiraCloud"]:
    """A Jira Cloud of one's own; `machine` has another clock, for instance."""
    from demo.jira_cloud.server import start

    public_url = settings.ENVIRONMENT["PUBLIC_URL"]
    running = start(
        port=0,
        client_id=settings.CLIENT_ID,
        client_secret=settings.CLIENT_SECRET,
        redirect_uris=[f"{public_url}/integrations/jira/callback"],
        machine=machine,
    )
    try:
        yield running
    finally:
        running.stop()


@pytest.fixture(scope="session")
def jira_server() -> Iterator["RunningJiraCloud"]:
    with jira_cloud() as running:
        yield running


@pytest.fixture
def jira(jira_server: "RunningJiraCloud") -> "RunningJiraCloud":
    """A Jira Cloud that nobody has touched yet; the app of this test talks to it."""
    jira_server.control.reset()
    return jira_server
