"""The only door to RQ. Jobs are named by their dotted string and get a row's id, nothing else.

Most work for a connection, one sends an e-mail. A bell carries no data: the database says what is
to be done, so a lost bell is only a delay until the ticker rings again (design.md §2).
"""

import logging
from collections.abc import Sequence
from datetime import UTC, timedelta
from typing import Any, cast

from blinker import Signal
from flask import Flask, current_app
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import DeserializationError, NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy import event
from sqlalchemy.orm import Session, SessionTransaction

from app.clock import utcnow
from app.extensions import db
from app.redis_client import client_of

SYNC_CONNECTION = "jobs.sync_connection.run"
REFRESH_METADATA = "jobs.refresh_metadata.run"
NOTIFY_ADMINS = "jobs.notify_admins.run"
SEND_MAIL = "jobs.send_mail.run"
KEEP_WEBHOOK = "jobs.keep_webhook.run"
KEEP_GRANT = "jobs.keep_grant.run"
SEND_WEBHOOK_TEST = "jobs.send_webhook_test.run"

QUEUES = {
    SYNC_CONNECTION: "sync",
    REFRESH_METADATA: "interactive",
    NOTIFY_ADMINS: "interactive",
    SEND_MAIL: "interactive",
    KEEP_WEBHOOK: "interactive",
    KEEP_GRANT: "sync",
    SEND_WEBHOOK_TEST: "interactive",
}
# Highest first: a person waits for what is interactive.
QUEUE_NAMES = ["interactive", "sync"]

_BELL_SECONDS = 30
_LONGEST_TURN = 1  # seconds for each job before it, and most take less
_RINGS = "rings"
_TICKER = "ticker"
_BELIEVED = 60  # seconds

log = logging.getLogger(__name__)

# A bell begins to ring: sent with the job's name and `row_id`, before the job is enqueued.
rung = Signal()


def init_app(app: Flask) -> None:
    """Keep one Redis connection pool per process; it connects when first used."""
    app.extensions["redis"] = client_of(
        app.config["REDIS_URL"], socket_timeout=5, socket_connect_timeout=2
    )


def redis_connection() -> Redis:
    """The process's Redis client."""
    return cast("Redis", current_app.extensions["redis"])


def ring_after_commit(row_id: int, job: str = SYNC_CONNECTION) -> None:
    """Ring the row's bell for `job` once the current transaction has committed."""
    rings: set[tuple[str, int]] = db.session.info.setdefault(_RINGS, set())
    rings.add((job, row_id))


def ring(row_id: int, job: str = SYNC_CONNECTION) -> None:
    """Ring now. A bell that already rings is left alone; without Redis the ticker rings later."""
    try:
        if redis_connection().set(_bell(job, row_id), 1, nx=True, ex=_BELL_SECONDS):
            _enqueue(job, row_id)
    except RedisError as error:
        log.warning("bell not rung", extra={"bell": _bell(job, row_id), "error": str(error)})


def _ring_all(rings: Sequence[tuple[str, int]]) -> None:
    """The same of several, asked for in one go."""
    if len(rings) < 2:
        for job, row_id in rings:
            ring(row_id, job)
        return
    try:
        with redis_connection().pipeline(transaction=False) as pipeline:
            for job, row_id in rings:
                pipeline.set(_bell(job, row_id), 1, nx=True, ex=_BELL_SECONDS)
            begun = pipeline.execute()
        for (job, row_id), begins in zip(rings, begun, strict=True):
            if begins:
                _enqueue(job, row_id)
    except RedisError as error:
        log.warning("bells not rung", extra={"bells": len(rings), "error": str(error)})


def _enqueue(job: str, row_id: int) -> None:
    """The bell rings until it is the job's turn, however many are before it: were it rung anew
    meanwhile, a long line would grow by all who stand in it."""
    rung.send(job, row_id=row_id)
    line = _queue(job)
    line.enqueue(job, row_id, result_ttl=0, failure_ttl=3600)
    redis_connection().expire(_bell(job, row_id), _BELL_SECONDS + len(line) * _LONGEST_TURN)


def silence(row_id: int, job: str = SYNC_CONNECTION) -> None:
    """Take the bell away: the job calls this first, so that a ring during its run is heard."""
    try:
        redis_connection().delete(_bell(job, row_id))
    except RedisError as error:
        log.warning("bell not silenced", extra={"bell": _bell(job, row_id), "error": str(error)})


def note_ticker() -> None:
    """Say that a ticker runs; it is believed for a minute."""
    redis_connection().set(_TICKER, 1, ex=_BELIEVED)


def has_ticker() -> bool:
    """Whether a ticker was heard of within a minute. Raises `RedisError`."""
    return bool(redis_connection().exists(_TICKER))


def has_worker() -> bool:
    """Whether a worker was heard of within a minute. Raises `RedisError`."""
    oldest = utcnow() - timedelta(seconds=_BELIEVED)
    workers = Worker.all(connection=redis_connection(), serializer=JSONSerializer)
    beats = [worker.last_heartbeat for worker in workers if worker.last_heartbeat]
    return any(beat.replace(tzinfo=UTC) >= oldest for beat in beats)


class OwnJob(Job):
    """A job as a worker takes it out of Redis, which others may have written to as well.

    Only what this module enqueues may run: one of our own jobs, with one row's id. Whatever else
    RQ would call or ask because a job says so (callbacks, webhooks) is left unread.
    """

    @classmethod
    def fetch(cls, id: str, connection: Redis | None = None, serializer: Any = None) -> "OwnJob":
        try:
            return cast("OwnJob", super().fetch(id, connection=connection, serializer=serializer))
        except ValueError:  # an id that no job of ours has
            raise NoSuchJobError(f"no job: {id[:80]!r}") from None

    def restore(self, raw_data: Any) -> Any:
        try:
            super().restore(raw_data)
        except (ValueError, TypeError, AttributeError, KeyError):  # its fields are not RQ's
            self.data = b""
        self._success_callback_name = self._failure_callback_name = None
        self._stopped_callback_name = None
        self.webhooks = []

    @property
    def is_ours(self) -> bool:
        try:
            named = (self.func_name, self.instance, dict(self.kwargs))
            return named == (_known(self.func_name), None, {}) and _is_row_id(*self.args)
        except (DeserializationError, TypeError, ValueError):
            return False


def _known(job: str | None) -> str | None:
    """The name, if it is that of a job of ours; never None, which a broken one may say."""
    return job if job in QUEUES else ""


def _is_row_id(*arguments: object) -> bool:
    return len(arguments) == 1 and type(arguments[0]) is int and arguments[0] > 0


def _bell(job: str, row_id: int) -> str:
    """Ids of different tables may be the same number: the job says which table it is."""
    return f"bell:{job}:{row_id}"


def _queue(job: str) -> Queue:
    return Queue(QUEUES[job], connection=redis_connection(), serializer=JSONSerializer)


@event.listens_for(Session, "after_commit")
def _ring_collected(session: Session) -> None:
    rings: set[tuple[str, int]] = session.info.pop(_RINGS, set())
    _ring_all(sorted(rings))


@event.listens_for(Session, "after_soft_rollback")
def _forget_collected(session: Session, previous: SessionTransaction) -> None:
    if not previous.nested:
        session.info.pop(_RINGS, None)
