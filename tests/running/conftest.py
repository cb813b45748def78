"""Processes of ours, each with the configuration of the tests."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from tests.running.worker_processes import Start
from tests.support import settings
from tests.support.installation import ROOT


@pytest.fixture
def start(database_url: str, redis_url: str, tmp_path: Path) -> Iterator[Start]:
    """Start `python -m <module>` with the configuration of the tests."""
    started = []
    given = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PROBE_FOLDER": str(tmp_path),
    }
    environment = os.environ | settings.ENVIRONMENT | given

    def process(module: str, **overrides: str) -> "subprocess.Popen[str]":
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", module],
                cwd=ROOT,
                env=environment | overrides,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
        return started[-1]

    yield process
    for each in started:
        each.kill()
        each.communicate()


@pytest.fixture
def queue(redis: Redis) -> Queue:
    return Queue("sync", connection=redis, serializer=JSONSerializer)
