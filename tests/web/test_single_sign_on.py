"""Signing in with an account at an identity provider, over its real HTTP."""

from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from joserfc.jwk import RSAKey
from sqlalchemy import func, select

from app.extensions import db
from app.models import Membership, ProviderIdentity, Role, User, UserSession
from app.services.organizations import accounts, invitations, one_time_links
from tests.support import identity_provider
from tests.support.acme import acme, person
from tests.support.identity_provider import IdentityProvider
from tests.support.invited import LINK
from tests.support.people import Answer, Person

START = "/sign-in/single-sign-on"
MAYA = {"sub": "m-1", "email": "member1@acme.test", "email_verified": True, "name": "Maya Chen"}
pytestmark = pytest.mark.usefixtures("sample")


@pytest.fixture(scope="module")
def running() -> Iterator[IdentityProvider]:
    """One for all tests: an app that knows it can be shared."""
    with identity_provider.running() as provider:
        yield provider


@pytest.fixture
def provider(running: IdentityProvider) -> IdentityProvider:
    vars(running).update(vars(IdentityProvider(issuer=running.issuer, claims=dict(MAYA))))
    return running


@pytest.fixture
def environment(environment: dict[str, str], provider: IdentityProvider) -> dict[str, str]:
    return environment | provider.settings


@pytest.fixture
def come_back(client: Person) -> Callable[..., Answer]:
    """Press the button, sign in there, and come back."""

    def go(start: str = START) -> Answer:
        return client.get(_back(client.get(start)))

    return go


def _back(answer: Answer) -> str:
    """Where the provider sends the browser, as a path of ours."""
    there = requests.get(answer.location, allow_redirects=False, timeout=5)
    parts = urlsplit(there.headers["Location"])
    assert parts.netloc == "localhost:5050"
    return f"{parts.path}?{parts.query}"


def signed_in() -> list[str]:
    emails = select(User.email).join(UserSession).order_by(UserSession.id)
    return list(db.session.scalars(emails))


def count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def test_the_button_stands_where_people_sign_in(client: Person) -> None:
    page = client.get("/sign-in?next=/organizations/acme").page

    assert "Sign in with Acme Login" in page.texts("a")
    assert f"{START}?next=/organizations/acme" in page.values("href")


def test_who_has_the_address_comes_in_and_is_tied(come_back: Callable[..., Answer]) -> None:
    people = count(User)

    answer = come_back(f"{START}?next=/organizations/acme")

    assert (answer.status_code, answer.location) == (303, "/organizations/acme")
    assert signed_in() == ["member1@acme.test"]
    assert count(User) == people
    [tied] = db.session.scalars(select(ProviderIdentity))
    assert (tied.subject, tied.user.email) == ("m-1", "member1@acme.test")


def test_a_foreign_destination_leads_home(come_back: Callable[..., Answer]) -> None:
    assert come_back(f"{START}?next=https://evil.test/").location == "/"


def test_the_subject_counts_and_another_address_is_told(
    client: Person, provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    come_back()
    client.post("/sign-out")
    provider.claims = MAYA | {"email": "Maya.Chen@elsewhere.test"}

    home = client.get(come_back().location, follow_redirects=True)

    assert signed_in() == ["member1@acme.test"]
    assert "Acme Login knows you as maya.chen@elsewhere.test" in home.page.text


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"email_verified": False}, "has not checked your e-mail address"),
        ({"email_verified": None}, "has not checked your e-mail address"),
        ({"email": "owner@tiny.test"}, "does not take owner@tiny.test"),
        ({"email": "x@acme.test@tiny.test"}, "does not take x@acme.test@tiny.test"),
        ({"email": "a b@acme.test"}, "is not an e-mail address"),
        ({"sub": ""}, "did not say who you are"),
        ({"sub": "x" * 256}, "did not say who you are"),
    ],
)
def test_nobody_comes_in_by_what_the_provider_may_not_say(
    client: Person,
    provider: IdentityProvider,
    come_back: Callable[..., Answer],
    said: dict[str, object],
    words: str,
) -> None:
    provider.claims = MAYA | said

    answer = come_back()

    assert words in client.get(answer.location).page.text
    assert (signed_in(), count(ProviderIdentity)) == ([], 0)


