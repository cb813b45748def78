"""A row of the table of pages, shown in a browser."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask, template_rendered
from jinja2 import Template
from rq.job import Job

from app.extensions import db
from tests.support.people import Person
from tests.web.pages.row import Row, Scene

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from demo.jira_cloud.server import RunningJiraCloud


pytest.register_assert_rewrite("tests.web.pages.looking")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Each row of the part that the class of the tests is about."""
    if "row" in metafunc.fixturenames:
        metafunc.parametrize("row", metafunc.cls.part.rows, ids=str)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where each row leaves its page."""
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="module")
def drawn() -> set[str]:
    """The templates of the pages that rows have shown."""
    return set()


@pytest.fixture
def environment(request: pytest.FixtureRequest) -> dict[str, str]:
    """As the row says."""
    return dict(request.node.callspec.params["row"].environment)


@pytest.fixture
def scene(
    app: Flask,
    sample: None,
    jira: "RunningJiraCloud",
    work: Callable[[], list[Job]],
    monkeypatch: pytest.MonkeyPatch,
    drawn: set[str],
) -> Iterator[Scene]:
    def note(_: Flask, template: Template, **__: object) -> None:
        drawn.add(str(template.name))

    with ExitStack() as ends, template_rendered.connected_to(note, app):
        yield Scene(app, jira, work, monkeypatch, ends)


@pytest.fixture
def shown(
    scene: Scene,
    address: str,
    new_page: "Callable[..., Page]",
    signed_in: Callable[[str], Person],
    allowed_complaints: list[str],
) -> "Callable[[Row], tuple[Page, str]]":
    """Gives a row's page in the browser, and its HTML: the server's own, as long as that is it."""

    def show(row: Row) -> "tuple[Page, str]":
        allowed_complaints.extend(row.complaints)
        page = new_page()
        if row.who:
            page.context.add_cookies([cookie(scene.app, signed_in(row.who), address)])
        path = row.address
        row.state(scene)
        db.session.commit()
        answer = page.goto(address + path)
        assert answer
        assert answer.status == row.status
        page.wait_for_load_state()
        if row.act is None:
            return page, answer.text()
        row.act(page)
        return page, page.content()

    return show


def cookie(app: Flask, person: Person, address: str) -> dict[str, str]:
    """The session of somebody at the test client, for a browser."""
    name = app.config["SESSION_COOKIE_NAME"]
    found = person.get_cookie(name)
    assert found
    return {"name": name, "value": found.value, "url": address}
