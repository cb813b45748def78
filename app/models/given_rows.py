"""Rows that a statement brings along as one value, however many they are.

A list of VALUES has a parameter for each thing in each row: 500 rows cost PostgreSQL four times as
long.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, column, func, literal

from app.extensions import db

_EACH = {"sqlite": "json_each", "postgresql": "json_array_elements"}


def given_rows(rows: Sequence[Sequence[int | str | None]]) -> Any:
    """A row of the database for each of `rows`, in their order, as a column to select from.

    What stands in it: `column[0].as_integer()`, `column[1].as_string()`.
    """
    each = getattr(func, _EACH[db.engine.dialect.name])
    return each(literal(rows, JSON)).table_valued(column("value", JSON), name="given").c.value
