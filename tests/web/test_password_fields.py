"""The fields for passwords, what counts of what is typed into them, and the way out."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

import pytest
from flask import Flask
from werkzeug.security import generate_password_hash

from app.extensions import db
from tests.support.acme import person
from tests.support.pages import Page
from tests.support.people import Person

NAMES = {"password", "current", "new", "own_password"}
OWN = " My Very Own " + "x" * 120 + " Sentence "
pytestmark = pytest.mark.usefixtures("sample")


def fields(page: Page) -> list[Element]:
    """All that ask for a password, but for those of the demo, which are filled."""
    found = [field for field in page.all("input") if field.get("name") in NAMES]
    return [field for field in found if field.get("value") != "unpack-demo"]


def test_each_hides_what_is_typed_and_says_what_it_is_for(
    client: Person, signed_in: Callable[..., Person]
) -> None:
    found = fields(client.get("/sign-in").page)
    found += fields(signed_in("admin@acme.test").get("/account").page)

    assert len(found) == 4
    for field in found:
        assert field.get("type") == "password"
        assert field.get("autocomplete") in {"current-password", "new-password"}
        assert field.get("onpaste") is None


@pytest.mark.parametrize(
    "typed", [OWN.strip(), OWN.lower(), OWN[:-1], OWN[:72], OWN + "x", OWN.replace("x", "y", 1)]
)
def test_it_counts_as_it_was_typed_and_whole(app: Flask, client: Person, typed: str) -> None:
    person("Maya").password_hash = generate_password_hash(OWN)
    db.session.commit()

    assert client.sign_in("member1@acme.test", typed).status_code == 422
    assert client.sign_in("member1@acme.test", OWN).location == "/"


@pytest.mark.parametrize(
    "path", ["/organizations/acme", "/account", "/organizations/acme/settings/integrations"]
)
def test_each_page_offers_to_sign_out(signed_in: Callable[..., Person], path: str) -> None:
    assert "/sign-out" in signed_in("admin@acme.test").get(path).page.values("action")
