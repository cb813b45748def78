"""Processes of ours, each with the configuration of the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from tests.support.processes import Start, processes


@pytest.fixture
def start(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start `python -m <module>` with the configuration of the tests."""
    given = {"DATABASE_URL": database_url, "REDIS_URL": redis_url, "PROBE_FOLDER": str(tmp_path)}
    with processes(**given) as start:
        yield start


@pytest.fixture
def queue(redis: Redis) -> Queue:
    return Queue("sync", connection=redis, serializer=JSONSerializer)
