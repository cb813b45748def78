"""The floor: what was asked of Jira, asked again by a client that does nothing else."""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Event, local
from typing import Any

import requests

Recorded = dict[str, Any]
_OF_THREAD = local()


def at_once(recorded: Sequence[Recorded]) -> int:
    """How many of the requests were under way together at most."""
    moments = [(each["arrived"], 1) for each in recorded]
    moments += [(each["answered"], -1) for each in recorded]
    running = most = 0
    for _, change in sorted(moments):
        running += change
        most = max(most, running)
    return most


def seconds(url: str, recorded: Sequence[Recorded]) -> float:
    """How long the same bodies take, as many at once as were at most, in the same order.

    A request that names an issue waits until the one that made it is answered, and nothing else
    is waited for. The connections are open before the clock starts.
    """
    made = {issue: at for at, each in enumerate(recorded) for issue in each["made"]}
    answered = [Event() for _ in recorded]
    width = at_once(recorded)
    with ThreadPoolExecutor(width) as threads:
        _open(threads, url, width)
        began = time.perf_counter()
        running = [
            threads.submit(_ask, url, each, _needs(each, made, answered), answered[at])
            for at, each in enumerate(recorded)
        ]
        for each in running:
            each.result()
        return time.perf_counter() - began


def _needs(asked: Recorded, made: dict[str, int], answered: Sequence[Event]) -> list[Event]:
    named = _named(asked)
    return [answered[at] for at in sorted({made[each] for each in named if each in made})]


def _named(asked: Recorded) -> list[str]:
    """The ids of issues that a request is about."""
    body = asked["body"] if isinstance(asked["body"], dict) else {}
    return [*body.get("issueIdsOrKeys", []), *asked["path"].split("/")]


def _ask(url: str, asked: Recorded, needs: Sequence[Event], answered: Event) -> None:
    for each in needs:
        each.wait()
    session().request(
        asked["method"], url + asked["path"], params=asked["query"], json=asked["body"], timeout=60
    ).raise_for_status()
    answered.set()


def session() -> requests.Session:
    """The thread's own."""
    if not hasattr(_OF_THREAD, "session"):
        _OF_THREAD.session = requests.Session()
    kept: requests.Session = _OF_THREAD.session
    return kept


def _open(threads: ThreadPoolExecutor, url: str, width: int) -> None:
    opened = Event()
    arrived: list[int] = []

    def connect() -> None:
        session().post(f"{url}/_double/nothing", json={}, timeout=10)
        arrived.append(1)
        if len(arrived) == width:
            opened.set()
        opened.wait(10)

    for each in [threads.submit(connect) for _ in range(width)]:
        each.result()
