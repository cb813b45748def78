"""One's own account: who one is, the password, and where one is signed in."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from app.extensions import db
from app.models import Appearance, MailKind
from app.services.labels import plural
from app.services.mail import preferences
from app.services.organizations import accounts, passwords
from app.services.organizations.password_rules import PasswordRefused
from app.services.sign_in import guesses, user_sessions
from app.web import account_page, proofs, sessions
from app.web.access import signed_in_user, this_session

bp = Blueprint("account", __name__, url_prefix="/account")


@bp.get("")
def show() -> ResponseReturnValue:
    return account_page.page()


@bp.post("")
def update() -> ResponseReturnValue:
    user = signed_in_user()
    form = account_page.ProfileForm.of(user)
    if not form.validate():
        return account_page.page(profile_form=form), 422
    accounts.save_profile(
        user,
        name=form.name.data,
        time_zone=form.zone.data,
        appearance=Appearance(form.appearance.data),
    )
    wanted = set(request.form.getlist("mails"))
    preferences.choose(user, [kind for kind in MailKind if kind.value in wanted])
    db.session.commit()
    flash("Your account is saved.", "ok")
    return redirect(url_for("account.show"), 303)


@bp.post("/password")
def update_password() -> ResponseReturnValue:
    form, user = account_page.ChangeForm(), signed_in_user()
    if not form.validate():
        return account_page.page(password_form=form), 422
    try:
        passwords.refuse_weak(user, form.new.data)
        matched = proofs.matched_hash(proofs.of_own_password(user), user.email, form.current.data)
        if not matched:
            raise passwords.PasswordWrong
        passwords.change(user, matched, proofs.hash_of(user.email, form.new.data))
    except PasswordRefused as error:
        form.new.errors = [error.sentence]
        return account_page.page(password_form=form), 422
    except passwords.PasswordWrong as error:
        form.current.errors = [error.sentence]
        return account_page.page(password_form=form), 422
    except guesses.TooManyGuesses as error:
        form.current.errors = [f"{error.sentence} Try again {proofs.when(error)}."]
        return account_page.page(password_form=form), 429
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
