"""How many there are, counted only as far as anybody wants to know."""

from typing import Any

from sqlalchemy import Select, func, literal, select

from app.extensions import db

MOST = 1000


class Count(int):
    """A number that is exact to 1,000. Beyond, all that is known is that it is more, and whatever
    writes it, a template or an f-string, writes "1,000+"."""

    def __str__(self) -> str:
        return f"{MOST:,}+" if self > MOST else f"{int(self):,}"

    def __format__(self, how: str) -> str:
        return format(str(self), how.replace(",", ""))


def counted(rows: Select[Any]) -> Count:
    """How many `rows` there are: a statement that reads no more than it takes to know."""
    return Count(db.session.scalar(counting(rows)) or 0)


def counting(rows: Select[Any]) -> Select[int]:
    """The statement of `counted`, for one that asks for several numbers."""
    few = rows.with_only_columns(literal(1), maintain_column_froms=True).order_by(None)
    return select(func.count()).select_from(few.limit(MOST + 1).subquery())
