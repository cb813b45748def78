"""Metrics of real processes: several that answer, and jobs, which leave nothing behind."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from flask import Flask
from prometheus_client.parser import text_string_to_metric_families

from app.operations.metrics import requests as counted_requests
from tests.support.source_files import ROOT
from tests.support.web_server import WebServer, environment, serving

TOKEN = "to-scrape-with-7Qx0u-and-nothing-beside-it"
JOBS = 10_000


@pytest.fixture
def web(tmp_path: Path, app: Flask, database_url: str, redis_url: str) -> Iterator[WebServer]:
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    with serving(tmp_path, METRICS_TOKEN=TOKEN, TMPDIR=str(tmp_path), **given) as server:
        yield server


def pages_counted(web: WebServer) -> float:
    """How often the sign-in page was answered, by whichever process was asked."""
    shown = {"Authorization": f"Bearer {TOKEN}"}
    answer = requests.get(f"{web.url}/metrics", headers=shown, timeout=10)
    assert answer.status_code == 200
    return sum(
        sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == "unpack_request_seconds_count"
        and sample.labels["route"] == "/sign-in"
        and sample.labels["status"] == "2xx"
    )


@pytest.mark.whole
def test_what_several_processes_answered_is_one_number(web: WebServer) -> None:
    before = pages_counted(web)
    for _ in range(30):
        requests.get(f"{web.url}/sign-in", headers={"Host": "localhost"}, timeout=10)

    assert [pages_counted(web) - before for _ in range(6)] == [30] * 6


@pytest.mark.whole
def test_ten_thousand_jobs_leave_no_file(
    tmp_path: Path, app: Flask, database_url: str, redis_url: str
) -> None:
    shared, temporary = tmp_path / "shared", tmp_path / "temporary"
    shared.mkdir(), temporary.mkdir()
    given = {
        "DATABASE_URL": database_url, "REDIS_URL": redis_url, "METRICS_TOKEN": TOKEN,
        "TMPDIR": str(temporary), "UNPACK_INSTANCE": str(tmp_path),
        counted_requests.SHARED: str(shared),  # as if it were told to every process
    }  # fmt: skip
    subprocess.run(
        [sys.executable, str(Path(__file__).parent / "run_many_jobs.py"), str(JOBS)],
        env=environment(given) | {"PYTHONPATH": str(ROOT)},
        cwd=ROOT,
        check=True,
    )

    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == []


def test_what_servers_left_behind_that_are_gone_goes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    gone = tmp_path / f"{counted_requests.FOLDERS}{os.getuid()}-{2**22 + 1}"
    alive = tmp_path / f"{counted_requests.FOLDERS}{os.getuid()}-{os.getppid()}"
    for folder in (gone, alive):
        folder.mkdir()
        (folder / "histogram_1.db").write_bytes(b"")
    told: dict[str, str] = {}

    counted_requests.share(told)

    own = Path(told[counted_requests.SHARED])
    assert set(tmp_path.iterdir()) == {alive, own}
    assert list(own.iterdir()) == []


def test_nobody_takes_the_folder_before_the_server_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    guessed = tmp_path / f"{counted_requests.FOLDERS}{os.getuid()}-{os.getpid()}"
    guessed.symlink_to(elsewhere)
    told: dict[str, str] = {}

    counted_requests.share(told)

    own = Path(told[counted_requests.SHARED])
    assert own.name.startswith(f"{guessed.name}-")
    assert own.stat().st_mode & 0o077 == 0