def test_an_address_that_passed_to_somebody_else_there_opens_nothing(
    client: Person, provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    come_back()
    client.post("/sign-out")
    provider.claims = MAYA | {"sub": "somebody-else"}

    answer = come_back()

    assert "belongs to another person" in client.get(answer.location).page.text
    assert signed_in() == []


def test_the_operator_unties_it(
    app: Flask, client: Person, provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    come_back()
    client.post("/sign-out")
    provider.claims = MAYA | {"sub": "somebody-else"}

    done = app.test_cli_runner().invoke(args=["users", "untie", "member1@acme.test"])

    assert "Forgot 1 account" in done.output
    assert come_back().location == "/"


def _another_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": "one"})


@pytest.mark.parametrize(
    "broken",
    [
        {"lies": {"nonce": "of another sign-in"}},
        {"lies": {"aud": "another-client"}},
        {"lies": {"iss": "https://evil.test"}},
        {"lies": {"exp": 1}},
        {"algorithm": "none"},
        {"algorithm": "HS256"},
        {"key": _another_key()},
    ],
    ids=["nonce", "audience", "issuer", "too old", "unsigned", "our own secret", "another key"],
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
    assert signed_in() == []


def test_an_answer_works_once_and_in_its_own_browser(app: Flask, client: Person) -> None:
    back = _back(client.get(START))
    other = app.test_client()

    assert "cannot be used" in other.get(other.get(back).location).page.text
    assert client.get(back).location == "/"
    client.post("/sign-out")
    assert "cannot be used" in client.get(client.get(back).location).page.text
    assert signed_in() == []


def test_who_cancels_there_is_told(client: Person, provider: IdentityProvider) -> None:
    provider.claims = {}

    answer = client.get(_back(client.get(START)))

    assert "The sign-in was cancelled" in client.get(answer.location).page.text


@pytest.mark.own_app
def test_a_provider_that_is_down_is_said_to_be(client: Person, provider: IdentityProvider) -> None:
    provider.answers = False

    assert "Acme Login did not answer" in client.get(client.get(START).location).page.text
    provider.answers = True
    back = _back(client.get(START))
    provider.answers = False
    assert "did not answer" in client.get(client.get(back).location).page.text
    assert signed_in() == []


@pytest.mark.own_app
def test_metadata_of_another_issuer_is_refused(client: Person, provider: IdentityProvider) -> None:
    provider.says_it_is = provider.issuer.rstrip("/")

    assert "cannot be used" in client.get(client.get(START).location).page.text


def test_another_site_does_not_sign_anybody_in(client: Person, provider: IdentityProvider) -> None:
    answer = client.get(START, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.location == "/sign-in?next=/"


def test_what_only_userinfo_tells_counts_too(
    provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    provider.in_userinfo_only = True

    assert come_back().location == "/"
    assert signed_in() == ["member1@acme.test"]


def test_a_stranger_gets_an_account_and_no_membership(
    provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    members = count(Membership)
    provider.claims = {"sub": "n-1", "email": "New@Example.com", "email_verified": True}

    come_back()

    newcomer = accounts.find_by_email("new@example.com")
    assert newcomer is not None
    assert (newcomer.name, newcomer.password_hash) == ("new", "")
    assert count(Membership) == members


def test_who_was_invited_joins_with_it(
    client: Person, provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    invitation = invitations.invite(
        acme(), email="new@example.com", role=Role.MEMBER, team_ids=[], by=person("Adam")
    )
    link = LINK.search(one_time_links.for_invitation(invitation))
    assert link
    provider.claims = {"sub": "n-1", "email": "new@example.com", "email_verified": True}
    client.get(link[0])
    page = client.get("/invitation").page
    assert "Sign in with Acme Login" in page.texts("a")

    answer = come_back(f"{START}?next=/invitation")
    assert answer.location == "/invitation"
    client.get("/invitation")
    client.post("/invitation")

    newcomer = accounts.find_by_email("new@example.com")
    assert newcomer is not None
    assert [each.organization.slug for each in newcomer.memberships] == ["acme"]


def test_many_tabs_do_not_fill_the_cookie(client: Person) -> None:
    backs = [_back(client.get(START)) for _ in range(8)]

    with client.session_transaction() as kept:
        assert len([name for name in kept if name.startswith("_state_")]) == 3
    assert client.get(backs[-1]).location == "/"


def test_the_account_page_says_with_whom(client: Person, come_back: Callable[..., Answer]) -> None:
    come_back()

    assert "You also sign in with Acme Login." in client.get("/account").page.text
