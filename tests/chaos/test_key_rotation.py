"""`flask keys re-encrypt` while workers push and refresh: nobody is thrown out, nothing is lost."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.fernet import Fernet, MultiFernet
from sqlalchemy import select, update

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, IssueLink, JiraConnection, Phase
from app.services.retrospectives import phases
from demo import environment
from tests.chaos import organizations, storm
from tests.chaos.breaking import database
from tests.chaos.storm import ITEMS, ORGANIZATIONS, SECONDS, Storm
from tests.support.beside import beside
from tests.support.installation import ROOT, Installation, eventually, installed

OLD, NEW = (Fernet.generate_key().decode() for _ in range(2))
TIMES = 4

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(int(SECONDS) + 180)]


@pytest.fixture
def working(database_kind: str, tmp_path: Path) -> Iterator[Storm]:
    """An installation whose processes know both keys, and whose tokens are under the old one."""
    keys = {"TOKEN_ENCRYPTION_KEYS": f"{NEW},{OLD}"}
    with database(database_kind) as server:
        settings = storm.QUICK | keys | ({"DATABASE_URL": server.url} if server else {})
        with installed(tmp_path / "rotation", **settings) as running:
            running.start()
            with beside(running) as acme:
                yield Storm(running, acme, server)


@pytest.mark.both_databases
def test_tokens_get_the_new_key_while_workers_push_and_refresh(working: Storm) -> None:
    retros, control = working.arrange(), working.acme.jira.control
    control.set(limits=False)
    control.fault("latency", "*", min_ms=50, max_ms=300)
    _put_all_under_the_old_key()

    for number, retrospective in enumerate(retros):
        phases.move_phase(retrospective, shown=Phase.DISCUSS, to=Phase.COMMIT)
        db.session.commit()
        if number % (len(retros) // TIMES) == 0:
            # Each has to refresh now. Were it Jira to whom they ended, it could happen to one that
            # was just renewed, which is how a grant that was taken away looks.
            db.session.execute(update(JiraConnection).values(access_expires_at=utcnow()))
            db.session.commit()
            _re_encrypt(working.running)
    eventually(lambda: storm.states() == {"synced": ORGANIZATIONS * ITEMS}, seconds=SECONDS)
    _re_encrypt(working.running)

    connections = list(db.session.scalars(select(JiraConnection)))
    newest = Fernet(NEW)
    for each in connections:
        assert newest.decrypt(each.access_token or "")
        assert newest.decrypt(each.refresh_token or "")
    assert {each.state for each in connections} == {ConnectionState.CONNECTED}
    links = list(db.session.scalars(select(IssueLink)))
    assert organizations.differences(control.issues(), links) == []


def _put_all_under_the_old_key() -> None:
    both, old = MultiFernet([Fernet(NEW), Fernet(OLD)]), Fernet(OLD)
    for each in db.session.scalars(select(JiraConnection)):
        for name in ("access_token", "refresh_token"):
            held = both.decrypt(getattr(each, name))
            setattr(each, name, old.encrypt(held).decode())
    db.session.commit()


def _re_encrypt(running: Installation) -> None:
    """As the operator types it, beside the running processes."""
    given = environment.build(
        running.environment, running.instance, running.port, running.jira_port
    )
    command = [sys.executable, "-m", "flask", "keys", "re-encrypt"]
    told = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True)
    assert told.returncode == 0, told.stdout + told.stderr
