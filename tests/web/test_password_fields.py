"""The fields for passwords, what counts of what is typed into them, and the way out."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.security import generate_password_hash

from app.extensions import db
from tests.support.acme import person
from tests.support.people import Person

FIELD = re.compile(r"<input\b[^>]*\bname=\"(?:password|current|new|own_password)\"[^>]*>")
OWN = " My Very Own " + "x" * 120 + " Sentence "
pytestmark = pytest.mark.usefixtures("sample")


def fields(html: str) -> list[str]:
    """All that ask for a password, but for those of the demo, which are filled."""
    return [field for field in FIELD.findall(html) if "unpack-demo" not in field]


def test_each_hides_what_is_typed_and_says_what_it_is_for(
    client: Person, signed_in: Callable[..., Person]
) -> None:
    found = fields(client.get("/sign-in").text)
    found += fields(signed_in("admin@acme.test").get("/account").text)

    assert len(found) == 4
    for field in found:
        assert 'type="password"' in field
        assert 'autocomplete="current-password"' in field or 'autocomplete="new-password"' in field
        assert "onpaste" not in field


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
    assert 'action="/sign-out"' in signed_in("admin@acme.test").get(path).text
