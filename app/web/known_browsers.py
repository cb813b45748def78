"""Browsers that have signed in to an account before.

Their tries are counted apart, so that whoever guesses at an account elsewhere, or sits in the same
network, keeps nobody out who has been there.
"""

from typing import Any, NamedTuple

from flask import Response, after_this_request, current_app, request
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.extensions import hidden
from app.identifiers import new_public_id
from app.models import User

LIFE = 365 * 24 * 3600  # seconds
MOST_ACCOUNTS = 10  # a browser remembers; the latest


class Known(NamedTuple):
    """A browser, and for which accounts it is known."""

    browser: str
    accounts: list[str]


def key_for(email: str, stored_hash: str) -> str | None:
    """By what this browser's guesses at the account are counted; None if it was never in with the
    password that has this hash: who knew an earlier one is a stranger."""
    known = _read()
    if _name(email, stored_hash) not in known.accounts:
        return None
    return hidden(f"browser {known.browser} {email}")


def remember(user: User) -> None:
    """Note with the answer that this browser was let in."""
    known = _read()
    name = _name(user.email, user.password_hash)
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


def _name(email: str, stored_hash: str) -> str:
    """Whoever reads the cookie learns no address."""
    return hidden(f"known {email} {stored_hash}")[:16]


def _serializer() -> URLSafeTimedSerializer:
    # Of older keys nothing could be used: the names in the cookie are under this one, too.
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="known-browser")
