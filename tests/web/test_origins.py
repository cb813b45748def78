"""Where a form may come from, as a browser tells it: through proxies, old browsers, other sites."""

import logging
from collections.abc import Callable

import pytest

from tests.support.people import PASSWORD, Answer, Person

SignedIn = Callable[..., Person]

TLS_IN_FRONT = {
    "PUBLIC_URL": "https://unpack.test:6443",
    "PROXY_COUNT": "1",
    "UNPACK_DEMO": "0",
}
FORWARDED = {"Host": "unpack.test", "X-Forwarded-Proto": "https", "X-Forwarded-For": "10.1.2.3"}


def sign_in(browser: Person, **told: str) -> Answer:
    """By a browser that says only what is `told`."""
    headers = {"Sec-Fetch-Site": None, **told}
    base_url = "https://unpack.test" if "X-Forwarded-Proto" in told else "http://localhost"
    browser.get("/sign-in", headers=headers, base_url=base_url)
    typed = {"email": "admin@acme.test", "password": PASSWORD}
    return browser.post("/sign-in", typed, headers=headers, base_url=base_url)


@pytest.mark.usefixtures("sample")
@pytest.mark.environment(**TLS_IN_FRONT)
@pytest.mark.parametrize(
    "told",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "same-origin", "Referer": "https://unpack.test:6443/sign-in"},
        {"Origin": "https://unpack.test:6443"},
        {"Origin": "null"},
        {},
    ],
    ids=["no referrer", "another port", "by its origin", "no origin", "an old browser"],
)
def test_a_form_of_ours_is_taken_whatever_the_proxy_suppresses(
    client: Person, told: dict[str, str]
) -> None:
    assert sign_in(client, **FORWARDED, **told).status_code == 303


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("origin", ["http://localhost", "http://localhost:5050"])
def test_an_old_browser_is_believed_its_origin(client: Person, origin: str) -> None:
    assert sign_in(client, Host="localhost", Origin=origin).status_code == 303


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("origin", ["http://evil.test", "http://localhost:5051", "evil"])
def test_another_origin_is_refused_in_its_own_words(
    client: Person, origin: str, caplog: pytest.LogCaptureFixture
) -> None:
    answer = sign_in(client, Host="localhost", Origin=origin)

    assert answer.status_code == 403
    assert "sent from an address that is not Unpack's" in answer.page.text
    assert "http://localhost:5050" in answer.page.text
    assert refusals(caplog) == [("other-origin", "sessions.create")]


@pytest.mark.parametrize("htmx", [False, True])
def test_another_site_is_refused_in_its_own_words(
    signed_in: SignedIn, htmx: bool, caplog: pytest.LogCaptureFixture
) -> None:
    admin = signed_in("admin@acme.test")

    answer = admin.post("/sign-out", headers={"Sec-Fetch-Site": "cross-site"}, htmx=htmx)

    assert answer.status_code == 403
    assert "came from another site" in answer.page.text
    assert refusals(caplog) == [("other-site", "sessions.destroy")]
    [record] = [one for one in caplog.records if one.message == "request refused"]
    assert record.__dict__["user"]


def test_a_form_without_its_token_is_incomplete(
    signed_in: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    answer = signed_in("admin@acme.test").post("/sign-out", csrf=False)

    assert answer.status_code == 400
    assert answer.page.texts("h1") == ["This form came incomplete"]
    assert refusals(caplog) == [("no-token", "sessions.destroy")]


@pytest.mark.usefixtures("sample")
def test_a_browser_without_cookies_is_told_so(
    client: Person, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/sign-in")
    client.delete_cookie("unpack")

    answer = client.post("/sign-in", {"email": "admin@acme.test", "password": PASSWORD})

    assert answer.status_code == 400
    assert answer.page.texts("h1") == ["Your browser sent no cookie"]
    assert refusals(caplog) == [("no-session", "sessions.create")]


def test_the_token_of_an_earlier_session_is_told_apart(
    signed_in: SignedIn, caplog: pytest.LogCaptureFixture
) -> None:
    admin = signed_in("admin@acme.test")
    admin.get("/organizations/acme")

    answer = admin.post("/sign-out", {"csrf_token": "IjEyMyI.aaaa.bbbb"})

    assert answer.status_code == 400
    assert answer.page.texts("h1") == ["This page was open for too long"]
    assert refusals(caplog) == [("token-of-another-session", "sessions.destroy")]


def refusals(caplog: pytest.LogCaptureFixture) -> list[tuple[str, str]]:
    return [
        (record.__dict__["reason"], record.__dict__["endpoint"])
        for record in caplog.records
        if record.message == "request refused" and record.levelno == logging.WARNING
    ]
