"""Before one is signed in: signing in, passwords, invitations, and one's own account."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from app.extensions import db
from app.models import ProviderIdentity, Role, User
from app.services.organizations import email_changes, invitations, one_time_links
from app.services.sign_in import hashing, user_sessions
from app.side_by_side import Line
from tests.support.acme import acme, person, sprint_14, team
from tests.support.invited import LINK
from tests.support.people import PASSWORD
from tests.web.pages.row import ADMIN, FACILITATOR, NOBODY, Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page


def line_full(scene: Scene) -> None:
    """Somebody's password is hashed, and nobody may wait."""
    line = Line(length=0, patience=0.0)
    scene.changed.setattr(hashing, "LINE", line)
    scene.ends.enter_context(line.turn())


def find_it_full(page: "Page") -> None:
    page.add_init_script("HTMLFormElement.prototype.submit = () => {}")  # or it sends itself away
    sign_in(ADMIN, PASSWORD, "Many people sign in")(page)


def invitation(email: str = "nora@acme.test") -> str:
    row = invitations.invite(
        acme(), email=email, role=Role.MEMBER, team_ids=[team().id], by=person("Adam")
    )
    return _path(one_time_links.for_invitation(row))


def invitation_elsewhere() -> str:
    owner = person("Owen")
    tiny = owner.memberships[0].organization
    row = invitations.invite(tiny, email=ADMIN, role=Role.ADMIN, team_ids=[], by=owner)
    return _path(one_time_links.for_invitation(row))


def password_link() -> str:
    return _path(one_time_links.for_password(person("Maya")))


def _path(address: str) -> str:
    db.session.commit()
    found = LINK.search(address)
    assert found
    return found[0]


def address_link() -> str:
    adam = person("Adam")
    change = email_changes.ask(adam, LONG, adam.password_hash)
    return _path(one_time_links.for_email_change(change))


def not_chosen(_: Scene) -> None:
    person("Maya").password_chosen_at = None


def without_password(email: str) -> "Callable[[Scene], None]":
    """Who comes by single sign-on alone."""

    def arrange(scene: Scene) -> None:
        user = db.session.query(User).filter_by(email=email).one()
        user.password_hash, user.password_chosen_at = "", None
        issuer = scene.app.config["OIDC_ISSUER"]
        db.session.add(ProviderIdentity(user_id=user.id, issuer=issuer, subject="a-1"))

    return arrange


def in_elsewhere(_: Scene) -> None:
    for device in ("Mozilla/5.0 (iPhone) Safari/604.1", "W" * 200):
        user_sessions.begin(person("Adam"), device)


def sign_in(email: str, password: str, then: str) -> "Callable[[Page], None]":
    def act(page: "Page") -> None:
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(password)
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_text(then).first.wait_for()

    return act


def write_while_the_session_ends(page: "Page") -> None:
    page.get_by_label("Title").fill("Rotate the keys of the payment provider")
    page.get_by_label("Description").fill("Before the audit")
    page.context.clear_cookies()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Your session has ended.").wait_for()


def come_back(page: "Page") -> None:
    write_while_the_session_ends(page)
    page.get_by_role("button", name=f"Sign in as {FACILITATOR}").click()
    page.get_by_text("This action item was not saved").wait_for()


def new_item() -> str:
    return f"/retrospectives/{sprint_14().id}/action-items/new"


def press(button: str, then: str, **fields: str) -> object:
    """Fill in fields by their labels, press, and wait for the words."""

    def act(page: "Page") -> None:
        for label, value in fields.items():
            page.get_by_label(label.replace("_", " ")).fill(value)
        page.get_by_role("button", name=button).click()
        page.get_by_text(then).first.wait_for()

    return act


LONG = "somebody.with.a.long.name@a-long-domain.example"
OWN_PASSWORD = {"Your_password": PASSWORD}
NO_MAIL = {"UNPACK_DEMO": "0"}
# Nobody answers there.
PROVIDER = {
    "OIDC_ISSUER": "https://you-forgot-to-ask-for-a-provider.invalid",
    "OIDC_CLIENT_ID": "unpack",
    "OIDC_CLIENT_SECRET": "unpack-tests-secret-of-the-provider",
    "OIDC_DOMAINS": "acme.test",
    "OIDC_NAME": "Acme Login",
}

