"""Accounts in a browser: invited, in by a password of one's own; without JavaScript, too."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.extensions import db
from app.models import Role
from app.services.organizations import invitations, one_time_links
from tests.support.acme import acme, person, team
from tests.support.invited import LINK, link_for
from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

MEMBERS = "organizations/acme/settings/members"
OWN = "my very own sentence"


@pytest.fixture
def url(sample: None, address: str) -> str:
    """The app with the sample organizations, over HTTP."""
    db.session.commit()
    return address


def sign_in(page: "Page", url: str) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name="Sign in as admin@acme.test").click()
    page.wait_for_url(re.compile("/organizations/"))


def test_somebody_is_invited_and_joins_without_javascript(
    new_page: "Callable[..., Page]", url: str, work: Callable[[], object]
) -> None:
    admin, nora = (new_page(java_script_enabled=False) for _ in range(2))
    sign_in(admin, url)
    admin.goto(f"{url}/{MEMBERS}")
    admin.get_by_label("E-mail").fill("nora@acme.test")
    admin.get_by_label("Team").select_option("Mobile")
    admin.get_by_role("button", name="Send invitation").click()
    admin.get_by_text("Invitation sent to nora@acme.test.").wait_for()
    work()

    nora.goto(url + link_for("nora@acme.test"))
    nora.get_by_label("Your name").fill("Nora New")
    nora.get_by_label("Password").fill(OWN)
    nora.get_by_role("button", name="Join Acme").click()

    nora.get_by_text("You are now in Acme.").wait_for()
    nora.goto(f"{url}/account")
    nora.get_by_label("Current password").fill(OWN)
    nora.get_by_label("New password").fill("another very own sentence")
    nora.get_by_role("button", name="Change password").click()
    nora.get_by_text("Your password is changed.").wait_for()


def test_the_zone_of_the_browser_comes_with_a_new_account(
    new_page: "Callable[..., Page]", url: str
) -> None:
    page = new_page(timezone_id="America/New_York")
    page.goto(url + _link("nora@acme.test"))
    page.get_by_label("Your name").fill("Nora New")
    page.get_by_label("Password").fill(OWN)
    page.get_by_role("button", name="Join Acme").click()
    page.get_by_text("You are now in Acme.").wait_for()

    db.session.rollback()
    assert person("Nora").time_zone == "America/New_York"


def problems(page: "Page") -> list[str]:
    """What is not accessible on the page as it stands, or does not fit."""
    from axe_playwright_python.sync_playwright import Axe

    violations = Axe().run(page).response["violations"]
    found = [f"{rule['id']}: {rule['nodes'][0]['html']}" for rule in violations]
    sideways = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    return [*found, "scrolls sideways"] if sideways else found


@pytest.mark.environment(UNPACK_DEMO="0")
@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (390, "dark")])
def test_without_e_mail_the_operators_commands_fit(
    new_page: "Callable[..., Page]",
    url: str,
    width: int,
    scheme: str,
    screenshot: "Callable[[Page, str], None]",
) -> None:
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    person("Maya").password_chosen_at = None
    db.session.commit()
    found = {}
    for name, email in (("not-chosen", "member1@acme.test"), ("members", "admin@acme.test")):
        page.goto(f"{url}/sign-in?next=/{MEMBERS}")
        page.get_by_label("E-mail").fill(email)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        if name == "members":
            long = "somebody.with.a.very.long.name@a-domain-of-many-letters.example"
            page.get_by_label("E-mail").fill(long)
            page.get_by_role("button", name="Send invitation").click()
            page.get_by_text(f"{long} is invited").wait_for()
        else:
            page.get_by_text(f"flask users link {email}").wait_for()
        screenshot(page, f"no-mail-{name}-{width}-{scheme}")
        found[name] = problems(page)

    assert found == {"not-chosen": [], "members": []}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_pages_of_accounts_are_accessible_and_fit(
    new_page: "Callable[..., Page]",
    url: str,
    scheme: str,
    width: int,
    screenshot: "Callable[[Page, str], None]",
) -> None:
    page = new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    found: dict[str, list[str]] = {}

    def look(name: str, path: str = "") -> None:
        if path:
            page.goto(url + path)
        screenshot(page, f"{name}-{width}-{scheme}")
        found[name] = problems(page)

    look("ended", "/invitation")
    look("invitation", _link("nora@acme.test"))
    page.get_by_role("button", name="Join Acme").click()
    look("invitation-wrong")
    look("has-account", _link("owner@tiny.test"))
    look("forgotten", "/password/forgotten")
    page.get_by_label("E-mail").fill("somebody.with.a.long.name@a-long-domain.example")
    page.get_by_role("button", name="Send the link").click()
    look("sent")
    look("link-ended", f"/password/links/{'x' * 43}")
    look("set-password", _password_link())
    page.get_by_label("New password").fill("short")
    page.get_by_role("button", name="Set password").click()
    look("set-password-wrong")
    sign_in(page, url)
    look("account", "/account")
    look("of-another", _link("nora@acme.test"))
    look("signed-in", _link("admin@acme.test", "tiny"))
    look("members", f"/{MEMBERS}")

    assert {name: wrong for name, wrong in found.items() if wrong} == {}


def _link(email: str, slug: str = "acme") -> str:
    if slug == "acme":
        row = invitations.invite(
            acme(), email=email, role=Role.MEMBER, team_ids=[team().id], by=person("Adam")
        )
    else:
        owner = person("Owen")
        row = invitations.invite(
            owner.memberships[0].organization, email=email, role=Role.ADMIN, team_ids=[], by=owner
        )
    return _path(one_time_links.for_invitation(row))


def _password_link() -> str:
    return _path(one_time_links.for_password(person("Maya")))


def _path(address: str) -> str:
    db.session.commit()
    found = LINK.search(address)
    assert found
    return found[0]
