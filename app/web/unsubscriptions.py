"""Turning an e-mail off by the link in it: signed in or not, by a person or by their mail program.

A GET only asks, because programs that look for harm follow links. The POST carries no CSRF token,
because mail programs send it (RFC 8058): the link itself is signed, and does nothing else.
"""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from app.extensions import csrf, db
from app.models import MailKind
from app.services.mail import unsubscribing
from app.web.access import public

bp = Blueprint("unsubscriptions", __name__, url_prefix="/unsubscriptions")
csrf.exempt(bp)

WORDS = {MailKind.DIGEST: "the weekly digest", MailKind.REMINDER: "reminders"}


@bp.get("/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    try:
        _, kind = unsubscribing.subject_of(token)
    except unsubscribing.LinkUnreadable as error:
        return render_template("unsubscriptions/unreadable.html", why=error.sentence), 404
    return render_template("unsubscriptions/show.html", what=WORDS[kind])


@bp.post("/<token>")
@public
def create(token: str) -> ResponseReturnValue:
    """The same answer whether the account is still there."""
    try:
        user, kind = unsubscribing.subject_of(token)
    except unsubscribing.LinkUnreadable as error:
        return render_template("unsubscriptions/unreadable.html", why=error.sentence), 404
    if user is not None:
        unsubscribing.turn_off(user, kind)
        db.session.commit()
    return render_template("unsubscriptions/done.html", what=WORDS[kind])
