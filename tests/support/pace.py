"""How long a running web server takes for its pages."""

import time
from collections.abc import Callable

import requests

from tests.support.web_server import WebServer

PAGES = 100


def seconds_of_pages(
    web: WebServer, pause: float = 0.0, ended: Callable[[], bool] = lambda: True
) -> list[float]:
    """How long each of many pages took; one that is refused or does not come fails the test.

    pause: seconds between them. ended: how long to go on, after a first hundred.
    """
    taken: list[float] = []
    while len(taken) < PAGES or not ended():
        began = time.perf_counter()
        answer = requests.get(f"{web.url}/sign-in", headers={"Host": "localhost"}, timeout=10)
        taken.append(time.perf_counter() - began)
        assert answer.status_code == 200
        time.sleep(pause)
    return sorted(taken)


def p95(taken: list[float]) -> float:
    return taken[int(len(taken) * 0.95)]
