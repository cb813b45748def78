"""The page that says that the database is busy, in a browser."""

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from app.extensions import db
from app.models import Phase
from app.web import patience
from tests.support.acme import connect_and_choose, sprint_14

if TYPE_CHECKING:
    from playwright.sync_api import Page, Response


@pytest.fixture
def preview(sample: None) -> str:
    """The path of a page that writes."""
    connect_and_choose()
    path = f"/retrospectives/{sprint_14(Phase.DISCUSS).id}/commit"
    db.session.commit()
    return path


def is_asked_again(response: "Response") -> bool:
    return response.request.resource_type == "fetch" and response.status == 503


def test_the_page_comes_by_itself_as_soon_as_it_can(
    page: "Page", address: str, preview: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.2)
    monkeypatch.setattr(patience, "RETRY_AFTER", 1)
    page.goto(f"{address}/sign-in?next={preview}")
    page.get_by_role("textbox", name="E-mail").fill("facilitator@acme.test")
    page.get_by_label("Password").fill("unpack-demo")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="Commit these action items?").wait_for()
    with closing(sqlite3.connect(str(db.engine.url.database), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        page.reload()
        with page.expect_response(is_asked_again):
            page.get_by_text("This page looks again by itself every 1 seconds.").wait_for()
        assert page.get_by_role("heading", name="Unpack cannot answer just now").is_visible()

    page.get_by_role("heading", name="Commit these action items?").wait_for()
