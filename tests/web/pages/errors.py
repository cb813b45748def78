"""What is said where something is not here, not allowed, broken or away."""

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from app.extensions import db
from app.models import Phase
from app.web import errors, patience
from tests.support.acme import connect_and_choose, sprint_14
from tests.web.pages.row import FACILITATOR, MEMBER, NOBODY, Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOME = "/organizations/acme"


def crash(*_: object, **__: object) -> str:
    raise RuntimeError("a secret detail")


def broken(scene: Scene) -> None:
    scene.app.config["PROPAGATE_EXCEPTIONS"] = False
    scene.changed.setitem(scene.app.view_functions, "home.show", crash)


def badly_broken(scene: Scene) -> None:
    """Even the page that says so."""
    broken(scene)
    scene.changed.setattr(errors, "render_template", crash)


def busy(scene: Scene) -> None:
    """Somebody writes, and does not come to an end."""
    connect_and_choose()
    sprint_14(Phase.DISCUSS)
    db.session.commit()
    scene.changed.setattr(patience, "SECONDS", 0.2)
    path = db.engine.url.database
    other = scene.ends.enter_context(closing(sqlite3.connect(str(path), isolation_level=None)))
    other.execute("BEGIN IMMEDIATE")


def send_while_busy(page: "Page") -> None:
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").fill("Buy cake")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Unpack cannot answer just now.").wait_for()


def offline(page: "Page") -> None:
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").fill("Buy cake")
    page.context.set_offline(True)
    page.get_by_role("button", name="Add", exact=True).click()
    page.locator("#alerts").get_by_text("No connection to Unpack.").wait_for()
    page.get_by_text("Not saved. We try again when you are connected.").wait_for()


def refused(page: "Page") -> None:
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").fill("Buy cake")
    page.route("**/action-items", lambda route: route.abort("connectionreset"))
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Not saved, as far as we know.").wait_for()


def of_sprint_14() -> str:
    return f"/retrospectives/{sprint_14().id}"


CUT_OFF = ("htmx:sendError",)

ERRORS = [
    Row("not-found", "/nothing-here", status=404),
    Row("not-found-for-nobody", "/nothing-here", NOBODY, status=404),
    Row("not-allowed", f"{HOME}/retrospectives/new", MEMBER, status=403),
    Row("broken", HOME, MEMBER, broken, status=500),
    Row("badly-broken", HOME, MEMBER, badly_broken, status=500),
    Row("database-busy", lambda: f"{of_sprint_14()}/commit", FACILITATOR, busy, status=503),
    Row("database-busy-in-place", of_sprint_14, FACILITATOR, busy, send_while_busy),
    Row("offline", of_sprint_14, FACILITATOR, act=offline, complaints=CUT_OFF),
    Row("no-answer", of_sprint_14, FACILITATOR, act=refused, complaints=CUT_OFF),
]
