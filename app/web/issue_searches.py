"""What every page that asks Jira for issues shares: the limit, and what was typed."""

from flask import request

from app.extensions import hidden, limiter
from app.services.linking.typed import LONGEST
from app.web.access import signed_in_user

SEARCHES_OF_PERSON = "60 per minute"


def _asked_by() -> str:
    return hidden(f"issue searches of {signed_in_user().id}")


def _asks_nothing() -> bool:
    return not asked()


# Each search is a request to Jira, out of what the whole installation may ask (design.md §4).
limited = limiter.shared_limit(
    SEARCHES_OF_PERSON, scope="issue search", key_func=_asked_by, exempt_when=_asks_nothing
)
always_limited = limiter.shared_limit(SEARCHES_OF_PERSON, scope="issue search", key_func=_asked_by)


def asked() -> str:
    """What was typed or chosen."""
    return request.values.get("query", "").strip()[:LONGEST]
