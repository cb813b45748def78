"""Your account: the name, the time zone, the colours, and which e-mails one gets."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import Appearance, User
from tests.support.acme import person
from tests.support.people import PASSWORD, Person

SignedIn = Callable[..., Person]
ACCOUNT = "/account"
ADMIN, MAYA, OWNER = "admin@acme.test", "member1@acme.test", "owner@acme.test"
KEPT = {"name": "Maya Lindqvist", "zone": "", "appearance": "system"}


def maya() -> User:
    db.session.expire_all()
    return person("Maya")


def zone_of(browser: Person) -> list[str]:
    [select] = browser.get(ACCOUNT).page.all("select")
    return [each.get("value", "") for each in select.iter("option") if "selected" in each.attrib]


def test_a_person_says_how_they_are_called(signed_in: SignedIn) -> None:
    browser = signed_in(MAYA)

    answer = browser.post(ACCOUNT, {**KEPT, "name": "  Maya   L. "}, follow_redirects=True)

    assert "Your account is saved." in answer.page.text
    assert "Maya L., member1@acme.test" in answer.page.text


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("name", "   ", "Enter your name."),
        ("name", "x" * 121, "at most 120"),
        ("zone", "Mars/Olympus", "Not a valid choice"),
        ("appearance", "pink", "Not a valid choice"),
    ],
)
def test_what_cannot_be_is_said_at_its_field(
    signed_in: SignedIn, field: str, value: str, words: str
) -> None:
    answer = signed_in(MAYA).post(ACCOUNT, {**KEPT, field: value})

    assert answer.status_code == 422
    assert words in answer.page.text
    assert maya().name == "Maya Lindqvist"


def test_a_zone_that_was_chosen_stays_whatever_a_browser_says(
    signed_in: SignedIn, client: Person
) -> None:
    signed_in(MAYA).post(ACCOUNT, {**KEPT, "zone": "Asia/Tokyo"})
    client.get("/sign-in")
    form = {"email": MAYA, "password": PASSWORD, "time_zone": "America/New_York"}
    client.post("/sign-in", form)

    assert maya().time_zone == "Asia/Tokyo"
    assert zone_of(client) == ["Asia/Tokyo"]


def test_a_zone_that_is_not_chosen_any_more_is_the_browsers(
    signed_in: SignedIn, client: Person
) -> None:
    browser = signed_in(MAYA)
    browser.post(ACCOUNT, {**KEPT, "zone": "Asia/Tokyo"})
    browser.post(ACCOUNT, KEPT)
    client.get("/sign-in")
    client.post("/sign-in", {"email": MAYA, "password": PASSWORD, "time_zone": "Europe/Rome"})

    assert maya().time_zone == "Europe/Rome"
    assert zone_of(client) == [""]


@pytest.mark.usefixtures("sample")
def test_times_on_pages_are_of_the_zone_that_was_chosen(client: Person) -> None:
    with time_machine.travel("2026-11-23 22:30Z", tick=False):
        person("Maya").password_chosen_at = utcnow() - timedelta(minutes=10)
        client.sign_in(MAYA)
        client.get(ACCOUNT)
        client.post(ACCOUNT, {**KEPT, "zone": "Asia/Tokyo"})

        assert "Chosen on 24 November." in client.get(ACCOUNT).page.text


@pytest.mark.parametrize(
    ("chosen", "on_the_page"), [("system", []), ("light", ["light"]), ("dark", ["dark"])]
)
def test_pages_come_in_the_colours_that_were_chosen(
    signed_in: SignedIn, chosen: str, on_the_page: list[str]
) -> None:
    browser = signed_in(MAYA)
    browser.post(ACCOUNT, {**KEPT, "appearance": chosen})

    assert browser.get("/organizations/acme").page.values("data-appearance") == on_the_page
    assert maya().appearance is Appearance(chosen)


def test_who_administers_nothing_is_asked_about_no_admins_e_mail(signed_in: SignedIn) -> None:
    assert "Trouble with Jira" in signed_in(ADMIN).get(ACCOUNT).page.text
    assert "Trouble with Jira" not in signed_in(MAYA).get(ACCOUNT).page.text


def test_a_switch_stays_as_it_was_left(signed_in: SignedIn) -> None:
    browser = signed_in(ADMIN)
    form = {"name": "Adam Novak", "zone": "", "appearance": "system"}

    def on() -> list[str]:
        return [
            each.get("value", "")
            for each in browser.get(ACCOUNT).page.all("input")
            if each.get("name") == "mails" and "checked" in each.attrib
        ]

    assert {"trouble", "blocked"} <= set(on())
    browser.post(ACCOUNT, {**form, "mails": "blocked"})
    assert on() == ["blocked"]
    browser.post(ACCOUNT, {**form, "mails": ["trouble", "blocked"]})
    assert set(on()) == {"trouble", "blocked"}


def test_mails_of_the_account_cannot_be_declined(signed_in: SignedIn) -> None:
    names = {
        each.get("value")
        for each in signed_in(OWNER).get(ACCOUNT).page.all("input")
        if each.get("name") == "mails"
    }

    assert not names & {"password-link", "invitation", "email-change", "email-changed"}
