"""`flask doctor`: how far searches look."""

import pytest
from flask import Flask

from app.extensions import db
from app.operations.doctor import searches
from app.operations.doctor.examination import findings
from app.operations.doctor.finding import Finding, Level

pytestmark = pytest.mark.both_databases


def found() -> Finding:
    [finding] = searches.searches()
    return finding


def execute(*statements: str) -> None:
    for each in statements:
        db.session.execute(db.text(each))


def on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def test_an_index_of_every_title(app: Flask, sample: None) -> None:
    assert found().level is Level.GREEN
    assert "search" in {each.subject for each in findings()}


def test_an_index_that_somebody_dropped(app: Flask, sample: None) -> None:
    if on_postgresql():
        execute("DROP INDEX ix_action_item_title_trigrams")
    else:
        for trigger in ("found", "found_anew", "lost"):
            execute(f"DROP TRIGGER action_item_{trigger}")
        execute("DROP TABLE action_item_text")

    told = found()

    assert (told.level, "newest 10,000 rows" in told.says) == (Level.AMBER, True)
    assert "pg_trgm" not in told.says
    assert "Searching on PostgreSQL" in told.remedy


def test_an_extension_that_may_not_be_made(app: Flask, sample: None) -> None:
    if not on_postgresql():
        return
    execute("DROP EXTENSION pg_trgm CASCADE")

    told = found()

    assert (told.level, "pg_trgm is missing" in told.says) == (Level.AMBER, True)
    assert "superuser" in told.remedy


def test_a_database_that_was_not_upgraded_is_told_of_elsewhere(app: Flask, sample: None) -> None:
    execute("UPDATE alembic_version SET version_num = '0001'")
    db.session.commit()

    assert list(searches.searches()) == []
