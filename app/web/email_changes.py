"""Changing one's own e-mail address, by a link that the new one gets."""

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db, hidden, limiter
from app.models import User
from app.services.mail import outbox
from app.services.organizations import accounts, email_changes, one_time_links
from app.services.organizations.passwords import PasswordWrong
from app.services.sign_in import guesses
from app.web import account_page, known_browsers, proofs, sessions
from app.web.access import public, require, signed_in_user

bp = Blueprint("email_changes", __name__, url_prefix="/account/email")

LINKS_OF_PERSON = "5 per hour"
LINKS_OF_ADDRESS = "5 per hour"


def _asked_by() -> str:
    return hidden(f"change of address by {signed_in_user().id}")


def _asked_for() -> str:
    return hidden(f"change to {accounts.normalized(request.form.get('email', ''))}")


def _was_sent(answer: Response) -> bool:
    """What was refused at a field sent nothing; wrong passwords are counted elsewhere."""
    return answer.status_code == 303


@bp.post("")
@limiter.limit(LINKS_OF_PERSON, key_func=_asked_by, deduct_when=_was_sent)
@limiter.limit(LINKS_OF_ADDRESS, key_func=_asked_for, deduct_when=_was_sent)
def create() -> ResponseReturnValue:
    """The same answer and the same work for every address: a job looks whether it is anybody's."""
    require(outbox.is_set_up(), "This installation sends no e-mail.")
    form, user = account_page.AddressForm(), signed_in_user()
    if not form.validate():
        return account_page.page(address_form=form), 422
    try:
        email_changes.refuse(user, form.email.data)
        matched = _matched_hash(user, form.own_password.data)
        change = email_changes.ask(user, form.email.data, matched)
    except (accounts.EmailUnreadable, email_changes.OwnAddress) as error:
        form.email.errors = [error.sentence]
        return account_page.page(address_form=form), 422
    except PasswordWrong as error:
        form.own_password.errors = [error.sentence]
        return account_page.page(address_form=form), 422
    except guesses.TooManyGuesses as error:
        form.own_password.errors = [f"{error.sentence} Try again {proofs.when(error)}."]
        return account_page.page(address_form=form), 429
    db.session.commit()
    flash(f"A link is on its way to {change.email}. Nothing has changed yet.", "ok")
    return redirect(_section(), 303)


@bp.post("/removal")
def destroy() -> ResponseReturnValue:
    one_time_links.end_email_change_of(signed_in_user())
    db.session.commit()
    flash("Your address stays as it is.", "ok")
    return redirect(_section(), 303)


@bp.get("/links/<token>")
@public
def follow(token: str) -> ResponseReturnValue:
    """Keep the link's token in the session, so that it leaves the address at once."""
    session[sessions.EMAIL_CHANGE] = token
    answer = redirect(url_for("email_changes.edit"), 303)
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer


@bp.get("/confirmation")
def edit() -> ResponseReturnValue:
    """For who is signed in to the account that asked: whoever else reads the new address's mail,
    because it was mistyped, does not get the account with it."""
    change = one_time_links.email_change_of(_token())
    if change is None:
        return _ended(email_changes.ChangeEnded.sentence)
    if change.user_id != signed_in_user().id:
        return _ended(email_changes.ChangeOfAnother.sentence)
    return render_template("email_changes/edit.html", change=change)


@bp.post("/confirmation")
def update() -> ResponseReturnValue:
    user = signed_in_user()
    try:
        email_changes.confirm(_token(), user)
    except (
        email_changes.ChangeEnded,
        email_changes.ChangeOfAnother,
        accounts.EmailTaken,
    ) as error:
        db.session.rollback()
        return _ended(error.sentence)
    known_browsers.remember(user)
    db.session.commit()
    session.pop(sessions.EMAIL_CHANGE, None)
    flash(f"Your address is {user.email} now.", "ok")
    return redirect(_section(), 303)


def _matched_hash(user: User, password: str) -> str:
    return proofs.matched_hash(proofs.of_own_password(user), user.email, password)


def _token() -> str:
    token: str = session.get(sessions.EMAIL_CHANGE, "")
    return token


def _section() -> str:
    return url_for("account.show", _anchor="address")


def _ended(why: str) -> ResponseReturnValue:
    return render_template("email_changes/ended.html", why=why), 410
