"""Signing in and out, and what a stranger gets."""

from collections.abc import Callable

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from app.models import User
from app.services.organizations import accounts, passwords
from app.services.sign_in import hashing
from config import ConfigurationError
from demo import passwords as demo_passwords
from tests.support import factories, settings
from tests.support.people import PASSWORD, Person

ADMIN = "admin@acme.test"


@pytest.mark.usefixtures("sample")
def test_a_person_signs_in_and_comes_home(client: Person) -> None:
    answer = client.sign_in(ADMIN)

    assert (answer.status_code, answer.location) == (303, "/")
    home = client.get("/", follow_redirects=True)
    assert home.page.texts("h1") == ["Acme"]


@pytest.mark.usefixtures("sample")
def test_the_address_may_be_typed_in_any_case(client: Person) -> None:
    assert client.sign_in(" Admin@ACME.test ").status_code == 303


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("email", [ADMIN, "nobody@acme.test"])
def test_a_wrong_password_and_an_unknown_address_read_the_same(client: Person, email: str) -> None:
    answer = client.sign_in(email, "wrong")

    assert answer.status_code == 422
    assert "E-mail or password is wrong." in answer.page.text


def test_what_was_typed_comes_back_but_the_password(client: Person) -> None:
    answer = client.sign_in("nobody@acme.test", "my secret")

    assert "nobody@acme.test" in answer.page.values("value")
    assert "my secret" not in answer.page.html


def test_both_fields_are_asked_for(client: Person) -> None:
    answer = client.sign_in("", "")

    assert "Enter your e-mail address." in answer.page.text
    assert "Enter your password." in answer.page.text


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize(
    ("asked", "given"),
    [
        ("/organizations/acme/settings/plan", "/organizations/acme/settings/plan"),
        ("//evil.test/", "/"),
        ("https://evil.test/", "/"),
        ("/\\evil.test", "/"),
        ("javascript:alert(1)", "/"),
        ("/a\r\nLocation: https://evil.test", "/"),
        ("", "/"),
    ],
)
def test_sign_in_leads_to_pages_of_ours_only(client: Person, asked: str, given: str) -> None:
    client.get("/sign-in")
    form = {"email": ADMIN, "password": PASSWORD, "next": asked}

    assert client.post("/sign-in", form).location == given


@pytest.mark.usefixtures("sample")
def test_a_stranger_is_led_to_sign_in_and_back(client: Person) -> None:
    answer = client.get("/organizations/acme?x=1")

    assert (answer.status_code, answer.location) == (303, "/sign-in?next=/organizations/acme?x%3D1")


@pytest.mark.usefixtures("sample")
def test_a_fragment_that_a_stranger_polls_leads_the_whole_page_away(client: Person) -> None:
    answer = client.get("/organizations/acme", htmx=True)

    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"] == "/sign-in"


@pytest.mark.usefixtures("sample")
def test_a_form_sent_after_the_session_ended_leads_to_sign_in(client: Person) -> None:
    answer = client.post("/organizations/acme/retrospectives", {}, csrf=False)

    assert (answer.status_code, answer.location) == (303, "/sign-in")


def test_signing_in_makes_a_new_token(signed_in: Callable[..., Person], client: Person) -> None:
    client.get("/sign-in")
    planted = client.csrf_token
    client.sign_in(ADMIN)

    answer = client.post("/sign-out", {"csrf_token": planted})

    assert answer.status_code == 400


def test_signing_out_ends_the_session(signed_in: Callable[..., Person]) -> None:
    person = signed_in(ADMIN)

    assert person.post("/sign-out").location == "/sign-in"
    assert person.get("/organizations/acme").status_code == 303


def test_somebody_signed_in_is_not_asked_again(signed_in: Callable[..., Person]) -> None:
    assert signed_in(ADMIN).get("/sign-in").location == "/"


@pytest.mark.usefixtures("sample")
def test_signing_in_often_is_no_guessing(client: Person) -> None:
    for _ in range(12):
        assert client.sign_in(ADMIN).status_code == 303
        client.post("/sign-out")


