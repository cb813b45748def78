"""A worker that knows the probe jobs, too: a worker runs no others than those in its table."""

import os
import sys

from app import queue
from jobs import worker

for name in ("say", "wait_to_be_stopped", "sign", "fail"):
    queue.QUEUES[f"tests.running.probe_jobs.{name}"] = "sync"
worker.MOST_JOBS = int(os.environ.get("PROBE_MOST_JOBS", worker.MOST_JOBS))

if __name__ == "__main__":
    sys.exit(worker.main())
