"""One's own account: the password, and where one is signed in."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from app.extensions import db
from app.services.labels import plural
from app.services.organizations import passwords
from app.services.organizations.password_rules import PasswordRefused
from app.services.sign_in import guesses, user_sessions
from app.web import proofs, sessions
from app.web.access import signed_in_user, this_session

bp = Blueprint("account", __name__, url_prefix="/account")


class ChangeForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField("Current password", [InputRequired("Enter your current password.")])
    new = PasswordField("New password", [InputRequired("Choose a password.")])


@bp.get("")
def show() -> ResponseReturnValue:
    return _page(ChangeForm())


@bp.post("/password")
def update_password() -> ResponseReturnValue:
    form, user = ChangeForm(), signed_in_user()
    if not form.validate():
        return _page(form), 422
    try:
        passwords.refuse_weak(user, form.new.data)
        matched = proofs.matched_hash(proofs.of_own_password(user), user.email, form.current.data)
        if not matched:
            raise passwords.PasswordWrong
        passwords.change(user, matched, proofs.hash_of(form.new.data))
    except PasswordRefused as error:
        form.new.errors = [error.sentence]
        return _page(form), 422
    except passwords.PasswordWrong as error:
        form.current.errors = [error.sentence]
        return _page(form), 422
    except guesses.TooManyGuesses as error:
        form.current.errors = [f"{error.sentence} Try again {proofs.when(error)}."]
        return _page(form), 429
    sessions.begin(user)
    db.session.commit()
    flash("Your password is changed. You are signed out everywhere else.", "ok")
    return redirect(url_for("account.show"), 303)


@bp.post("/sessions/<int:session_id>/removal")
def destroy_session(session_id: int) -> ResponseReturnValue:
    user_sessions.end(signed_in_user(), session_id)
    db.session.commit()
    flash("That session is ended.", "ok")
    return redirect(url_for("account.show", _anchor="sessions"), 303)


@bp.post("/other-sessions/removal")
def destroy_other_sessions() -> ResponseReturnValue:
    ended = user_sessions.end_all_of(signed_in_user(), but=this_session())
    db.session.commit()
    flash(f"{plural(ended, 'other session')} ended.", "ok")
    return redirect(url_for("account.show", _anchor="sessions"), 303)


def _page(form: ChangeForm) -> str:
    return render_template(
        "account/show.html",
        form=form,
        sessions=user_sessions.open_of(signed_in_user()),
        this_session=this_session(),
    )
