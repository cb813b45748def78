"""Reading what a webhook posts to us (jira-platform.md §5.3).

Nothing in it is believed. It says where to look, and the issue is then read with our own grant; so
a forged or replayed body causes one needless read at most.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

MOST_WEBHOOKS = 100  # in one delivery; five for each account of a site is what Jira allows
UNKNOWN_EVENT = "unknown"

_ISSUE_ID = re.compile(r"[1-9][0-9]{0,18}")
_WEBHOOK_ID = re.compile(r"[0-9]{1,19}")
_EVENT = re.compile(r"[A-Za-z0-9_:.-]{1,64}")
_HOST = re.compile(r"[0-9a-z.:\[\]_-]{1,255}")
_GATEWAY = re.compile(r"https?://[^/]+/ex/jira/([0-9a-zA-Z-]{1,64})/")
_LARGEST_ID = 2**63 - 1


class UnusableDelivery(Exception):
    """The body names no issue or no webhook. The text says which; it quotes nothing."""


@dataclass(frozen=True)
class Hint:
    """An issue of some site changed, says somebody who knows the client secret.

    `cloud_id` and `host` are the site's, the host in lower case and with its port; of both there is
    at most one, and nothing where the body does not say;
    `property_key` is the issue property that was set, if the event is about one; `test`: what
    `test_value` put into it.
    """

    event: str
    issue_id: str
    webhook_ids: tuple[int, ...]
    host: str | None = None
    cloud_id: str | None = None
    property_key: str | None = None
    test: str | None = None


def test_value(name: str, issue_id: str) -> dict[str, str]:
    """What to write into an issue property so that its report says which issue it is.

    Jira's own report of a property that was set does not name the issue (jira-platform.md §5.3).
    """
    return {"test": name, "issue": issue_id}


def read_hint(body: bytes) -> Hint:
    """The few facts we use, from a body of any content; `UnusableDelivery` when it lacks them.

    https://developer.atlassian.com/cloud/jira/platform/webhooks/
    """
    payload = _object(_parsed(body))
    issue, changed = _object(payload.get("issue")), _object(payload.get("property"))
    written = _object(changed.get("value"))
    issue_id = _issue_id(issue.get("id")) or _issue_id(written.get("issue"))
    if issue_id is None:
        raise UnusableDelivery("no issue id")
    webhook_ids = _webhook_ids(payload.get("matchedWebhookIds"))
    cloud_id = _cloud_id_in(issue.get("self"))
    if not webhook_ids:
        raise UnusableDelivery("no webhook id")
    return Hint(
        event=_text(payload.get("webhookEvent"), _EVENT) or UNKNOWN_EVENT,
        issue_id=issue_id,
        webhook_ids=webhook_ids,
        host=None if cloud_id else host_of(issue.get("self")),
        cloud_id=cloud_id,
        property_key=_text(changed.get("key")),
        test=_text(written.get("test")),
    )


def host_of(address: object) -> str | None:
    """Host and port of an address, lower case; nothing if it is none.

    Of a sender's choosing: only what a host consists of may reach the database.
    """
    try:
        found = urlsplit(address).netloc.lower() if isinstance(address, str) else None
    except ValueError:  # an unclosed bracket, for one
        return None
    return _text(found, _HOST)


def _cloud_id_in(address: object) -> str | None:
    """The site that an address of Atlassian's gateway leads to.

    Whether bodies have such addresses is not known; Jira's answers have (jira-platform.md §11.1).
    The host is then that of every site.
    """
    found = _GATEWAY.match(address) if isinstance(address, str) else None
    return found[1] if found else None


def _parsed(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise UnusableDelivery("not JSON") from None


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _issue_id(value: object) -> str | None:
    """Jira sends text; a number is understood as well."""
    plain = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    return _text(plain, _ISSUE_ID)


def _webhook_ids(value: object) -> tuple[int, ...]:
    listed = value[:MOST_WEBHOOKS] if isinstance(value, list) else []
    return tuple(dict.fromkeys(_numbers(listed)))


def _numbers(values: Iterable[object]) -> Iterable[int]:
    for value in values:
        if isinstance(value, bool):
            continue
        if isinstance(value, str) and _WEBHOOK_ID.fullmatch(value):
            value = int(value)
        if isinstance(value, int) and 0 < value <= _LARGEST_ID:
            yield value


def _text(value: object, pattern: re.Pattern[str] | None = None) -> str | None:
    if not isinstance(value, str) or (pattern and not pattern.fullmatch(value)):
        return None
    return value
