"""Who has only single sign-on has no password: a page that asks for one says how to go on."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.models import User
from tests.support.acme import person
from tests.support.identity_provider import IdentityProvider
from tests.support.invited import link_for
from tests.support.pages import text_of
from tests.support.people import PASSWORD, Answer, Person
from tests.web.single_sign_on.coming import MAYA

pytestmark = pytest.mark.usefixtures("sample")

OWN = "my very own sentence"
SAYS = "you have none yet, because you sign in with Acme Login."


@pytest.fixture
def maya(client: Person, come_back: Callable[..., Answer]) -> Person:
    """In by the provider, and without a password."""
    forget_password(person("Maya"))
    come_back()
    return client


def forget_password(user: User) -> None:
    user.password_hash, user.password_chosen_at = "", None
    db.session.commit()


def heirs_page() -> str:
    heir = person("Adam").memberships[0].id
    return f"/organizations/acme/settings/members/{heir}/ownership"


def offered(answer: Answer) -> list[str]:
    """Where the buttons that send a link send their form, and to whom the link goes."""
    buttons = [each for each in answer.page.all("button") if text_of(each) == "Send me the link"]
    return [f"{each.get('formaction')} {each.get('value')}" for each in buttons]


@pytest.mark.parametrize("page", ["/account", "/account/deletion"])
def test_the_page_says_so_and_offers_a_link(maya: Person, page: str) -> None:
    answer = maya.get(page)

    assert SAYS in answer.page.text
    assert set(offered(answer)) == {"/password/forgotten member1@acme.test"}
    assert "current-password" not in answer.page.values("autocomplete")
    assert "Delete my account" not in answer.page.texts("button")


def test_an_owner_who_hands_over_is_told_too(
    client: Person, provider: IdentityProvider, come_back: Callable[..., Answer]
) -> None:
    forget_password(person("Olga"))
    provider.claims = MAYA | {"sub": "o-1", "email": "owner@acme.test"}
    come_back()

    answer = client.get(heirs_page())

    assert SAYS in answer.page.text
    assert offered(answer) == ["/password/forgotten owner@acme.test"]
    assert "Transfer ownership" not in answer.page.texts("button")


def test_with_the_link_they_set_one_and_go_on(maya: Person, work: Callable[[], object]) -> None:
    sent = maya.post("/password/forgotten", {"email": "member1@acme.test"}, follow_redirects=True)
    assert "Back to your account" in sent.page.texts("a")
    work()

    maya.get(link_for("member1@acme.test"), follow_redirects=True)
    maya.post("/password", {"password": OWN})

    assert "Delete my account" in maya.get("/account/deletion").page.texts("button")
    gone = maya.post("/account/deletion", {"own_password": OWN})
    assert gone.location == "/sign-in"
    assert db.session.query(User).filter_by(email="member1@acme.test").count() == 0


@pytest.mark.environment(UNPACK_DEMO="0")
def test_without_e_mail_the_operators_command_is_named(maya: Person) -> None:
    for page in ("/account", "/account/deletion"):
        answer = maya.get(page)
        assert "flask users link member1@acme.test" in answer.page.texts("code")
        assert offered(answer) == []


def test_a_password_that_somebody_else_may_know_proves_nothing(
    app: Flask, client: Person, come_back: Callable[..., Answer]
) -> None:
    person("Maya").password_chosen_at = None
    db.session.commit()
    come_back()

    answer = client.post("/account/deletion", {"own_password": PASSWORD})

    assert answer.status_code == 422
    assert SAYS in answer.page.text
