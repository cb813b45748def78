"""What somebody does at the door, with the mouse."""

import re
from typing import TYPE_CHECKING

from tests.support.people import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOME = re.compile(r"/organizations/acme$")
OWN = "my very own sentence"


def sign_in(page: "Page", url: str, email: str, password: str = PASSWORD) -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(HOME)


def no_look(_page: "Page", _name: str) -> None:
    """The looks of these ways are stored by the walk over all pages."""
