"""The demo's e-mails, to be read without a mail server. Nobody else's installation has the page."""

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from app.services.mail import outbox
from app.web.access import public

bp = Blueprint("outbox", __name__)


@bp.get("/demo/outbox")
@public
def index() -> ResponseReturnValue:
    if not outbox.keeps_outbox():
        abort(404)
    return render_template("outbox/index.html", mails=outbox.outbox())
