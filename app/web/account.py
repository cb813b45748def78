"""One's own account: the password."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from app.extensions import db, hidden, limiter
from app.services.organizations import passwords
from app.services.organizations.password_rules import PasswordRefused
from app.web import sessions
from app.web.access import signed_in_user

bp = Blueprint("account", __name__, url_prefix="/account")


class ChangeForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField("Current password", [InputRequired("Enter your current password.")])
    new = PasswordField("New password", [InputRequired("Choose a password.")])


@bp.get("")
def show() -> ResponseReturnValue:
    return _page(ChangeForm())


def _asked_for() -> str:
    return hidden(f"password of {signed_in_user().id}")


@bp.post("/password")
@limiter.limit(sessions.FAILURES_OF_ONE, key_func=_asked_for, deduct_when=sessions.refused)
def update_password() -> ResponseReturnValue:
    form, user = ChangeForm(), signed_in_user()
    if not form.validate():
        return _page(form), 422
    try:
        passwords.change(user, form.current.data, form.new.data)
    except passwords.PasswordWrong as error:
        form.current.errors = [error.sentence]
        return _page(form), 422
    except PasswordRefused as error:
        form.new.errors = [error.sentence]
        return _page(form), 422
    db.session.commit()
    sessions.begin(user)
    flash("Your password is changed. You are signed out everywhere else.", "ok")
    return redirect(url_for("account.show"), 303)


def _page(form: ChangeForm) -> str:
    return render_template("account/show.html", form=form)
