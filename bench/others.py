"""What somebody would write instead: two libraries, and a bare client with eight in flight.

They create the issues that Unpack would, and know nothing afterwards: no link, no retry, no
answer to what becomes of a request whose answer is lost.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from bench import replay

Fields = Mapping[str, Any]
IN_FLIGHT = 8
SITE = "/ex/jira/cloud-0"


def fields_of(number: int) -> Fields:
    """As little as an action item can be: version 2 of the API takes text for a description."""
    return {
        "project": {"key": "PLAT"},
        "issuetype": {"id": "10101"},
        "summary": f"Add a canary stage to pipeline {number}",
        "description": "Send 5 % of the traffic to a new release first.",
        "duedate": "2027-01-15",
    }


def jira(url: str, *, prefetch: bool) -> Callable[[Sequence[Fields]], float]:
    """The library `jira`, as installed (it reads each issue back) or told not to."""
    from jira import JIRA

    client = JIRA(server=url + SITE, token_auth="bench", get_server_info=True)  # noqa: S106

    def create(fields: Sequence[Fields]) -> float:
        began = time.perf_counter()
        for each in fields:
            client.create_issue(fields=dict(each), prefetch=prefetch)
        return time.perf_counter() - began

    return create


def atlassian(url: str) -> Callable[[Sequence[Fields]], float]:
    """The library `atlassian-python-api`."""
    from atlassian import Jira

    client = Jira(url=url + SITE, token="bench", cloud=True)  # noqa: S106

    def create(fields: Sequence[Fields]) -> float:
        began = time.perf_counter()
        for each in fields:
            client.issue_create(dict(each))
        return time.perf_counter() - began

    return create


def bare(url: str) -> Callable[[Sequence[Fields]], float]:
    """`requests`, eight in flight."""

    def one(fields: Fields) -> None:
        address = f"{url}{SITE}/rest/api/3/issue"
        replay.session().post(address, json={"fields": fields}, timeout=60).raise_for_status()

    def create(fields: Sequence[Fields]) -> float:
        with ThreadPoolExecutor(IN_FLIGHT) as threads:
            began = time.perf_counter()
            list(threads.map(one, fields))
            return time.perf_counter() - began

    return create
