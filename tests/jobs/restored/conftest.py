"""Acme, restored from a backup and on hold."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.models import Adoption
from tests.support.connected import Acme

Run = Callable[..., Result]


@pytest.fixture
def flask_jira(app: Flask) -> Run:
    """`flask jira …`, in this process."""

    def run(*arguments: str) -> Result:
        db.session.commit()
        result = app.test_cli_runner().invoke(args=["jira", *arguments])
        db.session.expire_all()
        return result

    return run


@pytest.fixture
def hold(flask_jira: Run) -> Callable[[], None]:
    """Put on hold, as an operator does after restoring what is a minute old."""

    def put() -> None:
        result = flask_jira("hold", "--since", f"{utcnow():%Y-%m-%d %H:%M:%S}")
        assert result.exit_code == 0, result.output

    return put


@pytest.fixture
def searched(acme: Acme, drain: Callable[[], None]) -> Callable[[], Adoption]:
    """Let a worker search until it has nothing to look for."""

    def search() -> Adoption:
        for _ in range(6):
            drain()
        db.session.expire_all()
        return db.session.get_one(Adoption, acme.connection.id)

    return search
