"""The ways in, in a browser: invited, with a new password, by single sign-on; by keyboard where
there is no JavaScript."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from tests.support import keyboard, main_path
from tests.support.identity_provider import IdentityProvider
from tests.web.accounts_in_browser.ways import HOME, OWN, no_look, sign_in

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from demo.jira_cloud.server import RunningJiraCloud

MEMBERS = "organizations/acme/settings/members"
NORA = "nora@acme.test"
MAYA = {"sub": "m-1", "email": "member1@acme.test", "email_verified": True, "name": "Maya Chen"}


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_invited_as_admin_joins_and_connects_jira(
    jira: "RunningJiraCloud",
    new_page: "Callable[..., Page]",
    url: str,
    mailed_link: Callable[[str], str],
    scripts: bool,
) -> None:
    owner, nora = (new_page(java_script_enabled=scripts) for _ in range(2))
    sign_in(owner, url, "owner@acme.test")
    invite(owner, url, "Admin")

    nora.goto(mailed_link(NORA))
    nora.get_by_label("Your name").fill("Nora New")
    nora.get_by_label("Password").fill(OWN)
    nora.get_by_role("button", name="Join Acme").click()
    nora.get_by_text("You are now in Acme.").wait_for()
    main_path.connect(nora, no_look)

    nora.get_by_text("Connected to").first.wait_for()
    nora.get_by_role("heading", name="Jira settings").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_who_forgot_their_password_sets_another(
    new_page: "Callable[..., Page]", url: str, mailed_link: Callable[[str], str], scripts: bool
) -> None:
    elsewhere, page = (new_page(java_script_enabled=scripts) for _ in range(2))
    sign_in(elsewhere, url, "member1@acme.test")
    page.goto(f"{url}/sign-in")
    keyboard.follow(page, "Forgotten your password?")
    keyboard.fill(page, "E-mail", "member1@acme.test")
    keyboard.press(page, "Send the link")
    page.get_by_role("heading", name="Look into your mail").wait_for()

    page.goto(mailed_link("member1@acme.test"))
    keyboard.fill(page, "New password", OWN)
    keyboard.press(page, "Set password")

    page.get_by_text("Your password is set. You are signed out everywhere else.").wait_for()
    elsewhere.goto(f"{url}/account")
    elsewhere.get_by_role("heading", name="Sign in").wait_for()
    sign_in(elsewhere, url, "member1@acme.test", OWN)


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_signs_in_at_the_identity_provider(
    new_page: "Callable[..., Page]", url: str, provider: IdentityProvider, scripts: bool
) -> None:
    provider.claims = dict(MAYA)
    page = new_page(java_script_enabled=scripts)
    page.goto(f"{url}/account")

    keyboard.follow(page, "Sign in with Acme Login")

    page.get_by_role("heading", name="Your account").wait_for()
    assert page.get_by_label("Name", exact=True).input_value() == "Maya Lindqvist"


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_invited_joins_by_the_identity_provider(
    new_page: "Callable[..., Page]",
    url: str,
    mailed_link: Callable[[str], str],
    provider: IdentityProvider,
    scripts: bool,
) -> None:
    provider.claims = MAYA | {"sub": "n-1", "email": NORA, "name": "Nora New"}
    admin, nora = (new_page(java_script_enabled=scripts) for _ in range(2))
    sign_in(admin, url, "admin@acme.test")
    invite(admin, url, "Member")

    nora.goto(mailed_link(NORA))
    nora.get_by_role("link", name="Sign in with Acme Login").click()
    nora.get_by_role("button", name="Join Acme").click()

    nora.get_by_text("You are now in Acme.").wait_for()
    nora.wait_for_url(HOME)


def invite(page: "Page", url: str, role: str) -> None:
    page.goto(f"{url}/{MEMBERS}")
    keyboard.fill(page, "E-mail", NORA)
    page.get_by_label("Role", exact=True).select_option(role)
    keyboard.press(page, "Send invitation")
    page.get_by_text(f"Invitation sent to {NORA}.").wait_for()
