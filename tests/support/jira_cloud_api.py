"""Plain REST to the stand-in, and its clock."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from demo.jira_cloud.catalog.sites import SITES
from demo.jira_cloud.machine import Clock as MachineClock

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
