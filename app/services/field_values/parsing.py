"""From what somebody typed into the settings to a value as it is stored. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urlsplit

from app.services.field_values.field_kind import Option, Typed, ValueInvalid
from app.services.field_values.value_tokens import DAYS, TOKENS, has_token, unknown_tokens

LONGEST_LINE, LONGEST_TEXT, LONGEST_LABEL, MOST = 255, 10_000, 255, 50
MOST_OPTIONS = 500
OWNER, FACILITATOR = "owner", "facilitator"
ROLES = {OWNER: "Owner", FACILITATOR: "Facilitator"}

Chosen = Mapping[str, Any]

_KNOWN = ", ".join(f"{{{token}}}" for token in TOKENS)
_NUMBER = re.compile(r"[+-]?\d{1,15}([.,]\d{1,10})?")


def first(typed: Typed) -> str:
    """What the first input says, without the spaces around it."""
    return typed.parts[0].strip() if typed.parts else ""


def line(typed: Typed) -> str | None:
    """One line; tokens may stand in it."""
    text = " ".join(first(typed).split())
    if len(text) > LONGEST_LINE:
        raise ValueInvalid(f"Use at most {LONGEST_LINE} characters.")
    return _with_tokens(text) or None


def text(typed: Typed) -> str | None:
    """Lines; tokens may stand in them."""
    found = "\n".join(each.rstrip() for each in first(typed).splitlines())
    if len(found) > LONGEST_TEXT:
        raise ValueInvalid(f"Use at most {LONGEST_TEXT:,} characters.")
    return _with_tokens(found) or None


def link(typed: Typed) -> str | None:
    """An address that a browser opens; tokens may stand in it."""
    found = line(typed)
    if found is None or found == "{link}":
        return found
    try:
        address = urlsplit(found)
        opens = address.scheme in {"http", "https"} and bool(address.hostname)
    except ValueError:
        opens = False
    if not opens or " " in found:
        raise ValueInvalid("Write a whole address that begins with https://.")
    return found


def number(typed: Typed) -> float | int | None:
    """Digits, with a point or a comma."""
    found = first(typed).replace("\u2212", "-").replace("\u00a0", "")
    if not found:
        return None
    if not _NUMBER.fullmatch(found):
        raise ValueInvalid("Write a number, such as 3 or 2.5.")
    value = float(found.replace(",", "."))
    return int(value) if value.is_integer() else value


def day(typed: Typed) -> str | None:
    """A day, or a token that is one."""
    found = first(typed)
    if not found or found in {f"{{{token}}}" for token in DAYS}:
        return found or None
    if unknown := unknown_tokens(found):
        raise ValueInvalid(_unknown(unknown))
    if len(found) != len("2026-12-01"):
        raise ValueInvalid("Write a day, such as 2026-12-01, or {date} or {due}.")
    try:
        return date.fromisoformat(found).isoformat()
    except ValueError:
        raise ValueInvalid("Write a day, such as 2026-12-01, or {date} or {due}.") from None


def moment(typed: Typed) -> str | None:
    """A day and a time. Without an offset it is UTC: whoever reads the form knows the zone."""
    found = first(typed)
    if not found:
        return None
    try:
        at = datetime.fromisoformat(found)
    except ValueError:
        raise ValueInvalid("Write a day and a time, such as 2026-12-01T09:00.") from None
    if len(found) < len("2026-12-01T09:00"):
        raise ValueInvalid("Write a time, too, such as 2026-12-01T09:00.")
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return at.astimezone(UTC).isoformat(timespec="minutes")


def one(typed: Typed) -> Chosen | None:
    """One of what Jira offers."""
    found = first(typed)
    return _option(found, typed.options, _saved_by_id(typed)) if found else None


def several(typed: Typed) -> list[Chosen] | None:
    """Several of what Jira offers, each once, in the order of the list."""
    wanted = list(dict.fromkeys(each.strip() for each in typed.parts if each.strip()))
    if len(wanted) > MOST_OPTIONS:
        raise ValueInvalid(f"Choose at most {MOST_OPTIONS}.")
    saved = _saved_by_id(typed)
    return [_option(each, typed.options, saved) for each in wanted] or None


def two_levels(typed: Typed) -> Chosen | None:
    """One of a list, and perhaps one of those below it."""
    parent_id = first(typed)
    child_id = typed.parts[1].strip() if len(typed.parts) > 1 else ""
    if not parent_id:
        if child_id:
            raise ValueInvalid("Choose the first level, too.")
        return None
    parent = _option(parent_id, typed.options, _saved_by_id(typed))
    if not child_id:
        return {**parent, "child": None}
    saved = typed.saved if isinstance(typed.saved, Mapping) else {}
    kept = saved.get("child") if saved.get("id") == parent_id else None
    below = None
    if typed.options is not None:
        below = next((each.children for each in typed.options if each.id == parent_id), ())
    try:
        child = _option(child_id, below, {kept["id"]: kept} if kept else {})
    except ValueInvalid:
        raise ValueInvalid(f"“{parent['label']}” has no such second level. Choose again.") from None
    return {**parent, "child": child}


def person(typed: Typed) -> Chosen | None:
    """Somebody, or a role with somebody who stands in for whoever is not matched."""
    found = first(typed)
    if not found:
        return None
    if found not in ROLES:
        return _found(found, typed)
    instead = typed.parts[1].strip() if len(typed.parts) > 1 else ""
    return {"role": found, "fallback": _found(instead, typed) if instead else None}


def searched(typed: Typed) -> Chosen | None:
    """One that was searched for: a group, another issue, a team."""
    found = first(typed)
    return _found(found, typed) if found else None


def several_searched(typed: Typed) -> list[Chosen] | None:
    """Several that were searched for, each once."""
    wanted = list(dict.fromkeys(each.strip() for each in typed.parts if each.strip()))
    if len(wanted) > MOST:
        raise ValueInvalid(f"Choose at most {MOST}.")
    return [_found(each, typed) for each in wanted] or None


def labels(typed: Typed) -> list[str] | None:
    """Words, parted by spaces or commas; tokens may stand in them."""
    words = [each for part in typed.parts for each in re.split(r"[\s,]+", part) if each]
    found = list(dict.fromkeys(words))
    if len(found) > MOST:
        raise ValueInvalid(f"Use at most {MOST} labels.")
    if long := next((each for each in found if len(each) > LONGEST_LABEL), None):
        raise ValueInvalid(f"“{long[:20]}…” has more than {LONGEST_LABEL} characters.")
    for each in found:
        _with_tokens(each)
    return found or None


def sprint(typed: Typed) -> Chosen | None:
    """The active sprint, of a board where several are active."""
    found = first(typed)
    if not found:
        return None
    if found == "active":
        return {"board": None, "label": ""}
    if not found.isdecimal() or len(found) > 18:
        raise ValueInvalid("Choose the active sprint, or nothing.")
    return {"board": int(found), "label": typed.names.get(found, "")}


def _with_tokens(found: str) -> str:
    if unknown := unknown_tokens(found):
        raise ValueInvalid(_unknown(unknown))
    return found


def _unknown(tokens: Sequence[str]) -> str:
    return f"{tokens[0]} means nothing. There are {_KNOWN}."


def _option(found: str, options: Sequence[Option] | None, saved: Mapping[str, Chosen]) -> Chosen:
    """One of the list; while that is not known, what is saved already."""
    if options is None:
        if found in saved:
            return {"id": found, "label": saved[found]["label"]}
        raise ValueInvalid("Jira has not told us yet what can be chosen. Wait a moment.")
    option = next((each for each in options if each.id == found), None)
    if option is None:
        name = f"“{saved[found]['label']}”" if found in saved else "It"
        raise ValueInvalid(f"{name} is not in Jira any more. Choose another.")
    return {"id": option.id, "label": option.label}


def _saved_by_id(typed: Typed) -> dict[str, Chosen]:
    saved = typed.saved if isinstance(typed.saved, list) else [typed.saved]
    return {each["id"]: each for each in saved if isinstance(each, Mapping) and "id" in each}


def _found(found: str, typed: Typed) -> Chosen:
    """By its id, which a search has told with its name, or which is saved."""
    if label := typed.names.get(found):
        return {"id": found, "label": label}
    saved = _saved_by_id(typed)
    if isinstance(typed.saved, Mapping) and isinstance(typed.saved.get("fallback"), Mapping):
        saved[typed.saved["fallback"]["id"]] = typed.saved["fallback"]
    if found not in saved:
        raise ValueInvalid("Search for it, and choose one of what is found.")
    return {"id": found, "label": saved[found]["label"]}


def is_template(value: Any) -> bool:
    """Whether a stored value differs from one action item to another."""
    if isinstance(value, list):
        return any(is_template(each) for each in value)
    return isinstance(value, str) and has_token(value)
