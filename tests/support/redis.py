"""A real Redis server for the test process, empty at the start of each test that asks for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from demo import redis_server as server


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a server of our own, without an append-only file."""
    directory: Path = tmp_path_factory.mktemp("redis")
    with server.running(directory) as url:
        yield url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    with Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A client, to look at what Redis holds or to break it."""
    with Redis.from_url(redis_url) as client:
        yield client
