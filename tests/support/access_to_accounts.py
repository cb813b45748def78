"""Of the access table: signing in, passwords, invitations, one's own account."""

from tests.support.access_rows import SIGN_IN, Route, everybody, row, signed_in

_SIGNING_IN = [
    Route("static", "/static/css/base.css", everybody(200)),
    Route("sessions.new", "/sign-in", row(200, *[303] * 6)),
    Route("sessions.create", "/sign-in", everybody(422), {"email": "", "password": ""}),
    Route("single_sign_on.new", "/sign-in/single-sign-on", everybody(404)),
    Route("single_sign_on.callback", "/sign-in/single-sign-on/callback", everybody(404)),
    Route("sessions.destroy", "/sign-out", everybody(SIGN_IN), {}),
]
_READY = Route("readiness.show", "/readyz", everybody(503))  # nothing runs beside a test
PASSWORD_PAGE, ADDRESS_PAGE = "/password", "/account/email"
_PASSWORD = [
    Route("passwords.new", f"{PASSWORD_PAGE}/forgotten", everybody(200)),
    Route("passwords.create", f"{PASSWORD_PAGE}/forgotten", everybody(422), {"email": ""}),
    Route("passwords.sent", f"{PASSWORD_PAGE}/forgotten/sent", everybody(303)),
    Route("passwords.follow", f"{PASSWORD_PAGE}/links/nobodys", everybody(303)),
    Route("passwords.edit", PASSWORD_PAGE, everybody(410)),
    Route("passwords.update", PASSWORD_PAGE, everybody(410), {"password": "a long enough one"}),
    Route("account.show", "/account", signed_in(200)),
    Route("account.update", "/account", signed_in(422), {"name": ""}),
    Route("account.update_password", "/account/password", signed_in(422), {"current": ""}),
    Route("unsubscriptions.show", "/unsubscriptions/nobodys", everybody(404)),
    Route("unsubscriptions.create", "/unsubscriptions/nobodys", everybody(404), {}),
    Route("email_changes.create", ADDRESS_PAGE, signed_in(422), {"email": ""}),
    Route("email_changes.destroy", f"{ADDRESS_PAGE}/removal", signed_in(303), {}),
    Route("email_changes.follow", f"{ADDRESS_PAGE}/links/nobodys", everybody(303)),
    Route("email_changes.edit", f"{ADDRESS_PAGE}/confirmation", signed_in(410)),
    Route("email_changes.update", f"{ADDRESS_PAGE}/confirmation", signed_in(410), {}),
    Route("personal_data.download", "/account/data.json", signed_in(200)),
    Route("personal_data.confirm", "/account/deletion", signed_in(200)),
    Route(
        "personal_data.destroy",
        "/account/deletion",
        row(SIGN_IN, 409, 422, 422, 422, 422, 409),
        {"own_password": ""},
    ),
    Route("account.destroy_session", "/account/sessions/1/removal", signed_in(303), {}),
    Route("account.destroy_other_sessions", "/account/other-sessions/removal", signed_in(303), {}),
]
_INVITED = [
    Route("acceptances.follow", "/invitations/nobodys", everybody(303)),
    Route("acceptances.new", "/invitation", everybody(410)),
    Route("acceptances.create", "/invitation", everybody(303), {}),
    Route("acceptances.sign_out", "/invitation/sign-out", signed_in(303), {}),
]
ACCOUNTS = [*_SIGNING_IN, _READY, *_PASSWORD, *_INVITED]
