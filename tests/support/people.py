"""People at the test client: they sign in by the form, and send the token that the page gave."""

import contextvars
import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.extensions import db
from app.models import UserSession
from app.services.organizations import accounts
from app.services.sign_in import user_sessions
from app.web.sessions import DEMO_ACCOUNTS
from tests.support.application import commit_what_was_arranged
from tests.support.pages import Page

PASSWORD = "unpack-demo"


class Answer(TestResponse):
    """A response; `page` is its parsed HTML."""

    @cached_property
    def page(self) -> Page:
        return Page(self.get_data(as_text=True))


class Person(FlaskClient):
    """A browser without scripts, or with htmx where a call says `htmx=True`.

    Every HTML answer is checked for what holds on all pages.
    """

    csrf_token: str | None = None
    # A walk over hundreds of pages looks at their statuses; what they hold, other tests look at.
    checks_pages = True

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.response_wrapper = type("Answer", (Answer, self.response_wrapper), {})

    def open(self, *args: Any, htmx: bool = False, **kwargs: Any) -> Answer:
        commit_what_was_arranged()
        given = {"Sec-Fetch-Site": "same-origin", **dict(kwargs.pop("headers", None) or {})}
        headers = {name: value for name, value in given.items() if value is not None}
        if htmx:
            headers["HX-Request"] = "true"
        # A context of its own: nothing that this request sets reaches the test or the next one.
        answer = contextvars.Context().run(super().open, *args, headers=headers, **kwargs)
        assert isinstance(answer, Answer)
        if answer.mimetype == "text/html" and answer.get_data(as_text=True).strip():
            if self.checks_pages:
                answer.page.check()
            self.csrf_token = answer.page.csrf_token or self.csrf_token
        return answer

    def get(self, *args: Any, **kwargs: Any) -> Answer:
        answer = super().get(*args, **kwargs)
        assert isinstance(answer, Answer)
        return answer

    def post(self, url: str, data: Any = None, *, csrf: bool = True, **kwargs: Any) -> Answer:
        """Submit a form with the token of the page last seen; `csrf=False` leaves it out."""
        fields = dict(data or {})
        if csrf:
            if self.csrf_token is None:
                self.get("/", follow_redirects=True)
            fields.setdefault("csrf_token", self.csrf_token)
        answer = super().post(url, data=fields, **kwargs)
        assert isinstance(answer, Answer)
        return answer

    def sign_in(self, email: str, password: str = PASSWORD) -> Answer:
        """Through the sign-in page."""
        self.get("/sign-in")
        answer = self.post("/sign-in", {"email": email, "password": password})
        self.csrf_token = None  # signing in makes a new one
        return answer


@pytest.fixture
def client(app: Flask) -> Person:
    """Somebody who has not signed in."""
    app.test_client_class = Person
    person = app.test_client()
    assert isinstance(person, Person)
    return person


@dataclass(frozen=True)
class Session:
    """A cookie that signing in gave, and the token of the page after it."""

    at: float
    cookie: str
    csrf_token: str | None
    token: str

    @property
    def still_counts(self) -> bool:
        """Whether it was made lately by the test's clock, which may stand anywhere."""
        return 0 <= time.time() - self.at < 600


@pytest.fixture(scope="session")
def sessions() -> dict[tuple[str, str], Session]:
    """Sessions of the sample's people by secret key and address: one sign-in serves many tests."""
    return {}


@pytest.fixture
def signed_in(
    app: Flask, client: Person, sessions: dict[tuple[str, str], Session]
) -> Callable[[str], Person]:
    """Gives a person of the sample, signed in: `signed_in("admin@acme.test")`."""

    def person(email: str, password: str = PASSWORD) -> Person:
        somebody = app.test_client()
        assert isinstance(somebody, Person)
        name, key = app.config["SESSION_COOKIE_NAME"], (app.config["SECRET_KEY"], email)
        known = sessions.get(key)
        if known and known.still_counts and password == PASSWORD:
            somebody.set_cookie(name, known.cookie)
            somebody.csrf_token = known.csrf_token
            _keep_row_of(known, email)
            return somebody
        answer = somebody.sign_in(email, password)
        assert answer.status_code == 303, f"{email} could not sign in: {answer.page.text}"
        somebody.get("/", follow_redirects=True)
        cookie = somebody.get_cookie(name)
        if cookie and email in DEMO_ACCOUNTS:
            with somebody.session_transaction() as kept:
                token = kept["token"]
            sessions[key] = Session(time.time(), cookie.value, somebody.csrf_token, token)
        return somebody

    return person


def _keep_row_of(session: Session, email: str) -> None:
    """This test's database may be another than the one in which the session began."""
    user = accounts.find_by_email(email)
    assert user is not None
    if user_sessions.find(session.token, user.id) is None:
        user_sessions.begin(user, "")
        row = db.session.query(UserSession).order_by(UserSession.id.desc()).limit(1).one()
        row.token_hash = hashlib.sha256(session.token.encode()).hexdigest()
    db.session.commit()


@pytest.fixture
def admin(signed_in: Callable[[str], Person]) -> Person:
    """An admin of Acme."""
    return signed_in("admin@acme.test")
