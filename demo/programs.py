"""The programs that an installation on one machine, or the demo, consists of."""

import sys
from collections.abc import Callable, Mapping
from http.client import HTTPConnection, HTTPException
from pathlib import Path

from demo import redis_server
from demo.processes import Program, log_path


def redis(instance: Path, url: str) -> Program:
    """A Redis server on a unix socket, with an append-only file."""
    command = redis_server.command(redis_server.find_program(), instance, append_only=True)
    return Program("redis", command, ready=lambda: redis_server.answers(url))


def jira_cloud(instance: Path, port: int, settings: Mapping[str, str]) -> Program:
    """The stand-in Jira Cloud."""
    # fmt: off
    command = [
        sys.executable, "-m", "demo.jira_cloud", "--port", str(port),
        "--state", str(instance.resolve() / "jira_cloud.db"),
        "--client-id", settings["JIRA_CLIENT_ID"],
        "--client-secret", settings["JIRA_CLIENT_SECRET"],
        "--redirect-uri", settings["PUBLIC_URL"].rstrip("/") + "/integrations/jira/callback",
    ]
    # fmt: on
    return Program("stand-in Jira Cloud", command, ready=lambda: _answers(port))


def preparation() -> Program:
    """Brings the database up to date and adds the sample organization."""
    return Program("preparation", [sys.executable, "-m", "demo.preparation"])


def reset() -> Program:
    """Empties a database that is not the demo's own file."""
    return Program("reset", [sys.executable, "-m", "demo.sample", "reset"])


def unpack(port: int, logs: Path, workers: int) -> list[Program]:
    """Unpack itself: web, so many workers, and the ticker."""
    # fmt: off
    web = [
        sys.executable, "-m", "app.serving", "--host", "127.0.0.1", "--port", str(port),
        "--respawn-interval", "0.2", "--workers-kill-timeout", "3",
    ]
    # fmt: on
    names = [f"worker {number}" for number in range(1, workers + 1)]
    return [
        Program("web", web, ready=lambda: _answers(port)),
        *(_job_program(name, "worker", logs) for name in names),
        _job_program("ticker", "ticker", logs),
    ]


def _job_program(name: str, module: str, logs: Path) -> Program:
    ready = _when_said(f"{module} ready", log_path(logs, name))
    return Program(name, [sys.executable, "-m", f"jobs.{module}"], ready)


def _when_said(words: str, log: Path) -> Callable[[], bool]:
    """Whether `log` says `words` after what it holds now."""
    before = log.stat().st_size if log.exists() else 0

    def said() -> bool:
        text = log.read_bytes() if log.exists() else b""
        return words.encode() in text[before if before <= len(text) else 0 :]

    return said


def _answers(port: int) -> bool:
    """Whether an HTTP server answers on `port`. What it answers is for a person to see."""
    connection = HTTPConnection("127.0.0.1", port, timeout=2)
    try:
        connection.request("GET", "/", headers={"Host": f"localhost:{port}"})
        connection.getresponse()
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
    return True
