"""A worker that knows the probe jobs, too: a worker runs no others than those in its table."""

import sys

from app import queue
from jobs import worker

for name in ("say", "wait_to_be_stopped"):
    queue.QUEUES[f"tests.running.probe_jobs.{name}"] = "sync"

if __name__ == "__main__":
    sys.exit(worker.main())
