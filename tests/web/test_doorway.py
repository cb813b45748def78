"""Under which address Unpack answers: a path, a proxy's prefix, a probe, a stranger's host."""

import logging
import re
from typing import Any

import pytest
from flask import Flask

from config import ConfigurationError
from tests.support import settings
from tests.support.people import PASSWORD, Person

ADMIN = "admin@acme.test"
UNDER_A_PATH = {
    "UNPACK_DEMO": "0",  # it answers on this machine alone
    "PUBLIC_URL": "https://unpack.test/tools/unpack",
    "PROXY_COUNT": "1",
}
# As a proxy sends it that takes the path off, and as one that passes it on.
TAKEN_OFF = {"X-Forwarded-Prefix": "/tools/unpack"}
FORWARDED = {"Host": "unpack.test", "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.2.3"}


class Proxied:
    """A person behind a proxy for https://unpack.test/tools/unpack."""

    def __init__(self, app: Flask, takes_off: bool) -> None:
        app.test_client_class = Person
        person = app.test_client(use_cookies=False)
        assert isinstance(person, Person)
        self.person = person
        self.headers = FORWARDED | (TAKEN_OFF if takes_off else {})
        self.base = "https://unpack.test" + ("" if takes_off else "/tools/unpack")

    def get(self, path: str) -> Any:
        return self.person.get(path, headers=self.headers, base_url="https://unpack.test")

    def sign_in(self, page: str) -> Any:
        # The browser's cookie is for the path that it sees, which is not the one sent from here.
        cookie = self.get(page).headers["Set-Cookie"].partition(";")[0]
        return self.person.post(
            page,
            {"email": ADMIN, "password": PASSWORD, "next": ""},
            headers=self.headers | {"Cookie": cookie},
            base_url="https://unpack.test",
        )


@pytest.mark.usefixtures("sample")
@pytest.mark.environment(**UNDER_A_PATH)
@pytest.mark.parametrize("takes_off", [True, False], ids=["taken off", "passed on"])
def test_everything_is_under_the_path_of_the_public_address(app: Flask, takes_off: bool) -> None:
    within = "" if takes_off else "/tools/unpack"
    proxied = Proxied(app, takes_off)

    stranger = proxied.get(f"{within}/organizations/acme?x=1")
    assert stranger.location == (
        "/tools/unpack/sign-in?next=/tools/unpack/organizations/acme?x%3D1"
    )
    answer = proxied.sign_in(f"{within}/sign-in")

    assert (answer.status_code, answer.location) == (303, "/tools/unpack/")
    for cookie in answer.headers.getlist("Set-Cookie"):
        assert re.search(r"__Secure-unpack(-known)?=.*Secure.*Path=/tools/unpack(;|$)", cookie)


@pytest.mark.usefixtures("sample")
@pytest.mark.environment(**UNDER_A_PATH)
def test_every_address_on_a_page_is_under_the_path(app: Flask) -> None:
    proxied = Proxied(app, takes_off=True)

    page = proxied.get("/sign-in").page.html

    addresses = re.findall(r'(?:href|src|action|data-own-htmx|hx-(?:get|post))="([^"]*)"', page)
    outside = [one for one in addresses if one.startswith("/") and "/tools/unpack/" not in one]
    assert outside == []
    [style] = re.findall(r'href="/tools/unpack(/static/css/base\.css\?v=\w{10})"', page)
    assert "immutable" in proxied.get(style).headers["Cache-Control"]


@pytest.mark.usefixtures("sample")
@pytest.mark.environment(PROXY_COUNT="1")
def test_a_prefix_that_only_the_proxy_knows_moves_the_pages(client: Person) -> None:
    answer = client.get("/", headers={"X-Forwarded-Prefix": "/unpack/"})

    assert answer.location == "/unpack/sign-in?next=/unpack/"


@pytest.mark.environment(PROXY_COUNT="1")
@pytest.mark.parametrize("prefix", ["//evil.test", "https://evil.test", "/a b"])
def test_a_prefix_that_leads_elsewhere_is_none(client: Person, prefix: str) -> None:
    answer = client.get("/", headers={"X-Forwarded-Prefix": prefix})

    assert answer.location == "/sign-in?next=/"


def test_without_a_proxy_nobody_can_set_a_prefix(client: Person) -> None:
    assert client.get("/", headers={"X-Forwarded-Prefix": "/unpack"}).location == "/sign-in?next=/"


@pytest.mark.parametrize("host", ["10.0.3.17:8000", "localhost", "[::1]:8000", "anything.test"])
def test_a_probe_is_answered_whatever_the_host(client: Person, host: str) -> None:
    answer = client.get("/healthz", headers={"Host": host})

    assert (answer.status_code, answer.text) == (200, "ok\n")


@pytest.mark.environment(PUBLIC_URL="http://localhost/unpack")
@pytest.mark.parametrize("path", ["/healthz", "/unpack/healthz"])
def test_a_probe_is_answered_with_the_path_and_without(client: Person, path: str) -> None:
    answer = client.get(path, base_url="http://10.0.3.17:8000")

    assert answer.status_code == 200


@pytest.mark.parametrize("path", ["/", "/sign-in", "/static/css/base.css", "/nowhere"])
def test_a_foreign_host_is_one_refusal_and_one_line(
    client: Person, path: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = client.get(path, headers={"Host": "10.0.3.17:8000"})

    assert (answer.status_code, answer.mimetype) == (400, "text/plain")
    assert answer.text == "Unpack is not at this address.\n"
    assert "Set-Cookie" not in answer.headers
    [line] = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert (line.message, line.exc_info) == ("foreign host", None)


@pytest.mark.parametrize(
    "url", ["unpack.test", "ftp://unpack.test", "https://", "https://unpack.test/?a=1"]
)
def test_a_public_address_that_is_none_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ConfigurationError, match="PUBLIC_URL must be"):
        settings.build(database_url="sqlite://", PUBLIC_URL=url)
