"""The worker process, with a real Redis."""

import os
import signal
from pathlib import Path

import pytest
from rq import Queue

from tests.support.installation import eventually
from tests.support.processes import Start

PROBING = "tests.running.probe_worker"


def test_a_job_runs_in_a_process_of_its_own(start: Start, queue: Queue, tmp_path: Path) -> None:
    worker = start(PROBING)
    queue.enqueue("tests.running.probe_jobs.say", 1)

    eventually((tmp_path / "ran").exists)

    assert (tmp_path / "ran").read_text() != str(worker.pid)


def test_stopping_a_worker_tells_its_job_and_waits_for_it(
    start: Start, queue: Queue, tmp_path: Path
) -> None:
    worker = start(PROBING)
    queue.enqueue("tests.running.probe_jobs.wait_to_be_stopped", 1)
    eventually((tmp_path / "started").exists)

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=30) == 0
    assert (tmp_path / "stopped").exists()
    assert queue.finished_job_registry.count == 1


def test_a_worker_outlives_a_job_that_is_killed(start: Start, queue: Queue, tmp_path: Path) -> None:
    start(PROBING)
    queue.enqueue("tests.running.probe_jobs.wait_to_be_stopped", 1)
    eventually(lambda: (tmp_path / "started").exists() and (tmp_path / "started").read_text())

    os.kill(int((tmp_path / "started").read_text()), signal.SIGKILL)
    queue.enqueue("tests.running.probe_jobs.say", 1)

    eventually((tmp_path / "ran").exists)


@pytest.mark.parametrize("module", ["jobs.worker", "jobs.ticker"])
def test_a_missing_secret_is_one_sentence(start: Start, module: str) -> None:
    process = start(module, SECRET_KEY="")

    said, _ = process.communicate(timeout=60)

    assert process.returncode == 1
    assert said.startswith("SECRET_KEY is not set.")
    assert "Traceback" not in said


def test_a_worker_without_redis_says_so(start: Start, tmp_path: Path) -> None:
    worker = start("jobs.worker", REDIS_URL=f"unix://{tmp_path}/nobody.sock")

    said, _ = worker.communicate(timeout=60)

    assert worker.returncode == 1
    assert "The worker cannot use Redis" in said
    assert "Traceback" not in said


def test_a_ticker_goes_on_after_redis_and_the_database_were_away(
    start: Start, tmp_path: Path
) -> None:
    ticker = start("jobs.ticker", DATABASE_URL=f"sqlite:///{tmp_path}/nowhere/unpack.db")
    assert ticker.stdout is not None
    said = ""
    while "ticks do nothing for now" not in said:
        said = ticker.stdout.readline()
        assert said, "the ticker ended"

    ticker.send_signal(signal.SIGTERM)

    assert ticker.wait(timeout=30) == 0
