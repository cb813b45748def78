"""A backup of the whole database, and its restore: rows alone, on both databases alike."""

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
        db.session.commit()
        with db.engine.connect() as connection:
            found = {
                table.name: [dict(row) for row in connection.execute(sa.select(table)).mappings()]
                for table in _tables()
            }
        return cls(found)

    def restore(self) -> None:
        """Whatever was written since the backup is gone."""
        db.session.commit()
        db.session.expire_all()
        # Beside the app: nobody runs meanwhile, so no order of locks is kept.
        engine = sa.create_engine(db.engine.url)
        with engine.begin() as connection:
            for table in reversed(_tables()):
                connection.execute(table.delete())
            for table in _tables():
                if self.rows[table.name]:
                    connection.execute(table.insert(), self.rows[table.name])
        engine.dispose()


def _tables() -> list[sa.Table]:
    """Each after those that it points at."""
    return db.metadata.sorted_tables
