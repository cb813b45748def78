"""How long the web server took to answer, by route: the only thing that is counted as it happens.

Its processes share what they count by files in one folder, which the server empties at its start
(app/serving.py). Jobs answer no requests, so they count and write nothing.
"""

import os
import shutil
import tempfile
from collections.abc import MutableMapping
from contextlib import suppress
from pathlib import Path

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Histogram
from prometheus_client.multiprocess import MultiProcessCollector

from app import clock

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client reads it when it is imported
FOLDERS = "unpack-metrics-"
METHODS = frozenset(("DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"))
COUNTED = "request_seconds"
BUCKETS = (0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds


def init_app(app: Flask) -> CollectorRegistry:
    """Count the requests of `app`; where they are counted."""
    registry = CollectorRegistry()
    seconds = Histogram(
        "unpack_request_seconds",
        "How long answers took, by route.",
        ("route", "method", "status"),
        buckets=BUCKETS,
        registry=None if SHARED in os.environ else registry,
    )
    if SHARED in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    app.extensions[COUNTED] = seconds

    @app.before_request
    def begin() -> None:
        g.began = clock.monotonic()

    @app.after_request
    def end(response: Response) -> Response:
        # The rule, never the address, which names rows and holds tokens.
        route = request.url_rule.rule if request.url_rule else "none"
        if "began" in g:
            # Whoever sends words of their own as methods must not make a row of each.
            method = request.method if request.method in METHODS else "other"
            took = clock.monotonic() - g.began
            observe(app, route, method, response.status_code, took)
        return response

    return registry


def observe(app: Flask, route: str, method: str, status: int, seconds: float) -> None:
    """Count an answer of `app`, if it counts any."""
    counted: Histogram | None = app.extensions.get(COUNTED)
    if counted is not None:
        counted.labels(route, method, f"{status // 100}xx").observe(seconds)


def share(environment: MutableMapping[str, str]) -> None:
    """Let the processes of a web server that is about to begin share what they count.

    What servers left behind that are gone goes.
    """
    if environment.get(SHARED):
        return
    ours, pid = f"{FOLDERS}{os.getuid()}-", str(os.getpid())
    for each in Path(tempfile.gettempdir()).glob(f"{ours}*"):
        whose = each.name.removeprefix(ours).partition("-")[0]
        if whose == pid or not _lives(whose):
            shutil.rmtree(each, ignore_errors=True)
    environment[SHARED] = tempfile.mkdtemp(prefix=f"{ours}{pid}-")


def _lives(pid: str) -> bool:
    with suppress(OSError, ValueError):
        os.kill(int(pid), 0)
        return True
    return False
