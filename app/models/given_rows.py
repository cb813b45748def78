"""Rows that a statement brings along as one value, however many they are.

A list of VALUES has a parameter for each thing in each row: 500 rows cost PostgreSQL four times as
long.
"""

from typing import Any

from sqlalchemy import JSON, BindParameter, column, func

_EACH = {"sqlite": "json_each", "postgresql": "json_array_elements"}


def given_rows(rows: BindParameter[Any], dialect: str) -> Any:
    """A row of the database for each of `rows`, in their order, as a column to select from.

    rows: stands for a list of lists of numbers, texts and None, as JSON. What stands in a row:
    `column[0].as_integer()`, `column[1].as_string()`.
    """
    each = getattr(func, _EACH[dialect])
    return each(rows).table_valued(column("value", JSON), name="given").c.value
