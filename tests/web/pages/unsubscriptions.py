"""Turning an e-mail off by the link in it, signed in or not."""

from typing import TYPE_CHECKING

from app.models import MailKind
from app.services.mail import unsubscribing
from tests.support.acme import person
from tests.web.pages.row import MEMBER, NOBODY, Row

if TYPE_CHECKING:
    from playwright.sync_api import Page


def link() -> str:
    address = unsubscribing.address(person("Maya"), MailKind.REMINDER)
    return "/unsubscriptions/" + address.rpartition("/")[2]


def press(page: "Page") -> None:
    page.get_by_role("button", name="Turn off").click()
    page.get_by_text("You get reminders no more.").wait_for()


UNSUBSCRIPTIONS = [
    Row("unsubscription", link, NOBODY),
    Row("unsubscription-signed-in", link, MEMBER),
    Row("unsubscription-done", link, NOBODY, act=press),
    Row("unsubscription-unreadable", "/unsubscriptions/nobodys", NOBODY, status=404),
]
