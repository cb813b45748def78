"""What the tests of action items share."""

from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from flask import Flask

from app.extensions import db
from app.models import Phase
from tests.support.acme import sprint_14
from tests.support.people import Person

if TYPE_CHECKING:
    from playwright.sync_api import Page


@pytest.fixture
def facilitator(signed_in) -> Person:
    return signed_in("facilitator@acme.test")


@pytest.fixture
def maya(signed_in) -> Person:
    """A member of Platform, assigned to the first and the last action item."""
    return signed_in("member1@acme.test")


@pytest.fixture
def opened(sample, app: Flask, address: str, new_page) -> Callable[..., "Page"]:
    """Gives the retrospective's page as the facilitator sees it."""

    def open_page(phase: Phase = Phase.DISCUSS, **options) -> "Page":
        path = f"/retrospectives/{sprint_14(phase).id}"
        db.session.commit()
        page = new_page(**options)
        page.goto(f"{address}/sign-in?next={path}")
        page.get_by_role("textbox", name="E-mail").fill("facilitator@acme.test")
        page.get_by_label("Password").fill("unpack-demo")
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.get_by_role("heading", name="Sprint 14 Retro").wait_for()
        page.wait_for_load_state()  # until htmx is there, a link opens a page of its own
        return page

    return open_page
