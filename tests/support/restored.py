"""A backup of the whole database, and its restore: rows alone, on both databases alike."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.extensions import db


@dataclass(frozen=True)
class Backup:
    """Every row of every table, as it was."""

    rows: dict[str, list[dict[str, Any]]]

    @classmethod
    def make(cls) -> "Backup":
        """What is committed at one moment, whoever writes meanwhile."""
        db.session.commit()
        with _beside() as connection:
            found = {
                table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                for table in _tables()
            }
        return cls(found)

    def restore(self) -> None:
        """Whatever was written since the backup is gone. Nobody runs meanwhile."""
        db.session.commit()
        db.session.expire_all()
        with _beside() as connection:
            for table in reversed(_tables()):
                connection.execute(table.delete())
            for table in _tables():
                if self.rows[table.name]:
                    connection.execute(table.insert(), self.rows[table.name])


@contextmanager
def _beside() -> Iterator[sa.Connection]:
    """One transaction that sees one moment, beside the app, whose order of locks is not its own."""
    url = db.engine.url
    moment = {} if url.get_backend_name() == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    engine = sa.create_engine(url, **moment)
    try:
        with engine.begin() as connection:
            yield connection
    finally:
        engine.dispose()


def _tables() -> list[sa.Table]:
    """Each after those that it points at."""
    return db.metadata.sorted_tables
