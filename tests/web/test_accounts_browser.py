"""Accounts in a browser: invited, in by a password of one's own; without JavaScript, too."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.extensions import db
from app.models import Role
from app.services.organizations import invitations, one_time_links
from tests.support.acme import acme, items, person, team
from tests.support.invited import LINK, link_for
from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

MEMBERS = "organizations/acme/settings/members"
OWN = "my very own sentence"
BACKGROUND = "(body) => getComputedStyle(body).backgroundColor"


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


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_changes_their_address(
    new_page: "Callable[..., Page]", url: str, work: Callable[[], object], scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    sign_in(page, url)
    page.goto(f"{url}/account")
    page.get_by_label("New address").fill("adam@new.test")
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Send the link").click()
    page.get_by_text("Not confirmed yet.").wait_for()
    work()

    page.goto(url + link_for("adam@new.test"))
    page.get_by_role("button", name="Use the new address").click()

    page.get_by_text("Your address is adam@new.test now.").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_pages_turn_dark_for_who_wants_them_dark(
    new_page: "Callable[..., Page]", url: str, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts, color_scheme="light")
    sign_in(page, url)
    page.goto(f"{url}/account")
    page.get_by_label("Dark").check()
    page.get_by_label("Time zone").select_option("Asia/Tokyo")
    page.get_by_label("Trouble with Jira").uncheck()
    page.get_by_role("button", name="Save account").click()
    page.get_by_text("Your account is saved.").wait_for()

    assert page.locator("body").evaluate(BACKGROUND) == "rgb(14, 17, 22)"
    assert not page.get_by_label("Trouble with Jira").is_checked()
    assert page.get_by_label("Time zone").input_value() == "Asia/Tokyo"


@pytest.mark.parametrize("scripts", [True, False])
def test_what_a_removed_member_had_is_handed_over(
    new_page: "Callable[..., Page]", url: str, scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    sign_in(page, url)
    page.goto(f"{url}/{MEMBERS}")
    page.get_by_role("button", name="More for: Fatima Said").click()
    page.locator(".menu:popover-open").get_by_text("Remove…").click()
    page.get_by_label("Hand 1 open action item to").select_option("Tom Becker")
    page.get_by_label("Nobody else facilitates it.").select_option("Maya Lindqvist")
    page.get_by_role("button", name="Remove Fatima Said").click()
    page.get_by_text("Fatima Said is no longer a member.").wait_for()

    db.session.rollback()
    assert {item.assignee.name for item in items() if item.assignee} == {
        "Maya Lindqvist",
        "Tom Becker",
    }
    assert [row.user.name for row in team().team_members if row.facilitator] == ["Maya Lindqvist"]


@pytest.mark.parametrize("scripts", [True, False])
def test_somebody_leaves(new_page: "Callable[..., Page]", url: str, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    sign_in(page, url)
    page.goto(f"{url}/account")
    page.get_by_role("link", name="Leave… Acme").click()
    page.get_by_role("button", name="Leave Acme").click()

    page.get_by_text("You are no longer in Acme.").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_the_owner_hands_over(new_page: "Callable[..., Page]", url: str, scripts: bool) -> None:
    page = new_page(java_script_enabled=scripts)
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name="Sign in as owner@acme.test").click()
    page.wait_for_url(re.compile("/organizations/"))
    page.goto(f"{url}/{MEMBERS}")
    page.get_by_role("button", name="More for: Adam Novak").click()
    page.locator(".menu:popover-open").get_by_text("Make Owner…").click()
    page.get_by_label("Your password").fill(PASSWORD)
    page.get_by_role("button", name="Transfer ownership").click()

    page.get_by_text("Adam Novak is now the Owner, and you are an Admin.").wait_for()


def _link(email: str) -> str:
    row = invitations.invite(
        acme(), email=email, role=Role.MEMBER, team_ids=[team().id], by=person("Adam")
    )
    address = one_time_links.for_invitation(row)
    db.session.commit()
    found = LINK.search(address)
    assert found
    return found[0]
