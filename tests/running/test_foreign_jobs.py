"""What somebody else has written into Redis: a worker runs none of it, and goes on working."""

import json
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis import Redis
from rq import Callback, Queue
from rq.job import Job
from rq.registry import StartedJobRegistry
from rq.serializers import JSONSerializer

from tests.support.installation import eventually
from tests.support.processes import Start

PROBING = "tests.running.probe_worker"


def test_what_is_not_ours_is_dropped_and_what_is_ours_still_runs(
    start: Start, queue: Queue, redis: Redis, tmp_path: Path
) -> None:
    planted = tmp_path / "planted"
    for plant in PLANTED.values():
        plant(queue, planted)
    redis.lpush("rq:queue:sync", "an id without a job", "bad id;", "x" * 5000)
    queue.enqueue("tests.running.probe_jobs.say", 1)

    worker = start(PROBING)
    eventually((tmp_path / "ran").exists)

    assert not planted.exists()
    assert worker.poll() is None
    assert redis.llen("rq:queue:sync") == 0
    worker.terminate()
    said, _ = worker.communicate(timeout=30)
    assert said.count("job dropped: not one of ours") == len(PLANTED)
    assert "Traceback" not in said


def plant_function(queue: Queue, planted: Path) -> None:
    queue.enqueue("os.system", f"touch {planted}")


def plant_other_function_of_ours(queue: Queue, planted: Path) -> None:
    queue.enqueue("jobs.worker.main")


def plant_words_for_an_id(queue: Queue, planted: Path) -> None:
    queue.enqueue("tests.running.probe_jobs.say", "1")


def plant_a_switch_for_an_id(queue: Queue, planted: Path) -> None:
    queue.enqueue("tests.running.probe_jobs.say", True)


def plant_two_ids(queue: Queue, planted: Path) -> None:
    queue.enqueue("tests.running.probe_jobs.say", 1, 2)


def plant_named_argument(queue: Queue, planted: Path) -> None:
    queue.enqueue("tests.running.probe_jobs.say", _number=1)


def plant_rubbish(queue: Queue, planted: Path) -> None:
    _plant_raw(queue, b"\x80\x04cos\nsystem\n.", timeout="180")


def plant_no_list(queue: Queue, planted: Path) -> None:
    _plant_raw(queue, zlib.compress(json.dumps({"a": 1}).encode()), timeout="180")


def plant_wrong_fields(queue: Queue, planted: Path) -> None:
    data = zlib.compress(json.dumps(["os.system", None, [f"touch {planted}"], {}]).encode())
    _plant_raw(queue, data, timeout="soon", created_at="yesterday")


def _plant_raw(queue: Queue, data: bytes, **fields: str) -> None:
    name = f"planted-{len(data)}"
    known = {"data": data, "origin": "sync", "status": "queued", **fields}
    queue.connection.hset(f"rq:job:{name}", mapping=known)
    queue.connection.lpush("rq:queue:sync", name)


Plant = Callable[[Queue, Path], None]
PLANTED: dict[str, Plant] = {
    name: each for name, each in list(globals().items()) if name.startswith("plant_")
}


def test_a_callback_that_somebody_added_is_not_called(
    start: Start, queue: Queue, redis: Redis, tmp_path: Path
) -> None:
    called = tmp_path / "called"
    job = queue.enqueue(
        "tests.running.probe_jobs.say",
        1,
        on_success=Callback("tests.running.probe_jobs.note_callback"),
    )
    redis.hset(
        job.key, "webhooks", json.dumps([{"url": "http://127.0.0.1:1/", "statuses": ["finished"]}])
    )

    worker = start(PROBING)
    eventually(lambda: (tmp_path / "ran").exists() and redis.exists(job.key) in {0, 1})
    eventually(lambda: Job.fetch(job.id, redis, JSONSerializer).is_finished)

    assert not called.exists()
    assert worker.poll() is None


def test_a_job_that_seems_abandoned_calls_nothing_either(
    start: Start, queue: Queue, redis: Redis, tmp_path: Path
) -> None:
    """The worker tidies up after others in its own process, not in a horse."""
    job: Any = queue.enqueue(
        "tests.running.probe_jobs.say",
        1,
        on_failure=Callback("tests.running.probe_jobs.note_callback"),
    )
    redis.lrem("rq:queue:sync", 0, job.id)
    redis.hset(job.key, "status", "started")
    registry = StartedJobRegistry("sync", connection=redis)
    redis.zadd(registry.key, {f"{job.id}:1": time.time() - 100})

    start(PROBING)
    eventually(lambda: redis.zcard(registry.key) == 0)
    queue.enqueue("tests.running.probe_jobs.say", 2)
    eventually((tmp_path / "ran").exists)

    assert not (tmp_path / "called").exists()
