"""Texts, numbers and dates: whether Jira takes a value, and what it keeps of it.

Source: jira-platform.md §3, §6, §11.3.
"""

import json
import re
from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.catalog.fields import SUMMARY, Field
from demo.jira_cloud.issues import adf_rules, conversion
from demo.jira_cloud.issues.bad_value import BadValue, Place

LONGEST_LINE = 255
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}[+-]\d{4}")


def line(_: Place, field: Field, value: Any) -> str:
    """One line of text, never a document."""
    is_summary = field.id == SUMMARY.id
    if not isinstance(value, str):
        raise BadValue(text("not_a_string"))
    if "\n" in value or "\r" in value:
        raise BadValue(text("summary_lines" if is_summary else "lines"))
    if adf_rules.java_length(value) > LONGEST_LINE:
        raise BadValue(text("summary_long" if is_summary else "line_long"))
    return value


def document(place: Place, _: Field, value: Any) -> dict[str, Any]:
    """An Atlassian document."""
    if not adf_rules.is_document(value):
        raise BadValue(text("not_adf"))
    given: dict[str, Any] = value
    too_long = adf_rules.java_length(adf_rules.text_of(given)) > adf_rules.TEXT_LIMIT
    if too_long or len(json.dumps(given)) > adf_rules.BYTE_LIMIT:
        raise BadValue(text("text_long"))
    return conversion.kept(place.desk.world, given)


def number(_: Place, __: Field, value: Any) -> float:
    """A number of JSON, never a text."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise BadValue(text("not_a_number"))
    return float(value)


def day(_: Place, __: Field, value: Any) -> str:
    """2026-12-01."""
    try:
        if not isinstance(value, str) or len(value) != len("2026-12-01"):
            raise ValueError
        return date.fromisoformat(value).isoformat()
    except ValueError:
        raise BadValue(text("bad_date", value=value)) from None


def moment(_: Place, __: Field, value: Any) -> float:
    """2026-12-01T09:00:00.000+0000: milliseconds, and an offset without colon. Kept in seconds."""
    try:
        if not isinstance(value, str) or not _MOMENT.fullmatch(value):
            raise ValueError
        return datetime.fromisoformat(value).timestamp()
    except ValueError:
        raise BadValue(text("bad_moment")) from None


def address(_: Place, __: Field, value: Any) -> str:
    """An absolute address of the web."""
    parts = urlsplit(value) if isinstance(value, str) and not re.search(r"\s", value) else None
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname:
        raise BadValue(text("bad_address", value=value))
    return str(value)


def labels(_: Place, field: Field, value: Any) -> list[str]:
    """Words without spaces."""
    if not isinstance(value, list):
        raise BadValue(text("not_an_array"))
    if not all(isinstance(each, str) and each for each in value):
        raise BadValue(text("bad_value", name=field.name))
    for label in value:
        if any(character.isspace() for character in label):
            raise BadValue(text("label_space", label=label))
        if adf_rules.java_length(label) > LONGEST_LINE:
            raise BadValue(text("label_long", label=label))
    return sorted(set(value))


def closed(_: Place, field: Field, __: Any) -> Any:
    """A field that an app or Jira itself fills: nobody sets it over REST."""
    raise BadValue(text("not_on_screen", field=field.id))
