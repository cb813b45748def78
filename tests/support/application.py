"""The app on a database and a Redis of its own, and a worker that empties its queues."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask, has_app_context
from redis import Redis
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from app import create_app
from app.extensions import db, limiter
from app.queue import QUEUE_NAMES
from tests.support import settings
from tests.support.lock_order import watched
from tests.support.templates import share_compiled


@pytest.fixture
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """Variables that this test sets differently: what its marks say, the nearest counting most.

    A test whose value is known only while it runs, such as a port, overrides the fixture.
    """
    marks = reversed(list(request.node.iter_markers("environment")))
    return {name: value for mark in marks for name, value in mark.kwargs.items()}


@pytest.fixture(scope="session")
def apps() -> dict[str, tuple[Flask, object]]:
    """Apps by their settings, each with its limiter's storage: one serves many tests."""
    return {}


@pytest.fixture
def app(
    request: pytest.FixtureRequest,
    apps: dict[str, tuple[Flask, object]],
    database_url: str,
    redis_url: str,
    environment: dict[str, str],
) -> Iterator[Flask]:
    """The app in an app context, so that a test can arrange rows with `db.session`.

    Requests of the test client run outside of that context, as they do in a server; whatever the
    test has not committed yet is committed before each of them.
    """
    asked = request.fixturenames
    jira_url = request.getfixturevalue("jira").url if "jira" in asked else settings.NOWHERE
    wanted = settings.build(
        database_url=database_url, redis_url=redis_url, jira_url=jira_url, **environment
    )
    own = request.node.get_closest_marker("own_app") is not None
    app = _built(wanted) if own else _shared(apps, wanted)
    kept, redis = dict(app.config), app.extensions["redis"]
    with app.app_context(), _locks_in_order():
        yield app
        db.session.remove()
        db.engine.dispose()
    app.extensions["redis"] = redis  # a test may have put one there that answers nobody
    redis.close()
    app.extensions.pop("jira_requests", None)  # or it would count for the apps after it
    app.config.clear()
    app.config.update(kept)


@contextmanager
def _locks_in_order() -> Iterator[None]:
    """SQLite locks no rows: who writes has all of the database."""
    if db.engine.dialect.name != "postgresql":
        yield
        return
    with watched(db.engine) as order:
        yield
    assert order.wrong == [], "rows are locked in another order than design.md §2.3 says"


def _shared(apps: dict[str, tuple[Flask, object]], wanted: dict[str, Any]) -> Flask:
    """An app with these settings, unless one that was made since took the limiter over."""
    app, storage = apps.get(repr(wanted), (None, None))
    if app is None or storage is not limiter.storage or not limiter.enabled:
        app = _built(wanted)
        apps[repr(wanted)] = (app, limiter.storage)
    return app


def _built(wanted: dict[str, Any]) -> Flask:
    app = create_app(wanted)
    share_compiled(app)
    return app


def commit_what_was_arranged() -> None:
    """Let go of the database: SQLite has one write lock, and others are about to want it."""
    if has_app_context():
        db.session.commit()


@pytest.fixture
def queued(redis: Redis) -> Callable[[], list[Job]]:
    """The jobs that wait in any queue, the most urgent first."""

    def jobs() -> list[Job]:
        commit_what_was_arranged()
        return [job for queue in _queues(redis) for job in queue.jobs]

    return jobs


@pytest.fixture
def work(app: Flask, redis: Redis) -> Callable[[], list[Job]]:
    """Run everything that is queued, and what that queues, in this process.

    Raises what a job raised: an error that only a log would have seen is a failed test.
    """

    def run_all() -> list[Job]:
        commit_what_was_arranged()
        worker = WorkerInTest(_queues(redis), connection=redis, serializer=JSONSerializer)
        with _signals_kept():
            worker.work(burst=True, logging_level="WARNING")
        db.session.expire_all()
        return worker.done

    return run_all


class WorkerInTest(SimpleWorker):
    """Runs jobs in this process, remembers them, and raises what one of them raised."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.done: list[Job] = []
        self.trouble: str | None = None

    def execute_job(self, job: Job, queue: Queue) -> None:
        super().execute_job(job, queue)
        self.done.append(job)

    def handle_job_failure(
        self,
        job: Job,
        queue: Queue,
        started_job_registry: Any = None,
        exc_string: str = "",
        execution: Any = None,
    ) -> None:
        self.trouble = exc_string
        super().handle_job_failure(job, queue, started_job_registry, exc_string, execution)

    def work(self, *args: Any, **kwargs: Any) -> bool:
        worked = super().work(*args, **kwargs)
        if self.trouble:
            raise AssertionError(self.trouble)
        return worked

    def subscribe(self) -> None:
        """Nobody sends commands to it, and a listening thread takes a fifth of a second to end."""

    def unsubscribe(self) -> None:
        pass


def _queues(redis: Redis) -> list[Queue]:
    return [Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUE_NAMES]


@contextmanager
def _signals_kept() -> Iterator[None]:
    kept: dict[int, Any] = {n: signal.getsignal(n) for n in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in kept.items():
            signal.signal(number, handler)