DOORS = [
    Row("sign-in", "/sign-in", NOBODY),
    Row("sign-in-single-sign-on", "/sign-in", NOBODY, environment=NO_MAIL | PROVIDER),
    Row("sign-in-provider-down", "/sign-in/single-sign-on", NOBODY, environment=PROVIDER),
    Row("sign-in-without-demo", "/sign-in", NOBODY, environment=NO_MAIL),
    Row(
        "sign-in-wrong",
        "/sign-in",
        NOBODY,
        act=sign_in("owner@acme.test", "wrong", "E-mail or password is wrong."),
    ),
    Row("line-full", "/sign-in", NOBODY, line_full, find_it_full),
    Row(
        "password-not-chosen",
        "/sign-in",
        NOBODY,
        not_chosen,
        sign_in("member1@acme.test", PASSWORD, "password"),
    ),
    Row(
        "password-not-chosen-without-mail",
        "/sign-in",
        NOBODY,
        not_chosen,
        sign_in("member1@acme.test", PASSWORD, "flask users link member1@acme.test"),
        environment=NO_MAIL,
    ),
    Row("password-forgotten", "/password/forgotten", NOBODY),
    Row(
        "password-forgotten-sent",
        "/password/forgotten",
        NOBODY,
        act=press("Send the link", LONG, **{"E-mail": LONG}),
    ),
    Row("password-link-ended", f"/password/links/{'x' * 43}", NOBODY, status=410),
    Row("password-set", password_link, NOBODY),
    Row(
        "password-set-wrong",
        password_link,
        NOBODY,
        act=press("Set password", "12 characters", New_password="short"),
    ),
    Row("invitation-ended", "/invitation", NOBODY, status=410),
    Row("invitation-new-person", invitation, NOBODY),
    Row("invitation-wrong", invitation, NOBODY, act=press("Join Acme", "name")),
    Row("invitation-has-account", lambda: invitation("owner@tiny.test"), NOBODY),
    Row("invitation-new-person-single-sign-on", invitation, NOBODY, environment=PROVIDER),
    Row(
        "invitation-has-account-single-sign-on",
        lambda: invitation("owner@tiny.test"),
        NOBODY,
        environment=PROVIDER,
    ),
    Row("invitation-of-another", invitation),
    Row("invitation-signed-in", invitation_elsewhere),
    Row("account", "/account"),
    Row(
        "account-wrong",
        "/account",
        act=press("Change password", "password", Current_password="no", New_password="short"),
    ),
    Row("account-of-member", "/account", FACILITATOR),
    Row("account-without-mail", "/account", environment=NO_MAIL),
    Row("account-saved", "/account", act=press("Save account", "is saved", Name="Adam N.")),
    Row("account-sessions", "/account", state=in_elsewhere),
    Row(
        "account-without-password",
        "/account",
        state=without_password(ADMIN),
        environment=PROVIDER,
    ),
    Row(
        "account-without-password-or-mail",
        "/account",
        state=without_password(ADMIN),
        environment=NO_MAIL | PROVIDER,
    ),
    Row(
        "password-link-sent",
        "/account/deletion",
        state=without_password(ADMIN),
        act=press("Send me the link", "is on its way"),
        environment=PROVIDER,
    ),
    Row("account-unnamed", "/account", act=press("Save account", "Enter your name.", Name=" ")),
    Row(
        "account-other-address",
        "/account",
        act=press("Send the link", "Not confirmed yet", New_address=LONG, **OWN_PASSWORD),
    ),
    Row(
        "account-wrong-address",
        "/account",
        act=press("Send the link", "not an e-mail", New_address="adam", **OWN_PASSWORD),
    ),
    Row("account-deletion", "/account/deletion"),
    Row(
        "account-deletion-without-password",
        "/account/deletion",
        state=without_password(ADMIN),
        environment=PROVIDER,
    ),
    Row("account-deletion-of-owner", "/account/deletion", "owner@acme.test"),
    Row(
        "account-deletion-wrong",
        "/account/deletion",
        act=press("Delete my account", "not your current", Your_password="no"),
    ),
    Row("address-confirmation", address_link),
    Row("address-of-another", address_link, FACILITATOR, status=410),
    Row("session-ended", new_item, FACILITATOR, act=write_while_the_session_ends),
    Row("not-saved-yet", new_item, FACILITATOR, act=come_back),
]
