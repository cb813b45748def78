"""Writes many rows in one statement, where a flush would send one for each.

The rows go along as one value (`given_rows`), so the statement is the same however many they are,
and is put together once. Attributes are called as their columns are.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Row,
    String,
    Table,
    cast,
    insert,
    inspect,
    literal,
    select,
    update,
)
from sqlalchemy.dialects import sqlite
from sqlalchemy.orm import InstrumentedAttribute, Mapper
from sqlalchemy.types import TypeEngine

from app.extensions import Base, db
from app.models.given_rows import given_rows

# Of all databases the one that keeps everything as text or as a number.
_TEXTS = sqlite.dialect()


def write(rows: Sequence[Base]) -> None:
    """Write what was changed in these rows of one table. Nothing else is flushed.

    The transaction holds them: a column that was changed in one is written in all, as it was read.
    """
    if not rows:
        return
    columns = _columns(type(rows[0]))
    changed = {row: inspect(row).committed_state.keys() & columns for row in rows}
    names = sorted(set().union(*changed.values()))
    if not names:
        return
    read = {name: [getattr(row, name) for row in rows] for name in names}
    same = {name: each[0] for name, each in read.items() if all(it == each[0] for it in each)}
    own = {name: each for name, each in read.items() if name not in same}
    ids = [row.id for row in rows]  # type: ignore[attr-defined]
    _update(_table(type(rows[0])), ids, same, own)
    for row, attributes in changed.items():
        _keep(row, attributes)


def add(rows: Sequence[Base], *returning: InstrumentedAttribute[Any]) -> Sequence[Row[Any]]:
    """Insert new rows of one table; the session never hears of them.

    All of them have the same attributes set, and what is not set has a default in the database or
    is empty. Returns these columns of each, in no order.
    """
    return add_of(type(rows[0]), [row.__dict__ for row in rows], *returning) if rows else []


def add_of(
    kind: type[Base], rows: Sequence[Mapping[str, Any]], *returning: InstrumentedAttribute[Any]
) -> Sequence[Row[Any]]:
    """The same of rows that are only their values, by attribute."""
    if not rows:
        return []
    table = _table(kind)
    names = sorted(set(table.c.keys()) & {name for row in rows for name in row})
    given = [[row.get(name) for row in rows] for name in names]
    source = _given(table, dict(zip(names, given, strict=True)))
    statement = insert(table).from_select(names, select(*source.values()), include_defaults=False)
    return db.session.connection().execute(statement.returning(*returning or (table.c.id,))).all()


def _table(kind: type[Base]) -> Table:
    mapper: Mapper[Any] = inspect(kind)
    assert isinstance(mapper.local_table, Table)
    return mapper.local_table


@cache
def _columns(kind: type[Base]) -> frozenset[str]:
    """Which of its attributes are columns."""
    mapper: Mapper[Any] = inspect(kind)
    return frozenset(mapper.column_attrs.keys())


def _keep(row: Base, attributes: Collection[str]) -> None:
    """These are written: the session has nothing left to do with the row, and does not look at each
    of its columns with every statement to find that out."""
    state = inspect(row)
    state._commit(state.dict, attributes)
    if not state.committed_state and "_pending_mutations" not in state.__dict__:
        state._commit_all(state.dict, db.session().identity_map)


def _update(
    table: Table,
    ids: Sequence[int],
    same: Mapping[str, Any],
    own: Mapping[str, Sequence[Any]],
) -> None:
    """One UPDATE: what all rows get as it is, what each has for itself from the rows given."""
    given = _given(table, {"id": ids, **own})
    values: dict[str, ColumnElement[Any]] = {
        name: literal(each, table.c[name].type) for name, each in same.items()
    }
    values |= {name: each for name, each in given.items() if name != "id"}
    statement = update(table).values(values).where(table.c.id == given["id"])
    # Not the session's, which would flush the same rows first, one by one.
    db.session.connection().execute(statement)


def _given(table: Table, columns: Mapping[str, Sequence[Any]]) -> dict[str, ColumnElement[Any]]:
    """What was given for each column, to select from, with the type of the table's column."""
    texts = [_texts(table.c[name].type, column) for name, column in columns.items()]
    row = given_rows(list(zip(*texts, strict=True)))
    return {name: _read(row[at], table.c[name].type) for at, name in enumerate(columns)}


def _read(given: Any, kind: TypeEngine[Any]) -> ColumnElement[Any]:
    if isinstance(kind, Integer):
        number: ColumnElement[Any] = given.as_integer()
        return number
    text: ColumnElement[Any] = given.as_string()
    # SQLite keeps texts and numbers as they come. A text that is too long must be refused, not cut.
    kept = db.engine.dialect.name == "sqlite" or isinstance(kind, String)
    return text if kept else cast(text, kind)


def _texts(kind: TypeEngine[Any], column: Sequence[Any]) -> list[Any]:
    """Most columns of rows that are written together hold the same in all of them."""
    first, text_of = column[0], _text_of(kind)
    if all(each is first for each in column):
        return [text_of(first)] * len(column)
    return [text_of(each) for each in column]


@cache
def _text_of(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    """Makes a text, a number or None of a value of the type, as a database reads it."""
    process = kind.dialect_impl(_TEXTS).bind_processor(_TEXTS)

    def of(value: Any) -> Any:
        if isinstance(value, datetime) and db.engine.dialect.name != "sqlite":
            return value.astimezone(UTC).isoformat()
        return value if process is None else process(value)

    return of
