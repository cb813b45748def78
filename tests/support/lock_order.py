"""Watches in which order transactions lock rows, by the statements that they send (PostgreSQL).

Every test that runs on PostgreSQL is watched: whatever it lets run, jobs and requests alike, must
lock rows as design.md §2.3 says.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, event

ORDER = (
    "jira_connection", "jira_work", "backfill", "retrospective", "action_item", "issue_link",
)  # fmt: skip
_LOCKING = re.compile(r"\bFOR (?:NO KEY UPDATE|UPDATE|KEY SHARE|SHARE)(?: OF (\w+))?")
_READ_FROM = re.compile(r"\bFROM (\w+)")
_WRITTEN = re.compile(r"^(?:WITH given\(.*\)\s+)?(?:UPDATE|DELETE FROM) (\w+)", re.DOTALL)
# Rows that are written together have to be held already: nobody says in which order this locks.
_TOGETHER = re.compile(r"^WITH given\(|^UPDATE (\w+) .* WHERE \1\.id IN ", re.DOTALL)
# By id, or as few as one: what is asked for by something unique.
_IN_ORDER = re.compile(r"\bORDER BY|\b(?:organization_id|action_item_id) = %\(")
_ONE_ROW = re.compile(r"\bWHERE (?:\w+\.)?id = %\((\w+)\)s(?:::\w+)?(?! AND \w+\.id\b)")


class LockOrder:
    """What each open transaction has locked, and what was against the order.

    Who skips what is locked waits for nobody, and may ask in any order.
    """

    def __init__(self) -> None:
        self.locked: set[str] = set()
        self.wrong: list[str] = []
        self._tables: defaultdict[int, list[str]] = defaultdict(list)
        self._rows: defaultdict[tuple[int, str], list[int]] = defaultdict(list)

    def hear(
        self, connection: Connection, _cursor: object, statement: str, values: Any, *_: object
    ) -> None:
        table = _table_of(statement)
        if table not in ORDER:
            return
        self.locked.add(table)
        held = self._tables[id(connection)]
        if _TOGETHER.match(statement) and table not in held:
            self.wrong.append(f"{table}, several rows that nobody holds: {statement}")
        later = [each for each in held if ORDER.index(each) > ORDER.index(table)]
        waits = "SKIP LOCKED" not in statement
        if waits and later and table not in held:
            self.wrong.append(f"{table} after {', '.join(later)}: {statement}")
        held.append(table)
        if waits:
            self._hear_rows(connection, table, statement, values)

    def _hear_rows(self, connection: Connection, table: str, statement: str, values: Any) -> None:
        """Single rows must come by ascending id; several at once must be asked for in an order."""
        rows = self._rows[id(connection), table]
        ids = _ids_of(statement, values)
        if ids is None and _LOCKING.search(statement) and not _IN_ORDER.search(statement):
            self.wrong.append(f"{table}, several rows in no order: {statement}")
        for row in ids or ():
            if rows and row < max(rows) and row not in rows:
                self.wrong.append(f"{table} {row} after {max(rows)}: {statement}")
            rows.append(row)

    def ended(self, connection: Connection) -> None:
        self._tables.pop(id(connection), None)
        for table in ORDER:
            self._rows.pop((id(connection), table), None)


@contextmanager
def watched(engine: Engine) -> Iterator[LockOrder]:
    """Watch what goes through the engine."""
    order = LockOrder()
    heard: dict[str, Callable[..., Any]] = {
        "before_cursor_execute": order.hear,
        "commit": order.ended,
        "rollback": order.ended,
    }
    for name, hear in heard.items():
        event.listen(engine, name, hear)
    try:
        yield order
    finally:
        for name, hear in heard.items():
            event.remove(engine, name, hear)


def _table_of(statement: str) -> str | None:
    written = _WRITTEN.match(statement)
    if written is not None:
        return written[1]
    locking = _LOCKING.search(statement)
    read = _READ_FROM.search(statement)
    if locking is None or read is None:
        return None
    return locking[1] or read[1]


def _ids_of(statement: str, values: Any) -> list[int] | None:
    """The ids of the rows, where the statement names each by its id; else nothing."""
    named = _ONE_ROW.search(statement)
    if named is None:
        return None
    sets = values if isinstance(values, (list, tuple)) else [values]
    return [each[named[1]] for each in sets]
