"""A process that opens another connection keeps what it has locked.

SQLite tells other processes by locks on the file who has it open, and the system drops all locks
of a process as soon as it closes the file once (https://www.sqlite.org/howtocorrupt.html).
Whoever closes it last tidies up the log, with what the others have just committed. Every connection
is prepared by `app.extensions`, whichever engine makes it.
"""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

import app.extensions  # noqa: F401 - prepares the connections

ANOTHER_PROCESS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1])
connection.execute("INSERT INTO number VALUES (2)")
connection.commit()
connection.close()
"""


def test_what_is_committed_after_another_process_went_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "numbers.db"
    engine = sa.create_engine(f"sqlite:///{path}")
    first = engine.connect()
    first.execute(sa.text("CREATE TABLE number (value INTEGER)"))
    first.commit()
    second = engine.connect()
    second.execute(sa.text("SELECT 1"))
    second.rollback()

    subprocess.run([sys.executable, "-c", ANOTHER_PROCESS, str(path)], check=True)
    first.execute(sa.text("INSERT INTO number VALUES (3)"))
    first.commit()

    with closing(sqlite3.connect(path)) as other:
        found = other.execute("SELECT value FROM number ORDER BY value").fetchall()
    engine.dispose()
    assert found == [(2,), (3,)]
