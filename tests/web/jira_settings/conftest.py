"""What the tests of the Jira settings share."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from tests.support.atlassian import JIRA, connect
from tests.support.people import Person
from tests.support.remembered import remember_jira
from tests.web.jira_settings.choices import ask_for_types, chosen

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def settings(admin, jira, work) -> Person:
    """An admin who has connected, and whose project list has arrived."""
    connect(admin, jira)
    work()
    return admin


@pytest.fixture
def platform(settings, work) -> Person:
    """An admin who has chosen PLAT's tasks, which are checked."""
    ask_for_types(settings, work, "PLAT", "MOB")
    settings.post(JIRA, chosen("PLAT"))
    work()
    return settings


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


@pytest.fixture
def values(admin, jira, work) -> Person:
    """An admin whose action items become Tasks of KIND, which demands a colour and a place."""
    jira.control.add_field("select", "KIND", type="Task", required=True)
    jira.control.add_field("cascading", "KIND", type="Task", required=True)
    for kind in ("labels", "user", "text", "group", "parent", "many_options", "components"):
        jira.control.add_field(kind, "KIND", type="Task")
    connect(admin, jira)
    work()
    ask_for_types(admin, work, "KIND")
    assert admin.post(JIRA, chosen("KIND")).status_code == 303
    work()
    return admin
