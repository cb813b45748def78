"""`/readyz`: whether the installation can do its work, for whoever watches it."""

from flask import Blueprint, Response, current_app
from flask.typing import ResponseReturnValue

from app import readiness
from app.web.access import public
from app.web.doorway import READY

bp = Blueprint("readiness", __name__)


@bp.get(READY)
@public
def show() -> ResponseReturnValue:
    """200 "ok", or 503 with a line for each part that is missing, and nothing else about it."""
    missing = readiness.missing(current_app)
    words = "".join(f"missing: {part}\n" for part in missing) or "ok\n"
    return Response(words, 503 if missing else 200, mimetype="text/plain")
