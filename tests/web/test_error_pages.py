"""Errors in plain words, as a page and as a fragment."""

import re
from collections.abc import Callable

import pytest
from flask import Flask, abort

from app.extensions import limiter
from app.services.errors import UnpackError
from app.web.access import public
from tests.support.people import Person

SignedIn = Callable[..., Person]

pytestmark = pytest.mark.own_app


@pytest.fixture
def broken(app: Flask) -> None:
    """Addresses that fail in every way, in an app that hides no error from its handlers."""

    @app.get("/broken/<int:code>")
    @public
    def fail(code: int) -> str:
        abort(code)

    @app.get("/broken/crash")
    @public
    def crash() -> str:
        raise RuntimeError("a secret detail")

    @app.post("/broken/write")
    @public
    def write() -> str:
        raise RuntimeError("a secret detail")

    @app.get("/broken/fact")
    @public
    def fact() -> str:
        raise UnpackError("Jira is not connected.")

    app.config["PROPAGATE_EXCEPTIONS"] = False
    limiter.enabled = True


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("code", "heading"),
    [
        (400, "This could not be read"),
        (403, "You cannot change this"),
        (404, "This page is not here"),
        (405, "This page is not here"),
        (409, "This is not possible now"),
        (413, "This is too large"),
        (429, "Too many tries"),
        (500, "This did not work"),
    ],
)
def test_every_error_has_a_page(client: Person, code: int, heading: str) -> None:
    answer = client.get(f"/broken/{code}")

    assert answer.status_code == code
    assert answer.page.texts("h1") == [heading]


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("code", [403, 404, 500])
def test_htmx_gets_the_words_alone(client: Person, code: int) -> None:
    answer = client.get(f"/broken/{code}", htmx=True)

    assert answer.status_code == code
    assert not answer.page.whole
    assert answer.page.text


@pytest.mark.usefixtures("broken")
def test_a_crash_tells_nothing_of_its_inside(client: Person) -> None:
    answer = client.get("/broken/crash")

    assert answer.status_code == 500
    assert "a secret detail" not in answer.text


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize("htmx", [False, True])
def test_a_fault_of_ours_names_what_the_log_knows_it_by(
    client: Person, htmx: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = client.get("/broken/crash", htmx=htmx)

    [reference] = re.findall(r"name ([0-9a-f]{12})\b", answer.page.text)
    logged = [line for line in capsys.readouterr().err.splitlines() if "level=error" in line]
    assert any(f"request={reference}" in line and "a secret detail" in line for line in logged)
    assert ("Try again" in answer.page.text) is not htmx


@pytest.mark.usefixtures("broken")
def test_a_form_that_broke_offers_no_second_look(client: Person) -> None:
    answer = client.post("/broken/write")

    assert answer.status_code == 500
    assert "Try again" not in answer.page.text
    assert "Go to Unpack" in answer.page.text


@pytest.mark.usefixtures("broken")
def test_a_fact_that_no_page_expected_is_said(client: Person) -> None:
    answer = client.get("/broken/fact")

    assert answer.status_code == 409
    assert "Jira is not connected." in answer.page.text


@pytest.mark.usefixtures("broken")
def test_the_error_page_needs_nothing_that_may_be_broken_too(client: Person, app: Flask) -> None:
    def broken_too() -> dict[str, object]:
        raise RuntimeError("the database is gone")

    app.template_context_processors[None].append(broken_too)

    answer = client.get("/broken/crash")

    assert answer.status_code == 500
    assert "This did not work" in answer.text


def test_the_page_of_an_error_leads_home(signed_in: SignedIn) -> None:
    answer = signed_in("member1@acme.test").get("/organizations/tiny")

    assert answer.status_code == 404
    assert "Go to Acme" in answer.page.text


def test_too_much_at_once_is_refused_in_words(client: Person) -> None:
    client.get("/sign-in")

    answer = client.post("/sign-in", {"email": "x" * 1_100_000})

    assert answer.status_code == 413
    assert "at most 1 MB" in answer.page.text


def test_another_method_is_answered_in_words(client: Person) -> None:
    answer = client.put("/sign-in", headers={"X-CSRF-Token": "x"})

    assert answer.status_code in {400, 405}
    assert answer.page.texts("h1")
