"""A PostgreSQL that is there and says nothing, without a pooler between: as a person meets it."""

import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
from flask import Flask

from app import create_app
from app.extensions import db
from tests.support import settings
from tests.support.acme import sprint_14
from tests.support.databases import PostgresqlTemplates
from tests.support.frozen import frozen
from tests.support.people import Person

HOME = "/organizations/acme"
SignedIn = Callable[..., Person]
Freeze = Callable[[], AbstractContextManager[None]]


@pytest.fixture
def database_kind() -> str:
    return "postgresql"


@pytest.fixture
def freeze(postgresql_templates: PostgresqlTemplates) -> Freeze:
    return lambda: frozen(postgresql_templates.address)


@pytest.fixture
def member(app: Flask, signed_in: SignedIn) -> Person:
    """Whose pages have been answered, so that there is a connection to the server."""
    person = signed_in("facilitator@acme.test")
    assert person.get(HOME).status_code == 200
    db.session.rollback()
    return person


@pytest.mark.parametrize("htmx", [False, True])
def test_it_is_said_within_five_seconds_and_is_over_by_itself(
    member: Person, freeze: Freeze, htmx: bool
) -> None:
    with freeze():
        began = time.monotonic()
        answer = member.get(HOME, htmx=htmx)
        lasted = time.monotonic() - began

    assert lasted < 5
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Unpack cannot answer just now" in answer.page.text
    assert answer.page.whole is not htmx
    assert member.get(HOME).status_code == 200


def test_a_connection_that_does_not_come_to_be_is_said_within_five_seconds(
    member: Person, freeze: Freeze
) -> None:
    db.engine.dispose()

    with freeze():
        began = time.monotonic()
        answer = member.get("/sign-in")
        lasted = time.monotonic() - began

    assert lasted < 5
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert member.get(HOME).status_code == 200


def test_the_second_address_of_a_silent_host_is_tried_in_the_same_time(redis_url: str) -> None:
    """As of localhost, which is ::1 and 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        url = f"postgresql://unpack@/unpack?host=127.0.0.1,127.0.0.1&port={port},{port}"
        app = create_app(settings.build(database_url=url, redis_url=redis_url))
        began = time.monotonic()
        answer = app.test_client().get("/sign-in", base_url="http://localhost:5050")

    assert time.monotonic() - began < 5
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")


def test_what_was_sent_meanwhile_is_sent_again_and_is_there_once(
    member: Person, freeze: Freeze
) -> None:
    address = f"/retrospectives/{sprint_14().id}/action-items"
    db.session.rollback()

    with freeze():
        began = time.monotonic()
        refused = member.post(address, {"title": "Thaw it"})
        lasted = time.monotonic() - began
    again = member.post(address, {"title": "Thaw it"})

    assert lasted < 5
    assert (refused.status_code, again.status_code) == (503, 303)
    titles = [item.title for item in sprint_14().action_items]
    assert titles.count("Thaw it") == 1


def test_the_watchers_are_told_which_part_is_missing(member: Person, freeze: Freeze) -> None:
    with freeze():
        began = time.monotonic()
        answer = member.get("/readyz")
        lasted = time.monotonic() - began

    assert lasted < 5
    assert answer.status_code == 503
    assert "missing: database\n" in answer.text
