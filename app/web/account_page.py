"""The page of one's own account: its forms, and all that it shows."""

from typing import Any

from flask import current_app, render_template
from flask_wtf import FlaskForm
from wtforms import (
    EmailField,
    PasswordField,
    RadioField,
    SelectChoice,
    SelectField,
)
from wtforms.validators import DataRequired, InputRequired, Length

from app.models import Appearance, User
from app.services.mail import outbox, preferences
from app.services.organizations import (
    accounts,
    email_changes,
    memberships,
    single_sign_on,
    teams,
)
from app.services.sign_in import user_sessions
from app.web import identity_provider
from app.web.access import signed_in_user, this_session
from app.web.fields import name_field

APPEARANCES = [
    SelectChoice(Appearance.SYSTEM.value, "As the system"),
    SelectChoice(Appearance.LIGHT.value, "Light"),
    SelectChoice(Appearance.DARK.value, "Dark"),
]


class ProfileForm(FlaskForm):  # type: ignore[misc]
    name = name_field("Name", "Enter your name.")
    zone = SelectField("Time zone")
    appearance = RadioField("Appearance", choices=APPEARANCES)

    @classmethod
    def of(cls, user: User, **given: Any) -> "ProfileForm":
        form = cls(
            **given,
            name=user.name,
            zone=user.time_zone if user.time_zone_chosen else "",
            appearance=user.appearance.value,
        )
        form.zone.choices = _zones(user)
        return form


class ChangeForm(FlaskForm):  # type: ignore[misc]
    current = PasswordField("Current password", [InputRequired("Enter your current password.")])
    new = PasswordField("New password", [InputRequired("Choose a password.")])


class AddressForm(FlaskForm):  # type: ignore[misc]
    email = EmailField(
        "New address",
        [
            DataRequired("Enter the new address."),
            Length(max=254, message="An e-mail address has at most 254 characters."),
        ],
    )
    own_password = PasswordField("Your password", [InputRequired("Enter your password.")])


def page(**sent: FlaskForm) -> str:
    """All of it, with the form that somebody sent instead of an untouched one."""
    user = signed_in_user()
    shown: dict[str, Any] = {
        "profile_form": ProfileForm.of(user, formdata=None),
        "password_form": ChangeForm(formdata=None),
        "address_form": AddressForm(formdata=None),
    }
    return render_template(
        "account/show.html",
        **(shown | sent),
        switches=preferences.switches_of(user),
        chosen=preferences.chosen_by(user),
        change=email_changes.waiting_of(user),
        sends_mail=outbox.is_set_up(),
        sessions=user_sessions.open_of(user),
        this_session=this_session(),
        memberships=memberships.of_user(user),
        facilitated=teams.facilitated_by(user),
        signs_in_with=_provider_of(user),
    )


def _provider_of(user: User) -> str:
    """With whom the person signs in beside their password, in words; empty for nobody."""
    issuer = current_app.config["OIDC_ISSUER"]
    tied = issuer and single_sign_on.identity_of(user, issuer)
    return identity_provider.name() if tied else ""


def _zones(user: User) -> list[SelectChoice]:
    """Those that there are, and the person's own."""
    known = {*accounts.zone_names(), *([user.time_zone] if user.time_zone_chosen else [])}
    now = "" if user.time_zone_chosen else f" ({user.time_zone})"
    return [
        SelectChoice("", f"The browser’s{now}"),
        *(SelectChoice(name, name) for name in sorted(known)),
    ]
