"""How many seconds lie between two times of a row, on SQLite and PostgreSQL alike."""

from typing import Any

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class seconds_between(FunctionElement[float]):  # noqa: N801 - reads as a function of SQL
    """`seconds_between(begin, end)`: below 0 where the end comes first."""

    type = Float()
    inherit_cache = True


@compiles(seconds_between, "sqlite")
def _of_sqlite(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    begin, end = (compiler.process(each, **options) for each in element.clauses)
    return f"((julianday({end}) - julianday({begin})) * 86400.0)"


@compiles(seconds_between, "postgresql")
def _of_postgresql(element: seconds_between, compiler: SQLCompiler, **options: Any) -> str:
    begin, end = (compiler.process(each, **options) for each in element.clauses)
    return f"EXTRACT(EPOCH FROM ({end}) - ({begin}))"
