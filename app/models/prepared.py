"""Statements that are put together once and asked with other values each time.

To put the rules of a drain together takes SQLAlchemy several times as long as a database to answer
them, and they are asked before each request. What is prepared sees in place of its arguments what
will stand for them: so it may compare them in SQL, and add to moments, but decide nothing by them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from enum import Enum
from functools import wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from sqlalchemy import BindParameter, bindparam
from sqlalchemy.sql import visitors

from app.models.types import UtcDateTime

P = ParamSpec("P")
Statement = TypeVar("Statement")
Values = dict[str, Any]

_ONE = (datetime, int, str)
_SEVERAL = (list, tuple, set, frozenset)

# By what was given, of each function that is prepared.
_Kept = dict[tuple[Any, ...], tuple[Any, list["Moment"]]]
_all_kept: list[_Kept] = []


class Moment(BindParameter[datetime]):
    """Stands for a moment that whoever asks names; with it, those before and after it are known."""

    inherit_cache = True

    def __init__(
        self, name: str, later: timedelta = timedelta(0), all_of_it: "list[Moment] | None" = None
    ) -> None:
        super().__init__(f"{name}_{len(all_of_it or ())}", type_=UtcDateTime())
        self.name, self.later = name, later
        self.all_of_it = [] if all_of_it is None else all_of_it
        self.all_of_it.append(self)

    def __add__(self, span: timedelta) -> "Moment":
        return Moment(self.name, self.later + span, self.all_of_it)

    def __sub__(self, span: timedelta) -> "Moment":
        return self + -span


def prepared(build: Callable[P, Statement]) -> Callable[P, tuple[Statement, Values]]:
    """Let the statement be built once; it is returned with the values to ask it with.

    Moments, numbers, texts and lists of them are values; of what else is given, each has a
    statement of its own.
    """
    names = list(signature(build).parameters)
    kept: _Kept = {}
    _all_kept.append(kept)

    @wraps(build)
    def asked(*args: P.args, **named: P.kwargs) -> tuple[Statement, Values]:
        given: Values = dict(zip(names, args, strict=False)) | named
        kinds = tuple((name, _kind(value)) for name, value in given.items())
        if kinds not in kept:
            kept[kinds] = _built(build, given)
        statement, moments = kept[kinds]
        values = {name: _listed(value) for name, value in given.items() if _is_value(value)}
        return statement, values | {each.key: given[each.name] + each.later for each in moments}

    return asked


def forget_all() -> None:
    """Build each statement anew: for whoever puts another rule in, as the simulator does."""
    for kept in _all_kept:
        kept.clear()


def _built(
    build: Callable[..., Statement], given: dict[str, Any]
) -> tuple[Statement, list[Moment]]:
    placeholders = {name: _placeholder(name, value) for name, value in given.items()}
    statement = build(**placeholders)
    _refuse_fixed_moments(build.__name__, statement)
    moments = [
        one for each in placeholders.values() if isinstance(each, Moment) for one in each.all_of_it
    ]
    return statement, moments


def _refuse_fixed_moments(name: str, statement: Any) -> None:
    """A moment that was looked up while building would stay what it was the first time."""
    for each in visitors.iterate(statement):
        if isinstance(each, BindParameter) and isinstance(each.value, datetime):
            raise TypeError(f"{name} holds {each.value}: a prepared statement is given its moments")


def _placeholder(name: str, value: Any) -> Any:
    if not _is_value(value):
        return value
    if isinstance(value, datetime):
        return Moment(name)
    return bindparam(name, expanding=isinstance(value, _SEVERAL))


def _listed(value: Any) -> Any:
    return list(value) if isinstance(value, _SEVERAL) else value


def _kind(value: Any) -> Any:
    return type(value) if _is_value(value) else value


def _is_value(value: Any) -> bool:
    return isinstance(value, _ONE + _SEVERAL) and not isinstance(value, (bool, Enum))
