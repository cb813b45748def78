"""One's own data: as a file, and deleted with the account."""

import json

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import PasswordField
from wtforms.validators import InputRequired

from app.extensions import db, hidden, limiter
from app.services.departures import account_deletion, personal_data
from app.services.departures.account_deletion import OwnsOrganizations
from app.services.mail import outbox
from app.services.organizations import passwords
from app.services.sign_in import guesses
from app.web import proofs, sessions
from app.web.access import signed_in_user
from app.web.formatting import today

bp = Blueprint("personal_data", __name__, url_prefix="/account")


class DeletionForm(FlaskForm):  # type: ignore[misc]
    own_password = PasswordField("Your password", [InputRequired("Enter your password.")])


FILES_OF_PERSON = "10 per hour"


def _asked_by() -> str:
    return hidden(f"own data of {signed_in_user().id}")


@bp.get("/data.json")
@limiter.limit(FILES_OF_PERSON, key_func=_asked_by)
def download() -> ResponseReturnValue:
    kept = json.dumps(personal_data.of(signed_in_user()), indent=2, ensure_ascii=False)
    name = f"unpack-{today().isoformat()}.json"
    return Response(
        kept,
        mimetype="application/json",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@bp.get("/deletion")
def confirm() -> ResponseReturnValue:
    return _page(DeletionForm())


@bp.post("/deletion")
def destroy() -> ResponseReturnValue:
    form, user = DeletionForm(), signed_in_user()
    if account_deletion.owned_by(user):
        return _page(form), 409
    if not form.validate():
        return _page(form), 422
    try:
        own = proofs.of_own_password(user)
        matched = proofs.matched_hash(own, user.email, form.own_password.data)
        account_deletion.delete_own(user, matched)
    except passwords.PasswordWrong as error:
        return _wrong(form, error.sentence), 422
    except guesses.TooManyGuesses as error:
        return _wrong(form, f"{error.sentence} Try again {proofs.when(error)}."), 429
    except OwnsOrganizations:
        db.session.rollback()
        return _page(form), 409
    sessions.end()
    db.session.commit()
    flash("Your account is deleted.", "ok")
    return redirect(url_for("sessions.new"), 303)


def _wrong(form: DeletionForm, sentence: str) -> str:
    db.session.rollback()
    form.own_password.errors = [sentence]
    return _page(form)


def _page(form: DeletionForm) -> str:
    owned = account_deletion.owned_by(signed_in_user())
    return render_template(
        "account/deletion.html",
        form=form,
        refused=OwnsOrganizations(owned).sentence if owned else "",
        owned=owned,
        name=account_deletion.NAME,
        sends_mail=outbox.is_set_up(),
    )
