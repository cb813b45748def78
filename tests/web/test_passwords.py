"""Passwords that one has forgotten, wants changed, or never chose."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.models import Mail, User
from app.services.organizations import one_time_links, passwords
from app.services.organizations.password_rules import PasswordRefused
from demo import sample as sample_organizations
from tests.support import factories
from tests.support.acme import acme, person
from tests.support.invited import LINK, link_for, links_for
from tests.support.people import PASSWORD, Answer, Person

SignedIn = Callable[..., Person]
Work = Callable[[], object]
MAYA = "member1@acme.test"
OWN = "my very own sentence"
FORGOTTEN = "/password/forgotten"


def ask(browser: Person, email: str = MAYA) -> Answer:
    browser.get(FORGOTTEN)
    return browser.post(FORGOTTEN, {"email": email})


def link_of(user: User) -> str:
    found = LINK.search(one_time_links.for_password(user))
    assert found
    return found[0]


def test_a_forgotten_password_is_set_by_a_link_that_works_once(
    client: Person, signed_in: SignedIn, work: Work
) -> None:
    ask(client, " Member1@ACME.test ")
    work()
    answer = client.get(link_for(MAYA))
    assert (answer.location, answer.headers["Referrer-Policy"]) == ("/password", "no-referrer")
    assert f"For {MAYA}." in client.get("/password").page.text

    answer = client.post("/password", {"password": OWN})

    assert answer.location == "/"
    assert "Your password is set." in client.get("/", follow_redirects=True).page.text
    client.post("/sign-out")
    assert client.sign_in(MAYA, PASSWORD).status_code == 422
    assert client.sign_in(MAYA, OWN).status_code == 303
    assert client.get(link_for(MAYA), follow_redirects=True).status_code == 410


@pytest.mark.usefixtures("sample")
def test_an_unknown_address_reads_the_same_and_gets_nothing(client: Person, work: Work) -> None:
    pages = []
    for address in (MAYA, "nobody@acme.test"):
        assert ask(client, address).location == f"{FORGOTTEN}/sent"
        pages.append(client.get(f"{FORGOTTEN}/sent").page.text.replace(address, "ADDRESS"))
    work()

    assert pages[0] == pages[1]
    assert links_for("nobody@acme.test") == []
    assert db.session.query(Mail).filter_by(address="nobody@acme.test").count() == 0


@pytest.mark.usefixtures("sample")
def test_asking_looks_for_no_account(client: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not looked for takes no time that tells."""
    asked: list[str] = []
    monkeypatch.setattr(
        "app.services.organizations.accounts.find_by_email", lambda email: asked.append(email)
    )

    assert ask(client).status_code == 303
    assert asked == []


@pytest.mark.parametrize(
    ("email", "words"), [("", "Enter your"), ("maya", "This is not an e-mail")]
)
def test_what_is_no_address_is_said(client: Person, email: str, words: str) -> None:
    answer = ask(client, email)

    assert answer.status_code == 422
    assert words in answer.page.text


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("email", [MAYA, "nobody@acme.test"])
def test_five_links_an_hour_are_enough_for_an_address(client: Person, email: str) -> None:
    codes = [ask(client, email).status_code for _ in range(6)]

    assert codes == [303] * 5 + [429]


@pytest.mark.usefixtures("sample")
def test_a_link_ends_after_an_hour(client: Person) -> None:
    link = link_of(person("Maya"))
    db.session.commit()
    with time_machine.travel(utcnow() + timedelta(hours=1, seconds=1)):
        answer = client.get(link, follow_redirects=True)
        late = client.post("/password", {"password": OWN})

    assert (answer.status_code, late.status_code) == (410, 410)
    assert client.sign_in(MAYA).status_code == 303


@pytest.mark.usefixtures("sample")
def test_a_refused_password_leaves_the_link_as_it_was(client: Person) -> None:
    client.get(link_of(person("Maya")))
    answer = client.post("/password", {"password": "maya lindqvist"})
    assert answer.status_code == 422
    assert "mostly your name" in answer.page.text

    assert client.post("/password", {"password": OWN}).location == "/"


@pytest.mark.usefixtures("sample")
def test_setting_a_password_ends_the_other_links(client: Person) -> None:
    first, second = link_of(person("Maya")), link_of(person("Maya"))
    client.get(first)
    client.post("/password", {"password": OWN})

    assert client.get(second, follow_redirects=True).status_code == 410


