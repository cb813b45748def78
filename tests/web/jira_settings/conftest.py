"""What the tests of the Jira settings share."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.support.atlassian import JIRA, connect
from tests.support.people import Person
from tests.support.remembered import remember_jira

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def settings(admin, jira, work) -> Person:
    """An admin who has connected, and whose project list has arrived."""
    connect(admin, jira)
    work()
    return admin


@pytest.fixture
def opened(sample, app: Flask, address: str, new_page) -> Callable[..., "Page"]:
    """Gives the settings page as the admin sees it."""

    def open_page(**options) -> "Page":
        remember_jira()
        page = new_page(**options)
        page.goto(f"{address}/sign-in?next={JIRA}")
        page.get_by_role("textbox", name="E-mail").fill("admin@acme.test")
        page.get_by_label("Password").fill("unpack-demo")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("heading", name="Jira settings").wait_for()
        page.wait_for_load_state()  # with htmx, which comes last: before it, forms reload the page
        return page

    return open_page
