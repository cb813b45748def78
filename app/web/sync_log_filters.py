"""What the address of the sync log asks for. What it does not know, it leaves out."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from flask import request

from app.services.sync_log.days import Days, DaysReversed, NoSuchDay, day_of
from app.services.sync_log.narrowing import Filters, Shown
from app.services.sync_log.pages import Cursor
from app.web.formatting import viewer_zone

Words = dict[str, Any]


def filters_from_request() -> Filters:
    """The filters of `?shown=&team=&text=&from=&to=`; days that make no sense are left out."""
    team = request.args.get("team", "")
    number = team.isascii() and team.isdigit() and len(team) < 10
    return Filters(
        shown=_shown(),
        team_id=int(team) if number else None,
        text=request.args.get("text", "").replace("\x00", "")[:200],
        days=days_from_request().days,
    )


@dataclass(frozen=True)
class TypedDays:
    """The days of an address: as typed, what is wrong with each, and what they mean.

    What is no day is not given back: a browser's field for days holds nothing else.
    """

    typed: dict[str, str]
    errors: dict[str, str]
    days: Days | None


def days_from_request() -> TypedDays:
    typed = {name: request.args.get(name, "")[:40] for name in ("from", "to")}
    errors: dict[str, str] = {}
    found = {name: _day(name, text, errors) for name, text in typed.items()}
    days = None
    if any(found.values()):
        try:
            days = Days(found["from"], found["to"], viewer_zone())
        except DaysReversed as error:
            errors["to"] = error.sentence
    return TypedDays({name: typed[name] if found[name] else "" for name in typed}, errors, days)


def _day(name: str, text: str, errors: dict[str, str]) -> date | None:
    try:
        return day_of(text)
    except NoSuchDay as error:
        errors[name] = error.sentence
        return None


def cursor_from_request(name: str) -> Cursor | None:
    """The page's place in `?before=` or `?after=`."""
    return Cursor.parse(request.args.get(name, ""))


def is_by_time(filters: Filters) -> bool:
    """Whether what failed is asked for in the order of time; otherwise it stands by cause."""
    return filters.shown is Shown.FAILED and request.args.get("by") == "time"


def place_from_request() -> Words:
    """The filters and the page of this request, for an address that leads back to them."""
    cursors = cursor_from_request("before"), cursor_from_request("after")
    return place_words(filters_from_request(), *cursors)


def place_words(filters: Filters, before: Cursor | None, after: Cursor | None) -> Words:
    """A place in the log, and in which order it stands, as the words of an address."""
    cursors = {"before": before, "after": after}
    return ordered_words(filters) | {name: at.text for name, at in cursors.items() if at}


def ordered_words(filters: Filters) -> Words:
    """`filters` with the order as the words of an address."""
    return filter_words(filters) | ({"by": "time"} if is_by_time(filters) else {})


def other_order_words(filters: Filters) -> Words:
    """Where the same stands in the order that was not asked for."""
    return filter_words(filters) if is_by_time(filters) else singly_words(filters)


def singly_words(filters: Filters) -> Words:
    """Where each that failed stands by itself, as the words of an address."""
    return filter_words(replace(filters, shown=Shown.FAILED)) | {"by": "time"}


def filter_words(filters: Filters) -> Words:
    """`filters` as the words of an address."""
    words: Words = {}
    if filters.shown is not Shown.ALL:
        words["shown"] = filters.shown.value
    if filters.team_id is not None:
        words["team"] = filters.team_id
    if filters.text:
        words["text"] = filters.text
    for name, day in (
        [("from", filters.days.first), ("to", filters.days.last)] if filters.days else []
    ):
        if day:
            words[name] = day.isoformat()
    return words


def _shown() -> Shown:
    try:
        return Shown(request.args.get("shown", Shown.ALL.value))
    except ValueError:
        return Shown.ALL
