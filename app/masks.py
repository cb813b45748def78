"""The CSRF token, written differently in each answer, or a compressed page would betray it: who can
have many pages made and sees how long they are would guess it letter by letter (BREACH).
"""

from base64 import urlsafe_b64decode, urlsafe_b64encode

from flask import Flask, g
from flask_wtf.csrf import CSRFProtect, generate_csrf
from markupsafe import Markup

from app import chance

UNREADABLE = "unreadable"
_FIELD = Markup('<input type="hidden" name="csrf_token" value="{}">')


class MaskedCsrf(CSRFProtect):  # type: ignore[misc]
    """Flask-WTF's protection, whose tokens leave masked and are unmasked when they come back."""

    def init_app(self, app: Flask) -> None:
        super().init_app(app)
        app.jinja_env.globals |= {"csrf_token": masked_token, "csrf_field": csrf_field}
        app.context_processor(lambda: {"csrf_token": masked_token})

    def _get_csrf_token(self) -> str | None:
        token = super()._get_csrf_token()
        return unmask(token) if token else None


def masked_token() -> str:
    """The token for the forms of this answer: one mask for all of them."""
    if "masked_token" not in g:
        g.masked_token = mask(generate_csrf())
    return str(g.masked_token)


def csrf_field() -> Markup:
    """The same as the field of a form: a panel of 50 rows has 200 of them."""
    return _FIELD.format(masked_token())


def mask(token: str) -> str:
    """`token` under a mask that is used once, and the mask."""
    plain = token.encode()
    pad = chance.random_bytes(len(plain))
    return urlsafe_b64encode(pad + _crossed(plain, pad)).rstrip(b"=").decode()


def unmask(masked: str) -> str:
    """The token beneath; what was no masked token becomes one that is good for nothing."""
    try:
        both = urlsafe_b64decode(masked + "=" * (-len(masked) % 4))
        half = len(both) // 2
        return _crossed(both[:half], both[half:]).decode("ascii")
    except ValueError:
        return UNREADABLE


def _crossed(one: bytes, other: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(one, other, strict=True))
