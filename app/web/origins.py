"""Where an unsafe request comes from: from a page of ours, or nothing is done (style.md §8).

Two things are asked, and nothing else. The browser's own word, which no page can forge:
`Sec-Fetch-Site`, or `Origin` where that is missing, as it is over plain http. And the token, which
only our pages hold. The Referer is not asked for: a proxy or a person may well suppress it.
"""

import logging
from enum import Enum
from urllib.parse import urlsplit

from flask import Flask, Request, current_app, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user
from flask_wtf.csrf import CSRFError

from app.extensions import csrf
from app.web import access, errors, unsaved
from app.web.errors import Words
from app.web.partials import wants_partial

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OWN_SITES = frozenset({"same-origin", "none"})
NO_ORIGIN = "null"  # under a policy that tells nobody where a request comes from

log = logging.getLogger(__name__)


class Refusal(Enum):
    """Why a request was refused. The value is its word in the log."""

    OTHER_SITE = "other-site"
    OTHER_ORIGIN = "other-origin"
    NO_TOKEN = "no-token"  # noqa: S105 - a word for the log
    NO_SESSION = "no-session"
    OTHER_SESSION = "token-of-another-session"


WORDS = {
    Refusal.OTHER_SITE: (
        403,
        Words("This came from another site", "The form was not one of Unpack's. Nothing was done."),
    ),
    Refusal.OTHER_ORIGIN: (
        403,
        Words(
            "This came from another address",
            "The form was sent from an address that is not Unpack's, so nothing was done. Open "
            "Unpack at {public_url} and try again.",
        ),
    ),
    Refusal.NO_TOKEN: (
        400,
        Words(
            "This form came incomplete",
            "What proves that it is Unpack's own was missing. Reload it and try again. Nothing "
            "was changed.",
        ),
    ),
    Refusal.NO_SESSION: (
        400,
        Words(
            "Your browser sent no cookie",
            "Unpack needs one to know its own forms. Allow cookies for this site, then reload the "
            "page and try again. Nothing was changed.",
        ),
    ),
    Refusal.OTHER_SESSION: (
        400,
        Words(
            "This page was open for too long",
            "It is from before you last signed in or out, perhaps in another tab. Reload it and "
            "try again. Nothing was changed.",
        ),
    ),
}


def init_app(app: Flask) -> None:
    app.before_request(_check)
    app.register_error_handler(CSRFError, _without_token)


def _check() -> ResponseReturnValue | None:
    """The browser's word first: it is there before the body is."""
    if request.method in SAFE_METHODS:
        return None
    if refusal := foreign(request, current_app.config["PUBLIC_URL"]):
        return _answer(refusal)
    csrf.protect(apply_exemptions=True)
    return None


def foreign(request: Request, public_url: str) -> Refusal | None:
    """Whether the browser says that the request comes from elsewhere.

    `Sec-Fetch-Site` decides where it is given: behind a proxy the port or scheme that we see need
    not be the one that the browser sees. Neither header: the token alone has to do.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return None if site in OWN_SITES else Refusal.OTHER_SITE
    origin = request.headers.get("Origin", NO_ORIGIN)
    if origin == NO_ORIGIN:
        return None
    return None if _is_ours(origin, request.host, public_url) else Refusal.OTHER_ORIGIN


def _is_ours(origin: str, host: str, public_url: str) -> bool:
    """By the address that people use, or by the one that they used. Who ends TLS in front may
    leave us in the dark about the scheme."""
    ours = urlsplit(public_url)
    return origin == f"{ours.scheme}://{ours.netloc}" or urlsplit(origin).netloc == host


def _without_token(_error: CSRFError) -> ResponseReturnValue:
    """The token is checked before the sign-in is, and dies with the session: say what matters."""
    if answer := access.require_sign_in():
        return answer
    typed = unsaved.of_this_person()
    if typed is None:
        return _answer(_token_refusal())
    if wants_partial():
        return "The page is of an earlier session.", 401, {"Content-Type": "text/plain"}
    return unsaved.page(typed), 400


def _token_refusal() -> Refusal:
    fields, headers = current_app.config["WTF_CSRF_FIELD_NAME"], "X-CSRF-Token"
    if not (request.form.get(fields) or request.headers.get(headers)):
        return Refusal.NO_TOKEN
    return Refusal.OTHER_SESSION if fields in session else Refusal.NO_SESSION


def _answer(refusal: Refusal) -> ResponseReturnValue:
    log.warning(
        "request refused",
        extra={
            "reason": refusal.value,
            "endpoint": request.endpoint,
            "user": current_user.id if current_user.is_authenticated else None,
            "site": request.headers.get("Sec-Fetch-Site"),
            "origin": request.headers.get("Origin"),
        },
    )
    code, words = WORDS[refusal]
    public_url = current_app.config["PUBLIC_URL"]
    return errors.body(
        code, words._replace(sentence=words.sentence.format(public_url=public_url))
    ), code
