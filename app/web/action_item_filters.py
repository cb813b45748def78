"""What the address of the action items list asks for. What it does not know, it leaves out."""

from enum import StrEnum
from typing import TypeVar

from flask import request

from app.clock import utcnow
from app.models import Organization
from app.services.follow_through import counting
from app.services.retrospectives.action_item_search import Position
from app.services.retrospectives.item_filters import Completion, DueFilter, Filters, SyncFilter

UNTOUCHED = "no"

Choice = TypeVar("Choice", bound=StrEnum)


def filters_from_request(organization: Organization) -> Filters:
    """The filters of `?state=&text=&team=&owner=&sync=&due=&touched=`."""
    untouched = request.args.get("touched") == UNTOUCHED
    return Filters(
        completion=_choice("state", Completion.OPEN),
        text=request.args.get("text", "").replace("\x00", "")[:200],
        team_id=_number("team"),
        owner=_number("owner"),
        sync=_choice("sync", SyncFilter.ANY),
        due=_choice("due", DueFilter.ANY),
        untouched_since=counting.untouched_since(organization, utcnow()) if untouched else None,
    )


def filter_words(filters: Filters) -> dict[str, str | int]:
    """`filters` beside open or complete as the words of an address."""
    words = {
        "text": filters.text or None,
        "team": filters.team_id,
        "owner": filters.owner,
        "sync": filters.sync.value or None,
        "due": filters.due.value or None,
        "touched": UNTOUCHED if filters.untouched_since else None,
    }
    return {name: word for name, word in words.items() if word is not None}


def position_from_request(name: str) -> Position | None:
    """The page's place in `?after=` or `?before=`."""
    return Position.parse(request.args.get(name, ""))


def _choice(name: str, default: Choice) -> Choice:
    try:
        return type(default)(request.args.get(name, default.value))
    except ValueError:
        return default


def _number(name: str) -> int | None:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
