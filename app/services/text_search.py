"""What people type into a search, looked up in an index of trigrams.

Three letters and more are found anywhere in a title or a key, whatever the case; one or two where a
title begins with them. Nothing that is typed means anything but itself.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    column,
    func,
    literal,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.orm import InstrumentedAttribute

from app.extensions import db

# So many matches are looked at, the newest ones; and so many rows, the newest ones, where no index
# may be made. A page that is about more says so.
MOST = 2_000
NEWEST = 10_000
TRIGRAM = 3
# Beyond the signs that any text has: see `_token` in migration 0020, which writes the same.
_FIRST_SIGN, _SIGN_BITS = 19968, 14


class Reach(StrEnum):
    """How far a search looks."""

    EVERYTHING = "everything"
    NEWEST = "newest"  # no index of trigrams may be made here


@dataclass(frozen=True)
class Place:
    """Where is searched: in `column`, of which `id` names the row; and among whose rows, by the
    name that the index has for it, the column, and its values."""

    column: InstrumentedAttribute[Any]
    id: InstrumentedAttribute[int]
    whose: str
    owner: InstrumentedAttribute[Any]
    owners: tuple[int, ...]

    @property
    def table(self) -> str:
        name: str = self.column.class_.__tablename__
        return name


def typed(words: str) -> str:
    """What is searched for, of what somebody has typed."""
    return " ".join(words.replace("\x00", "").split())


def reach() -> Reach:
    """Whether there is an index to search by. One statement."""
    if db.engine.dialect.name == "postgresql":
        name = func.to_regclass("ix_action_item_title_trigrams")
        return Reach.NEWEST if db.session.scalar(select(name)) is None else Reach.EVERYTHING
    there = text("SELECT 1 FROM sqlite_master WHERE name = 'action_item_text'")
    return Reach.NEWEST if db.session.scalar(there) is None else Reach.EVERYTHING


def matches(place: Place, words: str, how_far: Reach) -> Select[int]:
    """Select the ids of at most MOST rows that have `words` (as `typed`), the newest ones."""
    if how_far is Reach.NEWEST:
        return _among_the_newest(place, words)
    if db.engine.dialect.name == "postgresql":
        found = select(place.id.label("id")).where(
            place.owner.in_(place.owners), has(place.column, words)
        )
        return found.order_by(place.id.desc()).limit(MOST)
    index = table(f"{place.table}_text", column("rowid"))
    asked = literal_column(f"{place.table}_text").op("MATCH")(_question(place, words))
    rowid: ColumnElement[int] = index.c.rowid
    return select(rowid.label("id")).where(asked).order_by(rowid.desc()).limit(MOST)


def has(searched: Any, words: str) -> ColumnElement[bool]:
    """Whether the column `searched` has `words` (as `typed`), row by row. Short words are few
    letters of very many titles: only of how they begin."""
    pattern = _escaped(words) + "%"
    within = pattern if len(words) < TRIGRAM else f"%{pattern}"
    found: ColumnElement[bool] = searched.ilike(literal(within), escape="\\")
    return found


def _among_the_newest(place: Place, words: str) -> Select[int]:
    newest = (
        select(place.id.label("id"), place.column.label("words"))
        .where(place.owner.in_(place.owners))
        .order_by(place.id.desc())
        .limit(NEWEST)
        .subquery()
    )
    found = select(newest.c.id).where(has(newest.c.words, words))
    return found.order_by(newest.c.id.desc()).limit(MOST)


def _escaped(words: str) -> str:
    for sign in "\\%_":
        words = words.replace(sign, f"\\{sign}")
    return words


def _question(place: Place, words: str) -> str:
    """In the language of FTS5, in which whatever stands in quotes is text."""
    whose = " OR ".join(_quoted(_token(each)) for each in place.owners)
    return f"{place.whose} : ({whose}) AND {_asked(place, words)}"


def _asked(place: Place, words: str) -> str:
    if len(words) >= TRIGRAM:
        return f"{place.column.key} : {_quoted(words)}"
    begins = "initial" if len(words) == 1 else "start"
    return f"{begins} : {_quoted(words.ljust(TRIGRAM, '…'))}"


def _quoted(words: str) -> str:
    doubled = words.replace('"', '""')
    return f'"{doubled}"'


def _token(number: int) -> str:
    parts = (number >> bits & (1 << _SIGN_BITS) - 1 for bits in (28, 14, 0))
    return "".join(chr(_FIRST_SIGN + part) for part in parts)
