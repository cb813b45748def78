"""`/metrics`: for Prometheus, which shows METRICS_TOKEN. Without that setting it is nowhere."""

import hmac
from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Blueprint, Flask, Response, abort, current_app, request
from flask.typing import ResponseReturnValue

from app.operations.metrics import exposition
from app.web.access import public

PATH = "/metrics"

bp = Blueprint("metrics", __name__)


def init_app(app: Flask) -> None:
    """Let it be asked by address, as Prometheus does. Nothing in its answer depends on the name."""
    if app.config["METRICS_TOKEN"]:
        app.wsgi_app = _ByAddress(app.wsgi_app, app.config["TRUSTED_HOSTS"][0].lstrip("."))  # type: ignore[method-assign]


class _ByAddress:
    def __init__(self, app: WSGIApplication, host: str) -> None:
        self.app, self.host = app, host

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == PATH:
            environ["HTTP_HOST"] = self.host
        return self.app(environ, start_response)


@bp.get(PATH)
@public
def show() -> ResponseReturnValue:
    expected = current_app.config["METRICS_TOKEN"]
    if not expected:
        abort(404)
    given = request.headers.get("Authorization", "").encode()
    if not hmac.compare_digest(given, f"Bearer {expected}".encode()):
        return Response("", 401, {"WWW-Authenticate": "Bearer"}, mimetype="text/plain")
    return Response(exposition.exposition(), content_type=exposition.CONTENT_TYPE)
