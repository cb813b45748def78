"""Unpack behind the nginx that we ship: TLS on an odd port, a path, no referrer, an upgrade."""

import re
import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import requests

from tests.support.people import PASSWORD
from tests.support.ports import free_port
from tests.support.programs import nginx
from tests.support.web_server import serving

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.proxies,
    pytest.mark.filterwarnings("ignore::urllib3.exceptions.InsecureRequestWarning"),
]

# As an administrator adds it for all that lies behind.
NO_REFERRER = "add_header Referrer-Policy no-referrer always;\n"
# What a browser then says of a form.
FORM = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture(params=["", "/unpack"], ids=["at the root", "below a path"])
def address(
    request: pytest.FixtureRequest, tmp_path: Path, database_url: str, redis_url: str, sample: None
) -> Iterator[str]:
    """The public address, which nginx serves."""
    path: str = request.param
    front = free_port()
    given = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "PUBLIC_URL": f"https://localhost:{front}{path}",
        "PROXY_COUNT": "1",
    }
    with (
        serving(tmp_path, **given) as web,
        nginx(web.port, front, below_a_path=bool(path), extra=NO_REFERRER),
    ):
        yield given["PUBLIC_URL"]


@pytest.fixture
def visitor() -> requests.Session:
    session = requests.Session()
    session.verify, session.trust_env = False, False  # else the environment overrides it
    return session


def sign_in(visitor: requests.Session, address: str) -> requests.Response:
    page = visitor.get(f"{address}/sign-in")
    assert page.status_code == 200
    [token] = re.findall(r'name="csrf_token" value="([^"]+)"', page.text)[:1]
    fields = {"csrf_token": token, "email": "admin@acme.test", "password": PASSWORD}
    return visitor.post(f"{address}/sign-in", fields, headers=FORM, allow_redirects=False)


def path_of(address: str) -> str:
    return address.partition("localhost:")[2].partition("/")[2]


def test_people_come_in_and_stay_below_the_address(address: str, visitor: requests.Session) -> None:
    base = f"/{path_of(address)}".rstrip("/")

    stranger = visitor.get(f"{address}/organizations/acme", allow_redirects=False)
    assert stranger.headers["Location"].startswith(f"{base}/sign-in?next={base}/organizations")
    answer = sign_in(visitor, address)

    assert (answer.status_code, answer.headers["Location"]) == (303, f"{base}/")
    cookie = answer.headers["Set-Cookie"]
    assert "Secure" in cookie
    assert f"Path={base or '/'}" in cookie
    page = visitor.get(f"{address}/")
    assert page.url == f"{address}/organizations/acme"
    named = re.findall(r'(?:href|src|action|data-own-htmx|hx-(?:get|post))="(/[^"]*)"', page.text)
    assert named
    assert [one for one in named if not one.startswith(f"{base}/")] == []
    origin = address.removesuffix(base)
    styles = [one for one in named if one.endswith(".css") or ".css?" in one]
    assert {visitor.get(origin + one).status_code for one in styles} == {200}


def test_what_others_call_is_below_the_address(address: str, visitor: requests.Session) -> None:
    webhook = visitor.post(f"{address}/webhooks/jira", json={}, headers={"Authorization": "x"})
    callback = visitor.get(f"{address}/integrations/jira/callback", allow_redirects=False)
    probe = visitor.get(f"{address}/healthz")

    assert webhook.status_code == 401
    assert webhook.headers["WWW-Authenticate"] == "Bearer"
    assert callback.status_code == 303
    assert f"/{path_of(address)}/sign-in".replace("//", "/") in callback.headers["Location"]
    assert (probe.status_code, probe.text) == (200, "ok\n")


def test_a_browser_works_there(address: str, new_page: "Callable[..., Page]") -> None:
    page = new_page(ignore_https_errors=True)
    requested: list[str] = []
    page.on("request", lambda request: requested.append(request.url))

    page.goto(f"{address}/sign-in")
    page.get_by_label("E-mail").fill("facilitator@acme.test")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("link", name="Sprint 14 Retro").first.click()
    page.get_by_role("link", name="Add action item").click()
    page.get_by_label("Title").fill("Behind a proxy")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("Behind a proxy").first.wait_for()

    outside = [one for one in requested if not one.startswith((address, "data:"))]
    assert [one for one in outside if not one.endswith("/favicon.ico")] == []


def test_metrics_are_not_to_be_had_from_outside(address: str, visitor: requests.Session) -> None:
    answer = visitor.get(f"{address}/metrics")

    assert answer.status_code == 404
    assert "nginx" in answer.text


def test_who_comes_by_http_is_sent_to_https(visitor: requests.Session) -> None:
    plain = free_port()
    with nginx(free_port(), free_port(), plain_port=plain):
        answer = visitor.get(f"http://localhost:{plain}/teams/1?x=2", allow_redirects=False)

    assert answer.status_code == 308
    assert answer.headers["Location"] == "https://unpack.example.com/teams/1?x=2"


def test_who_has_too_many_connections_may_try_again(visitor: requests.Session) -> None:
    """Jira, too: a 4xx would be the end of a delivery (jira-platform.md §5.2)."""
    front, silent = free_port(), socket.create_server(("127.0.0.1", 0), backlog=20)
    with nginx(silent.getsockname()[1], front, most=2), ThreadPoolExecutor(6) as many:
        ask = partial(visitor.post, f"https://localhost:{front}/webhooks/jira", timeout=3)
        asked = [many.submit(ask) for _ in range(6)]
        answered = [each.result().status_code for each in asked if each.exception() is None]
    silent.close()

    assert len(answered) == 4, "those beyond the limit are answered at once"
    assert set(answered) == {503}


@pytest.mark.parametrize("path", ["", "/unpack"])
def test_no_log_holds_an_address_that_lets_somebody_in(
    visitor: requests.Session, path: str
) -> None:
    front, plain = free_port(), free_port()
    opens = [
        "/invitations/secret",
        "/password/links/secret",
        "/account/email/links/secret",
        "/integrations/jira/callback?state=s&code=secret",
        "/sign-in/single-sign-on/callback?state=s&code=secret",
    ]
    with nginx(free_port(), front, below_a_path=bool(path), plain_port=plain) as log:
        for address in [*opens, "/invitation", "/afterwards"]:
            for base in (f"http://localhost:{plain}", f"https://localhost:{front}"):
                visitor.get(f"{base}{path}{address}", allow_redirects=False)
        logged = log.read_text()

    assert logged.count(f"GET {path}/invitation HTTP") == 2, "others are logged"
    assert "secret" not in logged


def test_while_unpack_is_stopped_nginx_says_so(visitor: requests.Session) -> None:
    front = free_port()
    with nginx(free_port(), front):
        answer = visitor.get(f"https://localhost:{front}/retrospectives/1")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "30"
    assert "max-age=31536000" in answer.headers["Strict-Transport-Security"]
    assert "Unpack cannot answer just now" in answer.text
