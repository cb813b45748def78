"""Answers as they come over the wire."""

import contextvars

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.support.application import commit_what_was_arranged
from tests.support.people import Person

CHROMIUM = "gzip, deflate, br, zstd"  # what it takes


def fetch(person: Person, address: str, encoding: str = CHROMIUM) -> TestResponse:
    """As it comes over the wire: nothing reads it on the way, as `Person` would."""
    commit_what_was_arranged()
    browser = FlaskClient(person.application, TestResponse)
    cookie = person.get_cookie(person.application.config["SESSION_COOKIE_NAME"])
    if cookie is not None:
        browser.set_cookie(cookie.key, cookie.value)
    answer: TestResponse = contextvars.Context().run(
        browser.get, address, headers={"Accept-Encoding": encoding}
    )
    return answer
