"""What only a browser shows: where htmx comes from, menus, dialogs, and the words of the page."""

import re
import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from flask import Flask, Response

from app.extensions import db
from tests.support.serving import serve

if TYPE_CHECKING:
    from playwright.sync_api import Page

HTMX = Path(__file__).resolve().parents[2] / "static" / "vendor" / "htmx-2.0.11.min.js"
# Functions: our Content-Security-Policy refuses to evaluate a string again and again.
LOADED = "() => window.htmx !== undefined"
PROCESSED = "() => document.body['htmx-internal-data'] !== undefined"


@pytest.fixture
def url(app: Flask, sample: None) -> Iterator[str]:
    """The app of this test, over HTTP."""
    db.session.commit()
    yield from serve(app)


def sign_in(page: "Page", url: str, email: str = "owner@acme.test") -> None:
    page.goto(f"{url}/sign-in")
    page.get_by_role("button", name=f"Sign in as {email}").click()
    page.wait_for_url(re.compile("/organizations/"))


@pytest.fixture
def requested(page: "Page") -> list[str]:
    """Every address that the browser asked for."""
    addresses: list[str] = []
    page.on("request", lambda request: addresses.append(request.url))
    return addresses


class TestHtmxFromTheCdn:
    @pytest.fixture
    def cdn(self) -> Iterator[str]:
        cdn = Flask("cdn")

        @cdn.get("/htmx.min.js")
        def script() -> Response:
            headers = {"Access-Control-Allow-Origin": "*"}
            return Response(HTMX.read_bytes(), headers=headers, mimetype="text/javascript")

        yield from serve(cdn)

    @pytest.fixture
    def environment(self, cdn: str) -> dict[str, str]:
        return {"HTMX_SRC": f"{cdn}/htmx.min.js"}

    def test_it_is_used_when_it_answers(self, page: "Page", url: str, requested: list[str]) -> None:
        page.goto(f"{url}/sign-in")
        page.wait_for_function(PROCESSED)

        assert not [address for address in requested if "vendor/htmx" in address]


class TestHtmxFromARefusingCdn:
    @pytest.fixture
    def environment(self) -> dict[str, str]:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        return {"HTMX_SRC": f"http://127.0.0.1:{port}/htmx.min.js"}

    def test_our_own_copy_takes_over(self, page: "Page", url: str, requested: list[str]) -> None:
        page.goto(f"{url}/sign-in")
        page.wait_for_function(PROCESSED)

        assert len([address for address in requested if "vendor/htmx" in address]) == 1


class TestHtmxFromASilentCdn:
    @pytest.fixture
    def silence(self) -> Iterator[socket.socket]:
        with socket.socket() as silent:
            silent.bind(("127.0.0.1", 0))
            silent.listen()
            yield silent

    @pytest.fixture
    def environment(self, silence: socket.socket) -> dict[str, str]:
        return {"HTMX_SRC": f"http://127.0.0.1:{silence.getsockname()[1]}/htmx.min.js"}

    def test_the_page_works_at_once_and_htmx_soon(
        self, page: "Page", url: str, requested: list[str]
    ) -> None:
        page.goto(f"{url}/sign-in", wait_until="commit")
        page.get_by_role("heading", name="Sign in", exact=True).wait_for()
        page.wait_for_function(PROCESSED)

        assert [address for address in requested if "vendor/htmx" in address]

    def test_a_script_that_comes_late_is_not_run_beside_it(
        self, page: "Page", url: str, silence: socket.socket
    ) -> None:
        page.goto(f"{url}/sign-in", wait_until="commit")
        page.wait_for_function(LOADED)
        page.evaluate("window.first = window.htmx")
        connection, _ = silence.accept()
        body = HTMX.read_bytes()
        connection.recv(65536)
        connection.sendall(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/javascript\r\n"
            b"Access-Control-Allow-Origin: *\r\n"
            b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body) + body
        )
        connection.close()
        page.wait_for_load_state("load")

        assert page.evaluate("window.first === window.htmx")


def test_a_confirm_page_opens_as_a_dialog_and_gives_the_focus_back(page: "Page", url: str) -> None:
    sign_in(page, url)
    page.goto(f"{url}/organizations/acme/settings/members")

    page.get_by_role("button", name="More for: Maya Lindqvist").click()
    page.get_by_role("link", name="Remove…").click()
    dialog = page.get_by_role("dialog", name="Remove Maya Lindqvist?")
    dialog.wait_for()
    dialog.get_by_role("link", name="Cancel").click()
    dialog.wait_for(state="hidden")

    assert page.url.endswith("/members")


def test_without_script_the_confirm_page_is_a_page(
    new_page: "Callable[..., Page]", url: str
) -> None:
    page = new_page(java_script_enabled=False)
    sign_in(page, url)
    page.goto(f"{url}/organizations/acme/settings/members")

    page.get_by_role("button", name="More for: Maya Lindqvist").click()
    page.get_by_role("link", name="Remove…").click()
    page.get_by_role("button", name="Remove Maya Lindqvist").click()
    page.get_by_text("Maya Lindqvist is no longer a member.").wait_for()


def test_an_error_is_said_in_the_page(page: "Page", url: str) -> None:
    sign_in(page, url)
    page.goto(f"{url}/organizations/acme/settings/members")
    page.wait_for_function(PROCESSED)
    page.route("**/removal", lambda route: route.fulfill(status=500, body="<p>Broken.</p>"))

    page.get_by_role("button", name="More for: Maya Lindqvist").click()
    page.get_by_role("link", name="Remove…").click()

    page.get_by_role("alert").get_by_text("Broken.").wait_for()


def test_a_server_that_does_not_answer_is_said_in_the_page(
    page: "Page", url: str, allowed_complaints: list[str]
) -> None:
    allowed_complaints.append("htmx:sendError")
    sign_in(page, url)
    page.goto(f"{url}/organizations/acme/settings/members")
    page.wait_for_function(PROCESSED)
    page.route("**/removal", lambda route: route.abort())

    page.get_by_role("button", name="More for: Maya Lindqvist").click()
    page.get_by_role("link", name="Remove…").click()

    page.get_by_role("alert").get_by_text("The server did not answer.").wait_for()
