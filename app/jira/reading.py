"""Reads Jira's JSON, of which any part may be missing, null or of another type.

Source: jira-platform.md §3.
"""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Any

# NUL, and halves of characters: Java cuts a long name between the two.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
# Later than that no clock of a time zone is asked without an overflow; earlier there was no Jira.
_FIRST_YEAR, _LAST_YEAR = 1970, 9000


class Unreadable(ValueError):
    """An answer lacks what it exists for."""


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def listing(value: Any) -> list[Any]:
    """`value` if it is a JSON array, else an empty one."""
    return value if isinstance(value, list) else []


def text(value: Any) -> str:
    """`value` if it is a string, else an empty one; without what no database keeps."""
    return _UNSTORABLE.sub("\ufffd", value) if isinstance(value, str) else ""


def texts(value: Any) -> tuple[str, ...]:
    """The non-empty strings of a JSON array; a lone string counts as an array of one."""
    values = [value] if isinstance(value, str) else listing(value)
    return tuple(words for words in map(text, values) if words.strip())


def number(value: Any) -> int | None:
    """A whole number, also one written as a string."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def identifier(value: Any) -> str | None:
    """An id as a string: Jira writes some as numbers."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return text(str(value)).strip() or None


def required_id(value: Any) -> str:
    """An id that must be there. Raises Unreadable."""
    found = identifier(value)
    if found is None:
        raise Unreadable("an id is missing")
    return found


def required_mapping(value: Any) -> Mapping[str, Any]:
    """A JSON object that must be there. Raises Unreadable."""
    if not isinstance(value, dict):
        raise Unreadable("an object is missing")
    return value


def required_list(value: Any) -> list[Any]:
    """A JSON array that must be there. Raises Unreadable."""
    if not isinstance(value, list):
        raise Unreadable("an array is missing")
    return value


def moment(value: Any) -> datetime | None:
    """A time as aware UTC, from ISO 8601 with any offset or from milliseconds since 1970.

    Jira's offsets have no colon (`-0600`), and a webhook's expiry is one or the other
    (jira-platform.md §5.1, §10). None outside the years 1970 to 9000.
    """
    try:
        found = _in_utc(value)
    except (ValueError, OverflowError, OSError):
        return None
    return found if _FIRST_YEAR <= found.year <= _LAST_YEAR else None


def http_date(value: Any) -> datetime | None:
    """A time as HTTP's headers write it (`Sun, 06 Nov 1994 08:49:37 GMT`), as aware UTC."""
    try:
        found = parsedate_to_datetime(text(value))
    except (ValueError, OverflowError):
        return None
    return moment(found.isoformat())


def _in_utc(value: Any) -> datetime:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return datetime.fromtimestamp(value / 1000, UTC)
    parsed = datetime.fromisoformat(text(value))
    return parsed.replace(tzinfo=UTC) if parsed.tzinfo is None else parsed.astimezone(UTC)


def day(value: Any) -> date | None:
    """A plain date without a zone, such as a due date."""
    try:
        return date.fromisoformat(text(value)[:10])
    except ValueError:
        return None
