"""Writes many rows in one statement, where a flush would send one for each.

The rows go along as one value (`given_rows`), so the statement is the same however many they are,
and is put together once. Attributes are called as their columns are.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from typing import Any

from sqlalchemy import (
    JSON,
    ColumnElement,
    Integer,
    Row,
    String,
    Table,
    Update,
    bindparam,
    cast,
    inspect,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Mapper
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

from app.extensions import Base, db
from app.models.given_rows import given_rows

_INSERT: Mapping[str, Callable[[Table], sqlite.Insert | postgresql.Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
# Of all databases the one that keeps everything as text or as a number.
_TEXTS = sqlite.dialect()
# What a statement calls the rows that go along, and, before a column's name, what all rows get.
_GIVEN, _SAME = "given", "same_"


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
    ids = [row.id for row in rows]  # type: ignore[attr-defined]
    _update(type(rows[0]), ids, {name: [getattr(row, name) for row in rows] for name in names})
    for row, attributes in changed.items():
        _keep(row, attributes)


def write_of(kind: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """The same of rows that are only their `id` and what they get, by attribute; all of them get
    the same attributes. The session never hears of it."""
    if rows:
        columns = {name: [row[name] for row in rows] for name in rows[0]}
        _update(kind, columns.pop("id"), columns)


def add(rows: Sequence[Base], *returning: InstrumentedAttribute[Any]) -> Sequence[Row[Any]]:
    """Insert new rows of one table; the session never hears of them.

    All of them have the same attributes set, and what is not set has a default in the database or
    is empty. Returns these columns of each, in no order.
    """
    return add_of(type(rows[0]), [row.__dict__ for row in rows], *returning) if rows else []


def add_of(
    kind: type[Base],
    rows: Sequence[Mapping[str, Any]],
    *returning: InstrumentedAttribute[Any],
    once_by: Sequence[str] = (),
) -> Sequence[Row[Any]]:
    """The same of rows that are only their values, by attribute.

    once_by: columns of a unique index; a row that is there by these already is left out.
    """
    if not rows:
        return []
    table = _table(kind)
    names = sorted(set(table.c.keys()) & {name for row in rows for name in row})
    given = {name: [row.get(name) for row in rows] for name in names}
    returned = tuple(each.key for each in returning) or ("id",)
    once = tuple(once_by)
    statement = _insertion(table, tuple(names), returned, once, db.engine.dialect.name)
    return db.session.connection().execute(statement, {_GIVEN: _texts(table, given)}).all()


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


def _update(kind: type[Base], ids: Sequence[int], columns: Mapping[str, Sequence[Any]]) -> None:
    """One UPDATE: what all rows get as it is, what each has for itself from the rows given."""
    table = _table(kind)
    same = {name: each[0] for name, each in columns.items() if all(it == each[0] for it in each)}
    own = {name: each for name, each in columns.items() if name not in same}
    statement = _change(table, tuple(same), tuple(own), db.engine.dialect.name)
    values = {_SAME + name: each for name, each in same.items()}
    rows = _texts(table, {"id": ids, **own})
    # Not the session's, which would flush the same rows first, one by one.
    db.session.connection().execute(statement, {**values, _GIVEN: rows})


@cache
def _change(table: Table, same: Sequence[str], own: Sequence[str], dialect: str) -> Update:
    """Put together once for each choice of columns: that takes longer than to execute it."""
    given = _columns_given(table, ["id", *own], dialect)
    of_all = {name: bindparam(_SAME + name, type_=table.c[name].type) for name in same}
    of_each = {name: given[name] for name in own}
    return update(table).values(of_all | of_each).where(table.c.id == given["id"])


@cache
def _insertion(
    table: Table,
    names: Sequence[str],
    returning: Sequence[str],
    once_by: Sequence[str],
    dialect: str,
) -> ReturningInsert[Any]:
    # By a condition SQLite tells what follows from a join.
    rows = select(*_columns_given(table, names, dialect).values()).where(true())
    statement = _INSERT[dialect](table).from_select(names, rows, include_defaults=False)
    if once_by:
        statement = statement.on_conflict_do_nothing(index_elements=once_by)
    return statement.returning(*(table.c[name] for name in returning))


def _columns_given(
    table: Table, names: Sequence[str], dialect: str
) -> dict[str, ColumnElement[Any]]:
    """The columns of the rows that go along, to select from, with the types of the table's."""
    row = given_rows(bindparam(_GIVEN, type_=JSON), dialect)
    return {name: _read(row[at], table.c[name].type, dialect) for at, name in enumerate(names)}


def _read(given: Any, kind: TypeEngine[Any], dialect: str) -> ColumnElement[Any]:
    if isinstance(kind, Integer):
        number: ColumnElement[Any] = given.as_integer()
        return number
    text: ColumnElement[Any] = given.as_string()
    # SQLite keeps texts and numbers as they come. A text that is too long must be refused, not cut.
    return text if dialect == "sqlite" or isinstance(kind, String) else cast(text, kind)


def _texts(table: Table, columns: Mapping[str, Sequence[Any]]) -> list[tuple[Any, ...]]:
    """The rows as they go along, of what each column gets in them."""
    dialect = db.engine.dialect.name
    texts = [_texts_of(table.c[name].type, dialect, each) for name, each in columns.items()]
    return list(zip(*texts, strict=True))


def _texts_of(kind: TypeEngine[Any], dialect: str, column: Sequence[Any]) -> list[Any]:
    """Most columns of rows that are written together hold the same in all of them."""
    first, text_of = column[0], _text_of(kind, dialect)
    if all(each is first for each in column):
        return [text_of(first)] * len(column)
    return [text_of(each) for each in column]


@cache
def _text_of(kind: TypeEngine[Any], dialect: str) -> Callable[[Any], Any]:
    """Makes a text, a number or None of a value of the type, as a database reads it."""
    process = kind.dialect_impl(_TEXTS).bind_processor(_TEXTS)

    def of(value: Any) -> Any:
        if isinstance(value, datetime) and dialect != "sqlite":
            return value.astimezone(UTC).isoformat()
        return value if process is None else process(value)

    return of
