"""`python -m jobs.worker`: takes jobs from Redis and runs each in a process forked for it.

The app is imported and built before the first fork. The intervals make RQ notice within a minute
and a half what it would otherwise notice after ten (a killed worker, a Redis that came back).
"""

import gc
import logging
import os
import pkgutil
import signal
import sys
from contextlib import suppress
from importlib import import_module
from types import FrameType

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from sqlalchemy.orm import configure_mappers

import jobs
from app import starting, stopping
from app.drain import rehearsing
from app.extensions import db
from app.queue import QUEUE_NAMES, OwnJob
from app.redis_client import client_of
from config import ConfigurationError
from jobs import context

log = logging.getLogger(__name__)


class SyncWorker(Worker):
    """Passes a request to stop on to the horse, which ends early and records what it did."""

    max_connection_wait_time = 5.0  # seconds; RQ's own minute is long after Redis is back

    job_class = OwnJob

    def dequeue_job_and_maintain_ttl(
        self, timeout: int | None, max_idle_time: int | None = None
    ) -> tuple[Job, Queue] | None:
        """The next job of ours. Whoever can write to Redis must not choose what runs here, nor end
        the worker by an id without a job, for which RQ returns nothing."""
        while True:
            found = super().dequeue_job_and_maintain_ttl(timeout, max_idle_time)
            if found is None and (timeout is None or max_idle_time is not None):
                return None
            if found is not None:
                job, queue = found
                if isinstance(job, OwnJob) and job.is_ours:
                    return job, queue
                self._drop(job, queue)

    def _drop(self, job: Job, queue: Queue) -> None:
        log.warning("job dropped: not one of ours", extra={"job": job.id, "queue": queue.name})
        self.connection.delete(job.key)
        queue.intermediate_queue.remove(job.id)

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        if os.getpid() != self.pid:  # a horse that has not set up its own signals yet
            stopping.request_stop()
            return
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]

    def handle_warm_shutdown_request(self) -> None:
        # Not killpg: a horse that was just forked is still in the worker's own group.
        if self.horse_pid:
            with suppress(ProcessLookupError):
                os.kill(self.horse_pid, signal.SIGTERM)

    def monitor_work_horse(self, job: Job, queue: Queue, execution: Execution) -> None:
        if self._stop_requested:  # asked between the fork and the moment its pid was known
            self.handle_warm_shutdown_request()
        super().monitor_work_horse(job, queue, execution)

    def setup_work_horse_signals(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, stopping.request_stop)

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        with context.application().app_context():
            # The parent's connections are not ours to use, nor to close.
            for engine in db.engines.values():
                engine.dispose(close=False)
        super().main_work_horse(job, queue)


def build_worker(app: Flask, connection: Redis) -> SyncWorker:
    """A worker for all queues of the app, the most urgent first."""
    queues = [
        Queue(name, connection=connection, serializer=JSONSerializer, job_class=OwnJob)
        for name in QUEUE_NAMES
    ]
    return SyncWorker(
        queues,
        connection=connection,
        serializer=JSONSerializer,
        worker_ttl=30,
        maintenance_interval=15,
        job_monitoring_interval=5,
        log_job_description=False,
    )


def import_jobs() -> None:
    """Import every job now: a horse that has to do it takes half a second for each run."""
    for module in pkgutil.iter_modules(jobs.__path__, "jobs."):
        if module.name not in {"jobs.worker", "jobs.ticker"}:
            import_module(module.name)


def prepare_to_fork(app: Flask) -> None:
    """Do once what each horse would do before its first query: a quarter of a second of computing.

    No connection is left open, because no horse may share one. What is frozen is left out by the
    garbage collector, whose first round in a horse would touch, and so copy, all that it shares
    with the worker.
    """
    configure_mappers()
    with app.app_context():
        rehearsing.rehearse()
        db.session.remove()
        db.engine.dispose()
    gc.collect()
    gc.freeze()


def main() -> int:
    """Work until asked to stop: 0; 1 with one sentence when it cannot."""
    try:
        app = context.application()
        starting.refuse(app)
        worker = build_worker(app, client_of(app.config["REDIS_URL"]))
        import_jobs()
        prepare_to_fork(app)
        log.info("worker ready", extra={"worker": worker.name, "queues": ",".join(QUEUE_NAMES)})
        worker.work()
    except ConfigurationError as error:
        print(error, file=sys.stderr)
        return 1
    except RedisError as error:
        print(f"The worker cannot use Redis: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
