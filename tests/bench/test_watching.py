"""When the bench sees that something is stored."""

import time
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, text

from bench.watching import watching


@pytest.fixture
def database(tmp_path: Path) -> str:
    url = f"sqlite:///{tmp_path / 'watched.db'}"
    engine = create_engine(url)
    execute(engine, "CREATE TABLE action_item (id INTEGER PRIMARY KEY, completed_at TEXT)")
    execute(engine, "INSERT INTO action_item VALUES (1, NULL), (2, NULL)")
    engine.dispose()
    return url


def execute(engine: Engine, statement: str) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement))


def test_an_item_is_seen_once_it_is_complete_and_no_sooner(database: str) -> None:
    engine = create_engine(database)
    with watching(database) as stored:
        assert stored.at == {}
        began = time.perf_counter()
        execute(engine, "UPDATE action_item SET completed_at = '2026-11-29' WHERE id = 2")
        stored.wait_for({2}, patience=10)
        assert stored.at[2] >= began
        assert set(stored.at) == {2}
    engine.dispose()


def test_what_is_never_stored_ends_the_wait(database: str) -> None:
    with watching(database) as stored, pytest.raises(TimeoutError, match="1 deliveries"):
        stored.wait_for({1}, patience=0.1)
