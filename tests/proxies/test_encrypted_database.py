"""The way to PostgreSQL, or to the pooler before it, may be encrypted, and is then verified."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from app import create_app
from app.extensions import db
from app.operations.doctor import inside
from app.operations.doctor.finding import Finding, Level
from tests.support import settings
from tests.support.encrypted import Certificate, certify
from tests.support.programs import pgbouncer

pytestmark = pytest.mark.proxies


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


@pytest.fixture
def certificate(tmp_path: Path) -> Certificate:
    return certify(tmp_path)


@pytest.fixture
def encrypted(database_url: str, certificate: Certificate) -> Iterator[str]:
    with pgbouncer(database_url, certificate) as url:
        yield url


def connected(url: str) -> tuple[bool, list[Finding]]:
    """Whether an app at this DATABASE_URL has an encrypted way, and what the doctor says."""
    app = create_app(settings.build(database_url=url))
    with app.app_context():
        try:
            assert db.session.execute(text("SELECT 1")).scalar() == 1
            driver = db.session.connection().connection.driver_connection
            return driver.pgconn.ssl_in_use, list(inside.database())
        finally:
            db.session.remove()
            db.engine.dispose()


def test_a_database_that_shows_who_it_is_is_believed(
    encrypted: str, certificate: Certificate
) -> None:
    own = certificate.certificate

    is_encrypted, found = connected(f"{encrypted}?sslmode=verify-full&sslrootcert={own}")

    assert is_encrypted
    assert {each.level for each in found} <= {Level.GREEN, Level.AMBER}


@pytest.mark.parametrize(
    ("asked", "refusal"),
    [
        ("sslmode=verify-full&sslrootcert=system", "certificate verify failed"),
        ("sslmode=disable", "SSL required"),
    ],
)
def test_one_that_does_not_or_would_not_be_asked_is_refused(
    encrypted: str, asked: str, refusal: str
) -> None:
    with pytest.raises(OperationalError, match=refusal):
        connected(f"{encrypted}?{asked}")


@pytest.mark.parametrize(
    ("host", "encrypted", "mode", "level"),
    [
        ("/run/postgresql", False, "prefer", Level.GREEN),
        ("127.0.0.1", False, "prefer", Level.GREEN),
        ("db.example.com", False, "prefer", Level.AMBER),
        ("db.example.com", True, "require", Level.AMBER),
        ("db.example.com", True, "verify-full", Level.GREEN),
    ],
)
def test_the_doctor_says_whether_others_can_read_along(
    host: str, encrypted: bool, mode: str, level: Level
) -> None:
    found = inside.way_to_database(host, encrypted, mode)

    assert found.level is level
    assert bool("sslmode=verify-full" in found.remedy) is (level is Level.AMBER)
