"""Signing in and out."""

from flask import Blueprint, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_user, logout_user
from flask_wtf import FlaskForm
from sqlalchemy import select
from werkzeug.security import check_password_hash
from wtforms import EmailField, HiddenField, PasswordField
from wtforms.validators import DataRequired, InputRequired

from app.extensions import db
from app.models import User
from app.services.mail import outbox
from app.services.organizations import accounts, passwords
from app.services.sign_in import guesses, user_sessions
from app.web import destinations, known_browsers, proofs, unsaved
from app.web.access import SESSION_TOKEN, public, signed_in_user

bp = Blueprint("sessions", __name__)

DEMO_PASSWORD = "unpack-demo"  # noqa: S105 — of accounts that exist in the demo only
DEMO_ACCOUNTS = {
    "admin@acme.test": "Admin of Acme, sets up Jira",
    "facilitator@acme.test": "Facilitates Platform",
    "member1@acme.test": "Member of Platform",
    "member2@acme.test": "Member of Platform and Mobile",
    "owner@acme.test": "Owner of Acme, on Pro",
    "owner@tiny.test": "Owner of Tiny, on Free",
}
# What the session keeps of a link that was followed, also through a sign-in.
INVITATION, EMAIL_CHANGE = "invitation", "email_change"


class SignInForm(FlaskForm):  # type: ignore[misc]
    email = EmailField("E-mail", [DataRequired("Enter your e-mail address.")])
    password = PasswordField("Password", [InputRequired("Enter your password.")])
    time_zone = HiddenField()
    next = HiddenField()
    unsaved = HiddenField()  # what the person was about to send when their session ended


@bp.get("/sign-in")
@public
def new() -> ResponseReturnValue:
    if current_user.is_authenticated:
        return redirect(url_for("home.index"), 303)
    if kept := g.get("unsaved"):
        return _page(SignInForm(formdata=None, next=unsaved.place(), unsaved=kept))
    return _page(SignInForm(next=request.args.get("next", "")))


@bp.post("/sign-in")
@public
def create() -> ResponseReturnValue:
    form = SignInForm()
    if not form.validate():
        return _page(form), 422
    email = accounts.normalized(form.email.data)
    try:
        matched = proofs.matched_hash(proofs.of_sign_in(email), email, form.password.data)
        user = passwords.person_of(email, matched)
    except guesses.TooManyGuesses as error:
        return _too_many(form, error)
    except passwords.PasswordNotChosen:
        return _not_chosen(email), 422
    if user is None:
        form.password.errors = ["E-mail or password is wrong."]
        return _page(form), 422
    accounts.remember_time_zone(user, form.time_zone.data or "")
    begin(user)
    db.session.commit()
    if kept := unsaved.opened(form.unsaved.data or "", user):
        return unsaved.page(kept)
    return redirect(safe_destination(form.next.data), 303)


@bp.post("/sign-out")
def destroy() -> ResponseReturnValue:
    end()
    db.session.commit()
    return redirect(url_for("sessions.new"), 303)


def end() -> None:
    """Sign out whoever is signed in in this browser; the caller commits."""
    if current_user.is_authenticated:
        user_sessions.end(signed_in_user(), g.user_session_id)
    logout_user()
    session.clear()


def begin(user: User) -> None:
    """Sign the person in, in a new session instead of the browser's; the caller commits."""
    if current_user.is_authenticated:
        user_sessions.end(signed_in_user(), g.user_session_id)
    followed = {name: session[name] for name in (INVITATION, EMAIL_CHANGE) if name in session}
    session.clear()  # with the old CSRF token: whoever planted it cannot use it
    session.update(followed)
    session.permanent = True
    session[SESSION_TOKEN] = user_sessions.begin(user, request.user_agent.string)
    known_browsers.remember(user)
    login_user(user)


def safe_destination(destination: str | None) -> str:
    """A path of our own, else home: a link to the sign-in page must not lead elsewhere."""
    own = destination if destination and destinations.is_own(destination) else None
    return own or url_for("home.index")


def _too_many(form: SignInForm, error: guesses.TooManyGuesses) -> ResponseReturnValue:
    """Nobody looked at the password. Whoever owns the address comes in by a link to it."""
    form.password.errors = [
        f"Too many passwords were wrong. Try again {proofs.when(error)}, or set a new password."
    ]
    return _page(form), 429, {"Retry-After": str(proofs.seconds_until(error))}


def _not_chosen(email: str) -> str:
    """The password is right, and others may know it: only the address's owner may go on."""
    return render_template("sessions/not_chosen.html", email=email, sends_mail=outbox.is_set_up())


def _page(form: SignInForm) -> str:
    return render_template(
        "sessions/new.html",
        form=form,
        demo_accounts=_demo_accounts(),
        has_outbox=outbox.keeps_outbox(),
    )


def _demo_accounts() -> list[tuple[User, str]]:
    """The sample people whom one click lets in, and what to know of them; nobody outside the demo.

    Not those who were given a password of their own, because others could reach the demo.
    """
    if not current_app.config["DEMO"]:
        return []
    users = db.session.scalars(select(User).where(User.email.in_(DEMO_ACCOUNTS)))
    found = {
        user.email: user for user in users if check_password_hash(user.password_hash, DEMO_PASSWORD)
    }
    return [(found[email], words) for email, words in DEMO_ACCOUNTS.items() if email in found]
