"""A link in an e-mail turns its kind off, whoever is signed in; nothing else."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.extensions import db
from app.models import MailKind
from app.services.departures import account_deletion
from app.services.mail import preferences, unsubscribing
from tests.support.acme import person
from tests.support.people import Person

SignedIn = Callable[..., Person]
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path_of(name: str, kind: MailKind) -> str:
    address = unsubscribing.address(person(name), kind)
    return address.removeprefix("http://localhost:5050")


def wanted_by(name: str) -> set[MailKind]:
    db.session.expire_all()
    return preferences.chosen_by(person(name))


def test_a_link_only_asks_until_somebody_presses(sample: None, client: Person) -> None:
    page = client.get(path_of("Maya", MailKind.DIGEST)).page
    assert "Turn off the weekly digest" in page.text
    assert MailKind.DIGEST in wanted_by("Maya")

    answer = client.post(path_of("Maya", MailKind.DIGEST), {})

    assert "You get the weekly digest no more." in answer.page.text
    assert MailKind.DIGEST not in wanted_by("Maya")
    assert MailKind.REMINDER in wanted_by("Maya")


def test_a_mail_program_presses_without_a_session(app: Flask, sample: None) -> None:
    answer = app.test_client().post(path_of("Maya", MailKind.DIGEST), data=ONE_CLICK)

    assert answer.status_code == 200
    assert MailKind.DIGEST not in wanted_by("Maya")


def test_turning_reminders_off_turns_off_both(app: Flask, sample: None) -> None:
    maya = person("Maya")
    preferences.choose(maya, preferences.chosen_by(maya) | {MailKind.OVERDUE})
    db.session.commit()

    app.test_client().post(path_of("Maya", MailKind.REMINDER), data=ONE_CLICK)

    assert not {MailKind.REMINDER, MailKind.OVERDUE} & wanted_by("Maya")


def test_it_signs_nobody_in(sample: None, client: Person) -> None:
    client.post(path_of("Maya", MailKind.DIGEST), {})

    assert client.get("/account").status_code == 303


def test_it_is_of_its_person_whoever_is_signed_in(signed_in: SignedIn) -> None:
    browser = signed_in("admin@acme.test")

    browser.post(path_of("Maya", MailKind.DIGEST), {})

    assert MailKind.DIGEST in wanted_by("Adam")
    assert MailKind.DIGEST not in wanted_by("Maya")


@pytest.mark.parametrize(
    "change", [lambda path: path[:-2], lambda path: path + "x", lambda _: "/x.y"]
)
def test_a_link_that_is_not_whole_says_so(
    sample: None, client: Person, change: Callable[[str], str]
) -> None:
    token = change(path_of("Maya", MailKind.DIGEST)).rpartition("/")[2]

    answer = client.post(f"/unsubscriptions/{token}", {})

    assert answer.status_code == 404
    assert "This link is not whole, or not of this Unpack." in answer.page.text
    assert MailKind.DIGEST in wanted_by("Maya")


def test_a_link_outlives_a_change_of_keys(app: Flask, sample: None) -> None:
    path = path_of("Maya", MailKind.DIGEST)
    app.config["SECRET_KEY_FALLBACKS"] = [app.config["SECRET_KEY"]]
    app.config["SECRET_KEY"] = "another key of 32 characters, at least"

    app.test_client().post(path, data=ONE_CLICK)

    assert MailKind.DIGEST not in wanted_by("Maya")


def test_a_deleted_account_gets_the_same_answer(app: Flask, sample: None) -> None:
    path = path_of("Tom", MailKind.DIGEST)
    account_deletion.delete(person("Tom"))
    db.session.commit()

    assert app.test_client().post(path, data=ONE_CLICK).status_code == 200
