"""The process in which a worker keeps its jobs: the same from job to job, until it may not be."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import psutil
import pytest
from rq import Queue

from tests.support.installation import eventually
from tests.support.processes import Start

PROBING = "tests.running.probe_worker"
RunIn = Callable[..., int]


@pytest.fixture
def run_in(queue: Queue, tmp_path: Path) -> RunIn:
    """Runs one more probe job, and says in which process it ran."""
    numbers = iter(range(1, 100))

    def run(probe: str = "sign") -> int:
        number = next(numbers)
        job = queue.enqueue(f"tests.running.probe_jobs.{probe}", number)
        ran = tmp_path / f"of {number}"
        eventually(lambda: ran.exists() and job.get_status(refresh=True) in {"finished", "failed"})
        return int(ran.read_text())

    return run


def test_jobs_run_one_after_the_other_in_one_process(start: Start, run_in: RunIn) -> None:
    worker = start(PROBING)

    processes = {run_in() for _ in range(3)}

    assert len(processes) == 1
    assert worker.pid not in processes


def test_a_process_has_only_so_many_jobs(start: Start, run_in: RunIn) -> None:
    start(PROBING, PROBE_MOST_JOBS="2")

    first, second, third = run_in(), run_in(), run_in()

    assert first == second
    assert third != first


def test_what_failed_leaves_nothing_to_the_next_job(start: Start, run_in: RunIn) -> None:
    start(PROBING)

    failed = run_in("fail")

    assert run_in() != failed


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_process_that_ends_without_a_job_is_replaced(
    start: Start, run_in: RunIn, number: signal.Signals
) -> None:
    start(PROBING)
    ended = run_in()
    os.kill(ended, number)
    eventually(lambda: _has_ended(ended))

    assert run_in() != ended


def test_no_process_outlives_its_worker(start: Start, run_in: RunIn) -> None:
    worker = start(PROBING)
    kept = run_in()

    worker.kill()
    worker.wait()

    eventually(lambda: not psutil.pid_exists(kept))


def test_a_worker_that_stops_takes_its_process_along(start: Start, run_in: RunIn) -> None:
    worker = start(PROBING)
    kept = run_in()

    worker.send_signal(signal.SIGTERM)

    assert worker.wait(timeout=30) == 0
    eventually(lambda: not psutil.pid_exists(kept))


def test_a_job_that_is_given_away_while_the_worker_is_stopped_still_runs(
    start: Start, queue: Queue, tmp_path: Path
) -> None:
    worker = start(PROBING, PROBE_STOPPED_AT_ONCE="1")
    queue.enqueue("tests.running.probe_jobs.say", 1)

    assert worker.wait(timeout=60) == 0

    assert (tmp_path / "ran").exists()
    assert queue.finished_job_registry.count == 1
    assert queue.started_job_registry.count == 0


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="asks Linux what is open")
def test_what_jobs_leave_open_goes_with_them(start: Start, queue: Queue, tmp_path: Path) -> None:
    start(PROBING)
    for number in range(20):
        queue.enqueue("tests.running.probe_jobs.leave_a_socket", number)

    eventually((tmp_path / "of 19").exists)

    first, last = (int((tmp_path / f"of {number}").read_text()) for number in (1, 19))
    assert last <= first + 1


def _has_ended(pid: int) -> bool:
    """Whether its worker knows already, or will."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
