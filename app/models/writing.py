"""Writes many rows in one statement, where a flush would send one for each.

Attributes are called as their columns are.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, column, insert, inspect, update, values
from sqlalchemy.orm import InstrumentedAttribute, Mapper
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import Base, db


def write(rows: Sequence[Base]) -> None:
    """Write what was changed in these rows of one table. Nothing else is flushed.

    The transaction holds them: a column that was changed in one is written in all, as it was read.
    """
    changed = {row: _changed(row) for row in rows}
    names = sorted(set().union(*changed.values()))
    if not names:
        return
    mapper: Mapper[Any] = inspect(type(rows[0]))
    read = {name: [getattr(row, name) for row in rows] for name in names}
    same = {name: each[0] for name, each in read.items() if all(it == each[0] for it in each)}
    own = {name: each for name, each in read.items() if name not in same}
    ids = [row.id for row in rows]  # type: ignore[attr-defined]
    _update(mapper, ids, same, own)
    for row, attributes in changed.items():
        for name in attributes:
            set_committed_value(row, name, getattr(row, name))


def add(rows: Sequence[Base], *returning: InstrumentedAttribute[Any]) -> Sequence[Row[Any]]:
    """Insert new rows of one table; the session never hears of them.

    All of them have the same attributes set. Returns these columns of each, in no order.
    """
    if not rows:
        return []
    mapper: Mapper[Any] = inspect(type(rows[0]))
    names = set(mapper.column_attrs.keys()) & {name for row in rows for name in row.__dict__}
    given = [{name: getattr(row, name) for name in names} for row in rows]
    table = mapper.local_table
    assert isinstance(table, Table)
    # With something to return SQLAlchemy sends one statement for all, else one for each.
    wanted = returning or (table.c.id,)
    return db.session.connection().execute(insert(table).returning(*wanted), given).all()


def _changed(row: Base) -> set[str]:
    """The columns that differ from what was read, or may."""
    state = inspect(row)
    return set(state.mapper.column_attrs.keys()) - state.unmodified


def _update(
    mapper: Mapper[Any],
    ids: Sequence[int],
    same: Mapping[str, Any],
    own: Mapping[str, Sequence[Any]],
) -> None:
    """One UPDATE: what all rows get as it is, what each has for itself from a list of them."""
    table = mapper.local_table
    assert isinstance(table, Table)
    statement = update(table).values(dict(same))
    # Not the session's, which would flush the same rows first, one by one.
    connection = db.session.connection()
    if not own:
        connection.execute(statement.where(table.c.id.in_(ids)))
        return
    listed = [column("id", table.c.id.type)]
    listed += [column(name, table.c[name].type) for name in own]
    given = values(*listed).data(list(zip(ids, *own.values(), strict=True))).cte("given")
    taken: dict[str, ColumnElement[Any]] = {name: given.c[name] for name in own}
    connection.execute(statement.values(taken).where(table.c.id == given.c.id))
