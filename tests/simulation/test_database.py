"""The one database of a run."""

from sqlalchemy import create_engine, text

from tests.simulation.database import Memory


def test_it_goes_on_although_a_statement_of_the_dead_is_open() -> None:
    """Found by seed 861: SQLAlchemy took the connection for a new one, and SQLite refused."""
    memory = Memory()
    engine = create_engine(memory.url, **memory.options)
    with engine.connect() as connection:
        open_still = memory._connect().execute("SELECT name FROM sqlite_master")
        assert open_still.fetchone()
        connection.invalidate()

    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master"))
