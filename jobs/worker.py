"""`python -m jobs.worker`: takes jobs from Redis, and runs them in a process forked ahead of them.

The app is imported and built before it forks. The intervals make RQ notice within a minute
and a half what it would otherwise notice after ten (a killed worker, a Redis that came back).
"""

import gc
import logging
import os
import pkgutil
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from types import FrameType
from typing import Any, NoReturn

from flask import Flask
from redis import Redis
from redis.exceptions import RedisError
from rq import Queue, Worker
from rq.exceptions import NoSuchJobError
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
from jobs import context, horse
from jobs.horse import DONE, LAST, MOST_JOBS, Horse, Order

log = logging.getLogger(__name__)

# How much is made before garbage is looked for. A drain makes hundreds of plans and drops them all
# at once: by Python's own figures each is looked at several times, a tenth of what it costs.
GARBAGE = (20_000, 20, 20)


class SyncWorker(Worker):
    """Keeps its horse from job to job, and passes a request to stop on to it: it ends early and
    records what it did."""

    _horse: Horse | None = None
    _orders: socket.socket | None = None  # in the horse: on which it hears of jobs

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

    def execute_job(self, job: Job, queue: Queue) -> None:
        super().execute_job(job, queue)
        if self._horse is not None and not self._horse.goes_on():
            self._horse.bury()
            self._horse = None
        if not self._stop_requested:
            self.fork_ahead()

    def fork_ahead(self) -> Horse:
        """Have a horse ready, so that no job waits for it."""
        if self._horse is None:
            forked = horse.fork()
            if not isinstance(forked, Horse):
                self._serve(forked)
            self._horse = forked
        return self._horse

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        assert self.execution is not None
        order = Order(job.id, queue.name, self.execution.id)
        if not self.fork_ahead().give(order):  # somebody has ended it while it had nothing to do
            self.fork_ahead().bury()
            self._horse = None
            self.fork_ahead().give(order)
        self._horse_pid = self.fork_ahead().pid

    def wait_for_horse(self) -> tuple[int | None, int | None, Any]:
        if self._horse is not None and self._horse.is_done():
            return self._horse.pid, os.EX_OK, None
        return super().wait_for_horse()

    def monitor_work_horse(self, job: Job, queue: Queue, execution: Execution) -> None:
        if self._stop_requested:  # asked between the fork and the moment its pid was known
            self.handle_warm_shutdown_request()
        super().monitor_work_horse(job, queue, execution)

    def teardown(self) -> None:
        if self._horse is not None:
            self._horse.channel.close()
        super().teardown()  # type: ignore[no-untyped-call]

    def setup_work_horse_signals(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, self._stop_horse)

    def _stop_horse(self, _number: int, _frame: FrameType | None) -> None:
        """No order comes any more. One that has come, perhaps in this moment, is done: its job sees
        that it is to stop, and leaves everything as it should be left."""
        stopping.request_stop()
        if self._orders is not None:
            with suppress(OSError):  # the worker is gone
                self._orders.shutdown(socket.SHUT_RD)

    def _serve(self, channel: socket.socket) -> NoReturn:
        """In the horse: job after job. One that ends otherwise than it should is its last: what it
        has left behind is not known."""
        self._is_horse, self._orders = True, channel
        self.setup_work_horse_signals()
        try:
            with context.application().app_context():
                # The parent's connections are not ours to use, nor to close.
                for engine in db.engines.values():
                    engine.dispose(close=False)
            for number, order in enumerate(horse.orders(channel), 1):
                fit = self._perform(order) and number < MOST_JOBS and not stopping.stop_requested()
                channel.send(DONE if fit else LAST)
                if not fit:
                    break
                # What a job left in circles, sessions with their sockets among it, goes before the
                # next one, and while the worker fetches that.
                gc.collect()
        except BaseException:  # noqa: BLE001 - nothing of the worker's may go on here
            os._exit(1)
        os._exit(os.EX_OK)

    def _perform(self, order: Order) -> bool:
        """Whether the job ended as it should."""
        job = OwnJob.fetch(order.job_id, self.connection, self.serializer)
        if not job.is_ours:
            raise NoSuchJobError(order.job_id)  # somebody has written to it since it was taken
        job.redis_server_version = self.get_redis_server_version()  # type: ignore[no-untyped-call]
        [queue] = [each for each in self.queues if each.name == order.queue]
        execution = Execution(order.execution_id, job.id, self.connection, self.name)
        return self.perform_job(job, queue, execution)


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
    gc.set_threshold(*GARBAGE)


def main() -> int:
    """Work until asked to stop: 0; 1 with one sentence when it cannot."""
    try:
        app = context.application()
        starting.refuse(app)
        worker = build_worker(app, client_of(app.config["REDIS_URL"]))
        import_jobs()
        prepare_to_fork(app)
        worker.fork_ahead()
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
