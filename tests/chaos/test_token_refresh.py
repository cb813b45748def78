"""Fifty processes need a token that has just expired: one refresh, and the same token for all."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraUnavailable
from app.models import ConnectionState
from app.services.grants import tokens
from tests.support import settings
from tests.support.connected import Acme
from tests.support.installation import eventually

PROCESSES = 50
ROOT = Path(__file__).resolve().parents[2]
# Forks, because fifty interpreters that each import the app would measure the importing. Nobody
# asks before the file is there, so that all want the token in the same moment.
ASK = """
import os, pathlib, sys, time
from app import create_app
from app.services.grants import tokens

whistle, connection_id, answers = pathlib.Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
children = []
for number in range(int(sys.argv[4])):
    child = os.fork()
    if child == 0:
        app = create_app()
        pathlib.Path(answers, f"{number}.ready").touch()
        while not whistle.exists():
            time.sleep(0.005)
        with app.app_context():
            token = tokens.access_token_of(connection_id).value
        pathlib.Path(answers, f"{number}.token").write_text(token)
        os._exit(0)
    children.append(child)
for child in children:
    os.waitpid(child, 0)
"""

pytestmark = [pytest.mark.chaos, pytest.mark.both_databases, pytest.mark.timeout(240)]


class Askers:
    """Fifty processes that are ready to ask for the connection's token."""

    def __init__(self, folder: Path, connection_id: int, environment: dict[str, str]) -> None:
        self.folder, self.whistle = folder, folder / "whistle"
        arguments = [str(self.whistle), str(connection_id), str(folder), str(PROCESSES)]
        self.process = subprocess.Popen(
            [sys.executable, "-c", ASK, *arguments], cwd=ROOT, env=os.environ | environment
        )
        eventually(lambda: len(list(folder.glob("*.ready"))) == PROCESSES, seconds=90)

    def ask(self) -> list[str]:
        """Let all ask at once; the tokens they got."""
        self.whistle.touch()
        self.process.wait(timeout=90)
        return [answer.read_text() for answer in self.folder.glob("*.token")]


@pytest.fixture
def askers(acme: Acme, tmp_path: Path, database_url: str, redis_url: str) -> Iterator[Askers]:
    environment = settings.ENVIRONMENT | {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "ATLASSIAN_AUTH_URL": acme.jira.url,
        "ATLASSIAN_API_URL": acme.jira.url,
    }
    folder = tmp_path / "askers"
    folder.mkdir()
    connection_id = acme.connection.id
    db.session.commit()
    asking = Askers(folder, connection_id, environment)
    yield asking
    asking.process.kill()


def test_fifty_processes_refresh_once_also_with_redis_emptied(
    acme: Acme, askers: Askers, redis: Redis
) -> None:
    acme.connection.access_expires_at = utcnow()
    acme.jira.control.expire_access_tokens()
    acme.jira.control.fault("latency", "token", min_ms=300, max_ms=500)
    db.session.commit()

    redis.flushall()
    answers = askers.ask()

    assert len(answers) == PROCESSES
    assert len(set(answers)) == 1
    assert acme.jira.control.grants()[0]["refreshes"] == 1


def test_a_refresh_that_was_never_answered_is_repaired_within_the_leeway(acme: Acme) -> None:
    connection_id = acme.connection.id
    acme.connection.access_expires_at = utcnow()
    acme.jira.control.fault("drop_after", "token", times=1)
    db.session.commit()

    with pytest.raises(JiraUnavailable):
        tokens.access_token_of(connection_id)
    repaired = tokens.access_token_of(connection_id)

    db.session.expire_all()
    assert repaired.value
    assert acme.connection.state is ConnectionState.CONNECTED
    assert acme.connection.refresh_unknown_since is None
    _works(acme, connection_id)


def _works(acme: Acme, connection_id: int) -> None:
    from app.services.grants.clients import client_of

    db.session.commit()
    assert client_of(connection_id).myself().account_id == acme.connection.account_id
