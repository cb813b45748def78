"""PostgreSQL plans what it is asked again and again once, not each time, as far as it may.

What a session has prepared is gone where a pooler such as PgBouncer gives each transaction another
session. Planning is half of what our statements cost the server (docs/stack.md §9).
"""

from typing import Any, Self

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext

# How often a statement is asked before it is prepared, and how many are: those asked last. The
# server keeps each for each connection, in some 80 kB; edits and deliveries need a hundred.
PREPARED_AFTER = 5
MOST_PREPARED = 150
SEARCH = "ILIKE"  # what a statement says that looks for words (app/services/text_search.py)


class PreparingCursor(psycopg.Cursor[Any]):
    """Has a search planned each time: what is typed decides which index helps."""

    def execute(
        self, query: Any, params: Any = None, *, prepare: bool | None = None, binary: Any = None
    ) -> Self:
        again = False if SEARCH in query else prepare
        return super().execute(query, params, prepare=again, binary=binary)


class PreparingConnection(psycopg.Connection[Any]):
    """Keeps what was prepared when a transaction is rolled back."""

    def rollback(self) -> None:
        """The driver's own also has the server forget all it has prepared, since a table that the
        transaction made is gone. None of ours makes tables; migrations end with their process."""
        with self.lock:
            if self.pgconn.transaction_status != TransactionStatus.IDLE:
                self.wait(self._exec_command(b"ROLLBACK"))


@event.listens_for(Engine, "connect")
def _prepare_where_the_session_is_ours(connection: Any, _record: object) -> None:
    """A pooler names a process of its own making where the server names the one that answers."""
    if not isinstance(connection, PreparingConnection):
        return
    answering = connection.execute("SELECT pg_backend_pid()").fetchone()
    connection.rollback()
    if answering == (connection.info.backend_pid,):
        connection.cursor_factory = PreparingCursor
        connection.prepare_threshold = PREPARED_AFTER
        connection.prepared_max = MOST_PREPARED


@event.listens_for(Engine, "handle_error")
def _end_what_knows_former_columns(context: ExceptionContext) -> None:
    """Where a migration has given a column another type, each statement that was prepared before
    and shows it is refused from then on: the connections of before are closed."""
    error = context.original_exception
    if isinstance(error, psycopg.Error) and error.diag.source_function == "RevalidateCachedQuery":
        context.is_disconnect = True
