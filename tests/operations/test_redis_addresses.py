"""Where Redis may be: behind TLS and a password, or where Sentinels say that the master is."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from redis.exceptions import ConnectionError as NotConnected

from app import queue
from app.extensions import limiter
from app.operations.doctor import inside
from app.operations.doctor.finding import Level
from app.redis_client import client_of, watched_by
from config import ConfigurationError, from_environment
from tests.support import settings
from tests.support.encrypted import Certificate, certify, encrypted_way
from tests.support.installation import eventually
from tests.support.redis_servers import NAME, PASSWORD, Watched, server, watched_servers
from tests.support.source_files import ROOT

pytestmark = pytest.mark.own_app


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return certify(tmp_path)


@pytest.fixture
def encrypted(tmp_path: Path, certificate: Certificate) -> Iterator[str]:
    """Host and port of a server with a password, behind TLS."""
    with server(tmp_path / "redis") as port, encrypted_way(port, certificate) as outer:
        yield f"localhost:{outer}"


def test_a_server_behind_tls_with_a_password_is_believed_by_its_certificate(
    encrypted: str, certificate: Certificate
) -> None:
    address = f"rediss://:{PASSWORD}@{encrypted}/0?ssl_ca_certs={certificate.certificate}"

    with client_of(address) as client:
        assert client.ping()


def test_a_certificate_that_nobody_vouches_for_is_refused(encrypted: str) -> None:
    with (
        client_of(f"rediss://:{PASSWORD}@{encrypted}/0") as client,
        pytest.raises(NotConnected, match="certificate verify failed"),
    ):
        client.ping()


def test_the_doctor_finds_no_password_behind_a_certificate_of_ones_own(
    app: Flask, tmp_path: Path, certificate: Certificate, encrypted: str
) -> None:
    with server(tmp_path / "open") as port, encrypted_way(port, certificate) as outer:
        with Redis(port=port, password=PASSWORD) as client:
            client.config_set("requirepass", "")
        anybody = inside.who_may_write(f"rediss://localhost:{outer}")
    somebody = inside.who_may_write(f"rediss://:{PASSWORD}@{encrypted}")

    assert (anybody.level, somebody.level) == (Level.AMBER, Level.GREEN)


class TestWithSentinels:
    """Bells, queue, limits and workers go to whoever is the master."""

    @pytest.fixture
    def watched(self, tmp_path: Path) -> Iterator[Watched]:
        with watched_servers(tmp_path) as servers:
            yield servers

    @pytest.fixture
    def redis_url(self, watched: Watched) -> str:
        return watched.url

    def test_after_the_master_has_died_the_other_one_rings(
        self, app: Flask, watched: Watched
    ) -> None:
        first = watched.master()
        queue.ring(1)
        assert _bells(watched, first) == 1
        assert inside.who_may_write(watched.url).level is Level.GREEN
        assert limiter.storage.check()

        watched.kill(first)
        [other] = [each for each in watched.ports if each != first]
        eventually(lambda: watched.role(other) == "master")
        eventually(lambda: _rings(watched, other))

        assert limiter.storage.check()

    def test_a_worker_takes_jobs_from_the_master(
        self, app: Flask, sample: None, watched: Watched, tmp_path: Path, database_url: str
    ) -> None:
        given = settings.ENVIRONMENT | {"REDIS_URL": watched.url, "DATABASE_URL": database_url}
        command = [sys.executable, "-m", "jobs.worker"]
        worker = subprocess.Popen(command, cwd=ROOT, env=os.environ | given)
        try:
            eventually(queue.has_worker)
            queue.ring(77)
            eventually(lambda: _bells(watched, watched.master()) == 0)
        finally:
            worker.terminate()
            worker.wait(timeout=30)

        assert worker.returncode == 0


def _bells(watched: Watched, port: int) -> int:
    with watched.at(port) as client:
        return sum(1 for _ in client.scan_iter("*bell*"))


def _rings(watched: Watched, port: int) -> bool:
    queue.ring(2)
    return _bells(watched, port) > 0


def test_an_address_with_sentinels_names_them_and_whom_they_watch() -> None:
    found = watched_by("redis+sentinel://us%40er:p%2Fw@one,[::1]:26380/main")

    assert found is not None
    assert found.sentinels == [("one", 26379), ("::1", 26380)]
    assert (found.name, found.credentials) == ("main", {"username": "us@er", "password": "p/w"})
    assert watched_by(f"redis://one/{NAME}") is None


@pytest.mark.parametrize(
    "url",
    [
        "localhost:6379",
        "http://localhost",
        "redis://localhost:port",
        "redis+sentinel://one,two",
        "redis+sentinel://one,/main",
        "redis+sentinel:///main",
        "redis://[::1",
    ],
)
def test_an_address_that_is_none_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(ConfigurationError, match="REDIS_URL must begin with") as refused:
        from_environment(settings.ENVIRONMENT | {"REDIS_URL": url})

    assert url not in str(refused.value)
