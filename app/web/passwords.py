"""Setting a password that one has forgotten, or never had: by a link to one's own address."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField
from wtforms.validators import DataRequired, InputRequired, Length

from app.extensions import db, hidden, limiter
from app.models import MailKind, User
from app.services.mail import outbox
from app.services.organizations import accounts, one_time_links, passwords
from app.services.organizations.password_rules import PasswordRefused
from app.services.owed import mails
from app.web import proofs, sessions
from app.web.access import public

bp = Blueprint("passwords", __name__, url_prefix="/password")

LINKS_OF_ADDRESS = "5 per hour"  # of an e-mail address
LINKS_OF_MACHINE = "60 per hour"
_TOKEN, _ASKED_FOR = "password_link", "password_link_for"  # noqa: S105 — names in the session


class AddressForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        "E-mail",
        [
            DataRequired("Enter your e-mail address."),
            Length(max=254, message="An e-mail address has at most 254 characters."),
        ],
    )


class PasswordForm(FlaskForm):  # type: ignore[misc]
    password = PasswordField("New password", [InputRequired("Choose a password.")])


@bp.get("/forgotten")
@public
def new() -> ResponseReturnValue:
    return _forgotten(AddressForm())


def _asked_for() -> str:
    return hidden(accounts.normalized(request.form.get("email", "")))


@bp.post("/forgotten")
@public
@limiter.limit(LINKS_OF_ADDRESS, key_func=_asked_for)
@limiter.limit(LINKS_OF_MACHINE)
def create() -> ResponseReturnValue:
    """The same answer and the same work for every address: a job looks whether it is anybody's."""
    form = AddressForm()
    if not form.validate():
        return _forgotten(form), 422
    address = accounts.normalized(form.email.data)
    try:
        accounts.refuse_unreadable(address)
    except accounts.EmailUnreadable as error:
        form.email.errors = [error.sentence]
        return _forgotten(form), 422
    session[_ASKED_FOR] = address
    if outbox.is_set_up():
        mails.owe(MailKind.PASSWORD_LINK, address)
        db.session.commit()
    return redirect(url_for("passwords.sent"), 303)


@bp.get("/forgotten/sent")
@public
def sent() -> ResponseReturnValue:
    address = session.get(_ASKED_FOR)
    if address is None:
        return redirect(url_for("passwords.new"), 303)
    return render_template(
        "passwords/sent.html", email=address, form=AddressForm(), sends_mail=outbox.is_set_up()
    )


@bp.get("/links/<token>")
@public
def follow(token: str) -> ResponseReturnValue:
    """Keep the link's token in the session, so that it leaves the address at once."""
    session[_TOKEN] = token
    answer = redirect(url_for("passwords.edit"), 303)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.get("")
@public
def edit() -> ResponseReturnValue:
    user = one_time_links.person_of(session.get(_TOKEN, ""))
    return _ended() if user is None else _page(PasswordForm(), user)


@bp.post("")
@public
def update() -> ResponseReturnValue:
    token, form = session.get(_TOKEN, ""), PasswordForm()
    user = one_time_links.person_of(token)
    if user is None:
        return _ended()
    if not form.validate():
        return _page(form, user), 422
    try:
        passwords.refuse_weak(user, form.password.data)
    except PasswordRefused as error:
        form.password.errors = [error.sentence]
        return _page(form, user), 422
    hashed = proofs.hash_of(user.email, form.password.data)
    try:
        proofs.forget_guesses(user.email)  # first: rows are locked in one order everywhere
        passwords.choose_by_link(token, hashed)
    except passwords.LinkEnded:
        db.session.rollback()
        return _ended()
    sessions.begin(user)
    db.session.commit()
    flash("Your password is set. You are signed out everywhere else.", "ok")
    return redirect(url_for("home.index"), 303)


def _forgotten(form: AddressForm) -> str:
    return render_template("passwords/forgotten.html", form=form, sends_mail=outbox.is_set_up())


def _page(form: PasswordForm, user: User) -> str:
    return render_template("passwords/edit.html", form=form, user=user)


def _ended() -> ResponseReturnValue:
    return render_template("passwords/ended.html"), 410
