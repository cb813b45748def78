"""What Redis tells: who runs, and how many jobs wait."""

from collections.abc import Iterator

from rq import Queue
from rq.serializers import JSONSerializer

from app import queue
from app.operations.metrics.family import Family, single


def families() -> Iterator[Family]:
    """All of them. Raises `RedisError`."""
    yield single(
        "unpack_worker_seen", "1 if a worker was heard of within a minute.", queue.has_worker()
    )
    yield single("unpack_ticker_seen", "1 if a ticker ticked within a minute.", queue.has_ticker())
    connection = queue.redis_connection()
    lengths = {
        (name,): float(Queue(name, connection=connection, serializer=JSONSerializer).count)
        for name in queue.QUEUE_NAMES
    }
    yield Family("unpack_queue_jobs", "Jobs that no worker has taken yet.", ("queue",), lengths)