def test_a_link_ends_the_sessions_elsewhere(client: Person, app: Flask, sample: None) -> None:
    elsewhere = app.test_client()
    assert isinstance(elsewhere, Person)
    elsewhere.sign_in(MAYA)
    client.get(link_of(person("Maya")))
    client.post("/password", {"password": OWN})

    assert client.get("/organizations/acme").status_code == 200
    assert elsewhere.get("/organizations/acme").status_code == 303


def test_changing_asks_for_the_current_one_and_ends_other_sessions(
    app: Flask, client: Person, sample: None
) -> None:
    elsewhere = app.test_client()
    assert isinstance(elsewhere, Person)
    for browser in (client, elsewhere):
        browser.sign_in(MAYA)
    client.get("/account")
    wrong = client.post("/account/password", {"current": "wrong", "new": OWN})
    assert "This is not your current password." in wrong.page.text

    right = client.post("/account/password", {"current": PASSWORD, "new": OWN})

    assert right.location == "/account"
    assert "Your password is changed." in client.get("/account").page.text
    assert elsewhere.get("/organizations/acme").status_code == 303
    assert elsewhere.sign_in(MAYA, OWN).status_code == 303


def test_ten_wrong_current_passwords_are_enough_for_a_while(client: Person, sample: None) -> None:
    client.sign_in(MAYA)
    client.get("/account")
    with time_machine.travel(utcnow(), tick=False):
        for _ in range(10):
            client.post("/account/password", {"current": "wrong", "new": OWN})
        answer = client.post("/account/password", {"current": PASSWORD, "new": OWN})

    assert answer.status_code == 429


@pytest.fixture
def unchosen(sample: None, app: Flask) -> User:
    """Maya as an upgrade left her: an admin may know the password."""
    maya = person("Maya")
    maya.password_chosen_at = None
    return maya


def test_a_password_that_was_not_chosen_offers_a_link(
    client: Person, unchosen: User, work: Work
) -> None:
    answer = client.sign_in(MAYA)
    assert answer.status_code == 422
    assert "Whoever made this account was shown its password" in answer.page.text
    assert client.get("/organizations/acme").status_code == 303

    client.get("/sign-in")
    client.post(FORGOTTEN, {"email": MAYA})
    work()

    mail = db.session.query(Mail).one()
    assert "no longer signs in, because whoever made the account was shown it" in (mail.text or "")
    client.get(link_for(MAYA))
    assert client.post("/password", {"password": OWN}).location == "/"


def test_a_wrong_password_tells_nothing_of_it(client: Person, unchosen: User) -> None:
    answer = client.sign_in(MAYA, "wrong")

    assert "E-mail or password is wrong." in answer.page.text


@pytest.mark.environment(UNPACK_DEMO="0")
def test_without_a_mail_server_the_operators_command_is_named(
    client: Person, unchosen: User, app: Flask
) -> None:
    assert f"flask users link {MAYA}" in client.sign_in(MAYA).page.text
    assert "flask users link ADDRESS" in client.get(FORGOTTEN).page.text
    said = app.test_cli_runner().invoke(args=["users", "link", MAYA]).output
    client.get(said.splitlines()[-1].removeprefix("http://localhost:5050"))

    assert client.post("/password", {"password": OWN}).location == "/"


def test_the_samples_passwords_count_as_chosen_after_an_upgrade(
    client: Person, unchosen: User
) -> None:
    sample_organizations.load()

    assert client.sign_in(MAYA).status_code == 303


def test_a_session_of_before_does_not_count(client: Person, sample: None, app: Flask) -> None:
    """What an older version has signed: it may have begun with a password that others know."""
    maya = person("Maya")
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = str(maya.id), True

    assert client.get("/organizations/acme").status_code == 303


def test_an_account_without_a_password_opens_to_none(client: Person, app: Flask) -> None:
    user = factories.user("ada@example.test")
    user.password_hash = ""

    for password in ("", "!", PASSWORD):
        assert client.sign_in(user.email, password).status_code == 422


def test_a_password_is_not_the_organizations_name(app: Flask, sample: None) -> None:
    acme().name = "Acme Rockets"

    with pytest.raises(PasswordRefused, match="mostly your name"):
        passwords.refuse_weak(person("Maya"), "AcmeRockets2026")
