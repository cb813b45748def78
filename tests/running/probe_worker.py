"""A worker that knows the probe jobs, too: a worker runs no others than those in its table."""

import os
import signal
import sys

from rq import Queue
from rq.job import Job

from app import queue
from jobs import worker

for name in ("say", "wait_to_be_stopped", "sign", "fail", "leave_a_socket"):
    queue.QUEUES[f"tests.running.probe_jobs.{name}"] = "sync"
worker.MOST_JOBS = int(os.environ.get("PROBE_MOST_JOBS", worker.MOST_JOBS))


class StoppedAtOnce(worker.SyncWorker):
    """Is asked to stop in the moment in which it gives a job away."""

    def fork_work_horse(self, job: Job, queue: Queue) -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        super().fork_work_horse(job, queue)


if os.environ.get("PROBE_STOPPED_AT_ONCE"):
    worker.SyncWorker = StoppedAtOnce  # type: ignore[misc]

if __name__ == "__main__":
    sys.exit(worker.main())
