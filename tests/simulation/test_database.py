"""The one database of a run."""

from datetime import timedelta

from sqlalchemy import create_engine, text

from tests.simulation.database import Memory
from tests.simulation.doors import BEGINNING


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


def test_the_next_moment_is_asked_for_again_once_it_may_be_another() -> None:
    memory = Memory()
    with create_engine(memory.url, **memory.options).begin() as connection:
        connection.execute(text("CREATE TABLE moment (at DATETIME)"))
        query = "SELECT min(at) FROM moment WHERE at > :now"

        def planned(*seconds: int) -> None:
            for each in seconds:
                at = (BEGINNING + timedelta(seconds=each)).replace(tzinfo=None)
                connection.execute(text("INSERT INTO moment VALUES (:at)"), {"at": str(at)})

        planned(10, 30)
        assert memory.next_moment(query, 20.0) == 30.0
        assert memory.next_moment(query, 25.0) == 30.0
        assert memory.next_moment(query, 5.0) == 10.0  # our clock was set back
        planned(8)
        assert memory.next_moment(query, 5.0) == 8.0
        assert memory.next_moment(query, 8.0) == 10.0
        assert memory.next_moment(query, 30.0) is None
