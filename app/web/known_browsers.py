"""Browsers that have signed in to an account before.

Their tries are counted apart, so that whoever guesses at an account elsewhere, or sits in the same
network, keeps nobody out who has been there.
"""

from typing import Any, NamedTuple

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.extensions import hidden
from app.identifiers import new_public_id

LIFE = 365 * 24 * 3600  # seconds
MOST_ACCOUNTS = 10  # a browser remembers; the latest


class Known(NamedTuple):
    """A browser, and for which accounts it is known."""

    browser: str
    accounts: list[str]


def key_for(email: str) -> str | None:
    """By what this browser's tries for the account are counted; None if it was never in."""
    known = _read()
    return hidden(f"browser {known.browser} {email}") if _name(email) in known.accounts else None


def remember(email: str) -> None:
    """Note with the answer that this browser was let in."""
    known = _read()
    name = _name(email)
    accounts = [*(each for each in known.accounts if each != name), name][-MOST_ACCOUNTS:]
    value = _serializer().dumps([known.browser, accounts])

    @after_this_request
    def set_cookie(answer: Response) -> Response:
        config = current_app.config
        answer.set_cookie(
            _cookie(),
            value,
            max_age=LIFE,
            path=config["SESSION_COOKIE_PATH"],
            secure=config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
        return answer


def _read() -> Known:
    try:
        value: Any = _serializer().loads(request.cookies.get(_cookie(), ""), max_age=LIFE)
        browser, accounts = value
    except (BadSignature, ValueError, TypeError):
        return Known(new_public_id(), [])
    return Known(browser, accounts)


def _cookie() -> str:
    """Beside the session's, and held to the same host and paths."""
    return f"{current_app.config['SESSION_COOKIE_NAME']}-known"


def _name(email: str) -> str:
    """Whoever reads the cookie learns no address."""
    return hidden(f"known {email}")[:16]


def _serializer() -> URLSafeTimedSerializer:
    config = current_app.config
    secrets = [*reversed(config["SECRET_KEY_FALLBACKS"]), config["SECRET_KEY"]]  # newest last
    return URLSafeTimedSerializer(secrets, salt="known-browser")
