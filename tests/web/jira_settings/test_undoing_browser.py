"""Undoing a mapping in a browser; without JavaScript, too."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest

from app.extensions import db
from app.models import JiraProject
from tests.support.atlassian import JIRA
from tests.web.jira_settings.choices import STORY, ask_for_types, chosen, mapping, project

if TYPE_CHECKING:
    from playwright.sync_api import Page

HISTORY = "/organizations/acme/settings/history"


@pytest.fixture
def changed(settings, work) -> None:
    """PLAT was chosen at first, and then MOB."""
    ask_for_types(settings, work, "PLAT", "MOB")
    settings.post(JIRA, chosen("PLAT"))
    settings.post(JIRA, chosen("MOB", STORY, version=1))
    work()


def open_history(page: "Page", url: str) -> None:
    page.goto(f"{url}/sign-in?next={HISTORY}")
    page.get_by_role("button", name="Sign in as admin@acme.test").click()
    page.get_by_role("heading", name="History").wait_for()


@pytest.mark.parametrize("scripts", [True, False])
def test_an_admin_takes_back_a_mapping(
    changed: None, address: str, new_page: "Callable[..., Page]", scripts: bool
) -> None:
    page = new_page(java_script_enabled=scripts)
    open_history(page, address)

    page.get_by_role("link", name=re.compile("^Undo…")).click()
    page.get_by_role("cell", name="PLAT · Platform Engineering").wait_for()
    page.get_by_role("button", name="Undo").click()
    page.get_by_text("Undone. The settings are being checked with Jira.").wait_for()

    assert page.get_by_text("Undone by Adam Novak").count() == 1
    row = mapping()
    assert row is not None
    assert (row.project_key, row.issue_type_name) == ("PLAT", "Task")


def test_the_page_offers_the_undo_once_jira_has_answered(
    changed: None, address: str, page: "Page", work: Callable[[], object]
) -> None:
    plat = project("PLAT")
    db.session.query(JiraProject).filter_by(id=plat.id).update({"types_fetched_at": None})
    db.session.execute(db.text("DELETE FROM jira_issue_type"))
    db.session.commit()
    open_history(page, address)
    page.get_by_role("link", name=re.compile("^Undo…")).click()
    page.get_by_text("Checking…").wait_for()
    assert page.get_by_role("button", name="Undo").count() == 0

    work()

    page.get_by_role("button", name="Undo").wait_for()
    assert page.get_by_text("Ready").count() == 1
