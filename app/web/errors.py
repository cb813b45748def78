"""Error pages in plain words, as a page or, for htmx, as a notice."""

import logging
from typing import Any, NamedTuple

from flask import Flask, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, InternalServerError
from werkzeug.exceptions import default_exceptions as werkzeug_exceptions

from app.clock import utcnow
from app.extensions import db
from app.logging import request_id
from app.services.errors import UnpackError
from app.web.partials import wants_partial

log = logging.getLogger(__name__)


class Words(NamedTuple):
    heading: str
    sentence: str


WORDS = {
    400: Words("This could not be read", "The request was incomplete, so nothing was changed."),
    401: Words("Sign in first", "You are signed out."),
    403: Words("You cannot change this", "Your role does not include this. Ask an admin."),
    404: Words(
        "This page is not here",
        "It may have been moved or deleted, or it belongs to an organization you are not a "
        "member of.",
    ),
    405: Words("This page is not here", "This address does not take that kind of request."),
    409: Words("This is not possible now", "Somebody else was faster, so nothing was changed."),
    413: Words("This is too large", "Unpack takes at most 1 MB at once. Nothing was changed."),
    429: Words("Too many tries", "Wait some minutes, then try again."),
    500: Words(
        "This did not work",
        "The fault is ours, not yours. Nothing was changed by this request. What is due for Jira "
        "keeps waiting and goes out by itself.",
    ),
}


def init_app(app: Flask) -> None:
    app.register_error_handler(UnpackError, _unpack_error)
    app.register_error_handler(HTTPException, _http_error)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error
    if error.code >= 500:
        db.session.rollback()
    words = WORDS.get(error.code, Words(error.name, WORDS[500 if error.code >= 500 else 400][1]))
    answer = make_response(body(error.code, _own_words(error, words)), error.code)
    for name, value in error.get_headers():
        if name.lower() not in {"content-type", "content-length"}:
            answer.headers[name] = value
    return answer


def _unpack_error(error: UnpackError) -> ResponseReturnValue:
    """A fact that no route turned into something better."""
    db.session.rollback()
    return body(409, Words(WORDS[409].heading, error.sentence)), 409


def _own_words(error: HTTPException, words: Words) -> Words:
    """`abort(403, "…")` brings a sentence of ours; Werkzeug's own are not for people."""
    standard = werkzeug_exceptions.get(error.code or 500, InternalServerError).description
    if error.description and error.description != standard and error.code in {403, 404, 409}:
        return words._replace(sentence=error.description)
    return words


def body(code: int, words: Words) -> str:
    """The page with everything around it; if even that breaks, the sentence alone."""
    template = "errors/_notice.html" if wants_partial() else "errors/page.html"
    said: dict[str, Any] = {"code": code, "reference": request_id() if code >= 500 else ""}
    said |= {"now": utcnow(), "again": request.method == "GET", **words._asdict()}
    try:
        return render_template(template, **said)
    except Exception:
        log.exception("error page failed", extra={"path": request.path, "code": code})
    failsafe = current_app.jinja_env.get_template("errors/failsafe.html")
    return failsafe.render(**said)
