"""Which answers of an identity provider count."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from joserfc.jwk import RSAKey

from app.side_by_side import Line
from app.web import identity_provider
from tests.support.identity_provider import IdentityProvider
from tests.support.people import Answer, Person
from tests.web.single_sign_on.coming import START, back, people_in

pytestmark = pytest.mark.usefixtures("sample")


def _another_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one"})


@pytest.mark.parametrize(
    "broken",
    [
        {"lies": {"nonce": "of another sign-in"}},
        {"lies": {"aud": "another-client"}},
        {"lies": {"aud": "another-client", "azp": "unpack"}},
        {"lies": {"iss": "https://evil.test"}},
        {"lies": {"exp": 1}},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"key": _another_key()},
    ],
    ids=[
        "nonce",
        "audience",
        "another's audience",
        "issuer",
        "too old",
        "unsigned",
        "our own secret",
        "another key",
    ],
)
def test_a_token_that_is_not_for_this_sign_in_is_nobodys(
    client: Person,
    provider: IdentityProvider,
    come_back: Callable[..., Answer],
    broken: dict[str, object],
) -> None:
    vars(provider).update(broken)

    answer = come_back()

    assert "cannot be used" in client.get(answer.location).page.text
    assert people_in() == []


def test_an_answer_works_once_and_in_its_own_browser(app: Flask, client: Person) -> None:
    there = back(client.get(START))
    other = app.test_client()

    assert "cannot be used" in other.get(other.get(there).location).page.text
    assert client.get(there).location == "/"
    client.post("/sign-out")
    assert "cannot be used" in client.get(client.get(there).location).page.text
    assert people_in() == []


def test_who_cancels_there_is_told(client: Person, provider: IdentityProvider) -> None:
    provider.claims = {}

    answer = client.get(back(client.get(START)))

    assert "The sign-in was cancelled" in client.get(answer.location).page.text


@pytest.mark.own_app
def test_a_provider_that_is_down_is_said_to_be(client: Person, provider: IdentityProvider) -> None:
    provider.answers = False

    assert "Acme Login did not answer" in client.get(client.get(START).location).page.text
    provider.answers = True
    there = back(client.get(START))
    provider.answers = False
    assert "did not answer" in client.get(client.get(there).location).page.text
    assert people_in() == []


@pytest.mark.own_app
def test_metadata_of_another_issuer_is_refused(client: Person, provider: IdentityProvider) -> None:
    provider.says_it_is = provider.issuer.rstrip("/")

    assert "cannot be used" in client.get(client.get(START).location).page.text


def test_another_site_does_not_sign_anybody_in(client: Person, provider: IdentityProvider) -> None:
    answer = client.get(START, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.location == "/sign-in?next=/"


def test_what_is_asked_of_the_provider_is_who_somebody_is(client: Person) -> None:
    asked = parse_qs(urlsplit(client.get(START).location).query)

    assert set(asked["scope"][0].split()) == {"openid", "email", "profile"}


def test_what_only_userinfo_tells_counts_too(
    provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    provider.in_userinfo_only = True

    assert come_back().location == "/"
    assert people_in() == ["member1@acme.test"]


def test_a_provider_that_is_asked_already_holds_nobodys_thread(
    client: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(length=0, patience=0.0)
    monkeypatch.setattr(identity_provider, "LINE", line)

    with line.turn():
        answer = client.get(START)

    assert "Many people sign in" in client.get(answer.location).page.text


def test_many_tabs_do_not_fill_the_cookie(client: Person) -> None:
    backs = [back(client.get(START)) for _ in range(8)]

    with client.session_transaction() as kept:
        assert len([name for name in kept if name.startswith("_state_")]) == 3
    assert client.get(backs[-1]).location == "/"