@pytest.mark.usefixtures("sample")
def test_the_demo_offers_its_accounts_with_one_click(client: Person) -> None:
    page = client.get("/sign-in").page

    assert "Demo accounts" in page.text
    assert page.text.count("@acme.test Sign in as") == 0  # the words between say who it is
    for email in (ADMIN, "owner@tiny.test"):
        assert f"Sign in as {email}" in page.text


@pytest.mark.usefixtures("sample")
def test_outside_the_demo_nobody_is_offered(database_url: str, redis_url: str) -> None:
    app = create_app(
        settings.build(database_url=database_url, redis_url=redis_url, UNPACK_DEMO="0")
    )

    page = app.test_client().get("/sign-in").text

    assert "acme.test" not in page
    assert "unpack-demo" not in page


@pytest.mark.usefixtures("sample")
def test_who_got_a_password_of_their_own_is_offered_no_click(client: Person, app: Flask) -> None:
    replaced = demo_passwords.replace_known()
    db.session.commit()

    assert "Sign in as" not in client.get("/sign-in").page.text
    assert len(replaced) == 6
    assert client.post("/sign-in", {"email": ADMIN, "password": PASSWORD}).status_code == 422
    answer = client.post("/sign-in", {"email": ADMIN, "password": replaced[ADMIN]})
    assert answer.status_code == 303


@pytest.mark.usefixtures("sample")
@pytest.mark.environment(UNPACK_DEMO_PUBLIC="1", PUBLIC_URL="https://unpack.example")
def test_a_demo_that_others_reach_offers_nobody_and_shows_no_mail(client: Person) -> None:
    there = "https://unpack.example"
    page = client.get("/sign-in", base_url=there).page

    assert "Sign in" in page.text
    assert "acme.test" not in page.text
    assert client.get("/demo/outbox", base_url=there).status_code == 404


@pytest.mark.parametrize(
    "given",
    [
        {"PUBLIC_URL": "https://unpack.example"},
        {"PUBLIC_URL": "http://192.0.2.7:5050"},
        {"PUBLIC_URL": "http://localhost:5050", "TRUSTED_HOSTS": "localhost,tunnel.example"},
    ],
)
def test_a_demo_that_others_could_reach_does_not_start(given: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError) as refused:
        settings.build(database_url="sqlite://", **given)

    assert "lets in everybody who reaches it" in str(refused.value)
    assert "UNPACK_DEMO_PUBLIC=1" in str(refused.value)


@pytest.mark.parametrize("address", ["http://127.0.0.1:5050", "http://[::1]:5050"])
def test_on_this_machine_it_starts_under_each_of_its_names(address: str) -> None:
    assert settings.build(database_url="sqlite://", PUBLIC_URL=address)["DEMO"]


@pytest.mark.usefixtures("sample")
def test_the_time_zone_of_the_browser_is_remembered(client: Person, app: Flask) -> None:
    client.get("/sign-in")
    form = {"email": ADMIN, "password": PASSWORD, "time_zone": "America/New_York"}
    client.post("/sign-in", form)

    assert _admin().time_zone == "America/New_York"


@pytest.mark.usefixtures("sample")
def test_a_time_zone_that_is_none_is_ignored(client: Person, app: Flask) -> None:
    client.get("/sign-in")
    form = {"email": ADMIN, "password": PASSWORD, "time_zone": "../../etc/passwd"}
    client.post("/sign-in", form)

    assert _admin().time_zone == "Europe/Stockholm"


def test_passwords_are_stored_as_scrypt(app: Flask) -> None:
    user = accounts.create_user("ada@example.test", "Ada")
    passwords.keep(user, hashing.make("correct horse battery"))

    assert user.password_hash.startswith("scrypt:32768:8:3$")


def test_somebody_in_no_organization_is_told_so(app: Flask, client: Person) -> None:
    lonely = factories.user()
    client.sign_in(lonely.email)

    answer = client.get("/")

    assert "You are in no organization" in answer.page.text


def _admin() -> User:
    user = accounts.find_by_email(ADMIN)
    assert user is not None
    return user
