"""Where somebody is signed in: seen, ended from elsewhere, and over by itself."""

from base64 import urlsafe_b64decode
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy import func, select

from app.clock import utcnow
from app.extensions import db
from app.models import User, UserSession
from app.services.organizations import accounts
from app.services.sign_in import devices
from tests.support.pages import text_of
from tests.support.people import PASSWORD, Person

ADMIN, MEMBER = "admin@acme.test", "member1@acme.test"
HOME = "/organizations/acme"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:131.0) Gecko/20100101 Firefox/131.0"
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.1 Mobile/15E148 Safari/604.1"
)
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)

pytestmark = pytest.mark.usefixtures("sample")


@pytest.fixture
def still() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-23 12:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def enter(app: Flask) -> Callable[..., Person]:
    """Sign in from a browser of its own."""
    app.test_client_class = Person

    def sign_in(user_agent: str = FIREFOX, email: str = ADMIN) -> Person:
        person = app.test_client()
        assert isinstance(person, Person)
        person.get("/sign-in")
        form = {"email": email, "password": PASSWORD}
        answer = person.post("/sign-in", form, headers={"User-Agent": user_agent})
        assert answer.status_code == 303
        person.get("/account")  # whoever posts has seen a page
        return person

    return sign_in


def is_in(person: Person) -> bool:
    return person.get(HOME).status_code == 200


def listed(person: Person) -> list[str]:
    [part] = [each for each in person.get("/account").page.all("section")
              if each.get("id") == "sessions"]  # fmt: skip
    return [text_of(each) for each in part.iter("li")]


def count() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count(UserSession.id))) or 0


def test_each_browser_is_listed_by_a_name_that_one_knows(
    enter: Callable[..., Person], still: time_machine.Traveller
) -> None:
    enter(IPHONE)
    still.shift(timedelta(days=1))
    enter(CHROME)
    own = enter(FIREFOX)

    assert listed(own) == [
        "Firefox on Linux Signed in 24 November This session",
        "Chrome on Windows Just now · signed in 24 November End session Chrome on Windows",
        "Safari on iPhone Yesterday · signed in 23 November End session Safari on iPhone",
    ]


def test_one_is_ended_from_elsewhere(enter: Callable[..., Person]) -> None:
    lost, own = enter(IPHONE), enter(FIREFOX)
    page = own.get("/account").page
    [ending] = [each.get("action") for each in page.all("form") if "/sessions/" in
                each.get("action", "") and each.get("action", "").endswith("/removal")]  # fmt: skip

    answer = own.post(ending, follow_redirects=True)

    assert "That session is ended." in answer.page.text
    assert (is_in(lost), is_in(own)) == (False, True)
    assert len(listed(own)) == 1


def test_all_others_are_ended_at_once(enter: Callable[..., Person]) -> None:
    others = [enter(IPHONE), enter(CHROME), enter("")]
    own = enter(FIREFOX)

    answer = own.post("/account/other-sessions/removal", follow_redirects=True)

    assert "3 other sessions ended." in answer.page.text
    assert [is_in(each) for each in others] == [False] * 3
    assert is_in(own)


def test_nobody_ends_anybody_elses(enter: Callable[..., Person]) -> None:
    victim = enter(FIREFOX, MEMBER)
    theirs = db.session.scalars(select(UserSession.id)).one()
    db.session.rollback()
    other = enter(CHROME, ADMIN)

    other.post(f"/account/sessions/{theirs}/removal")
    other.post("/account/other-sessions/removal")

    assert is_in(victim)


def test_signing_out_ends_it_in_the_database_too(enter: Callable[..., Person]) -> None:
    person = enter()
    with person.session_transaction() as session:
        stolen = dict(session)
    person.post("/sign-out")

    assert count() == 0
    with person.session_transaction() as session:
        session.update(stolen)
    assert not is_in(person)


def test_signing_in_again_ends_the_one_before(enter: Callable[..., Person]) -> None:
    person = enter()
    with person.session_transaction() as session:
        before = dict(session)
    person.post("/sign-in", {"email": ADMIN, "password": PASSWORD})

    assert count() == 1
    with person.session_transaction() as session:
        session.clear()
        session.update(before)
    assert not is_in(person)


def test_a_new_password_ends_them_all_but_this(enter: Callable[..., Person]) -> None:
    other, own = enter(IPHONE), enter(FIREFOX)

    own.post("/account/password", {"current": PASSWORD, "new": "another very own sentence"})

    assert (is_in(other), is_in(own)) == (False, True)


def test_it_ends_after_14_days_without_use(
    enter: Callable[..., Person], still: time_machine.Traveller
) -> None:
    used, unused = enter(), enter()
    for _ in range(3):
        still.shift(timedelta(days=4, hours=16))
        if _ < 2:
            assert is_in(used)
    still.shift(timedelta(seconds=1))

    assert (is_in(used), is_in(unused)) == (True, False)


def test_it_ends_after_90_days_whatever_happens(
    enter: Callable[..., Person], still: time_machine.Traveller
) -> None:
    person = enter()
    for _ in range(9):
        still.shift(timedelta(days=9, hours=23))
        assert is_in(person)
    still.shift(timedelta(hours=9))

    assert not is_in(person)
    assert person.get(HOME, htmx=True).status_code == 401


def test_what_a_page_asks_by_itself_is_no_use(
    enter: Callable[..., Person], still: time_machine.Traveller
) -> None:
    person = enter()
    began = utcnow()
    for _ in range(5):
        still.shift(timedelta(minutes=11))
        person.get(HOME, htmx=True)
    assert _used_at() == began

    person.get(HOME)
    noted = utcnow()
    still.shift(timedelta(minutes=9))
    person.get(HOME)

    assert _used_at() == noted


def test_what_has_ended_is_deleted_when_somebody_signs_in(
    enter: Callable[..., Person], still: time_machine.Traveller
) -> None:
    for _ in range(3):
        enter()
    still.shift(timedelta(days=15))
    enter(email=MEMBER)

    assert count() == 1


def test_the_database_alone_lets_nobody_in(enter: Callable[..., Person], client: Person) -> None:
    enter()
    row = db.session.scalars(select(UserSession)).one()
    admin = accounts.find_by_email(ADMIN)
    assert isinstance(admin, User)
    for token in (row.token_hash, str(row.id), ""):
        with client.session_transaction() as session:
            session["_user_id"], session["token"] = str(admin.id), token

        assert not is_in(client)


def test_a_token_is_of_256_bits_and_another_each_time(enter: Callable[..., Person]) -> None:
    tokens = set()
    for person in (enter(), enter(), enter()):
        with person.session_transaction() as session:
            tokens.add(session["token"])

    assert [len(urlsafe_b64decode(f"{token}=")) for token in tokens] == [32] * 3


def test_a_token_counts_for_its_person_only(enter: Callable[..., Person]) -> None:
    person, admin = enter(email=MEMBER), accounts.find_by_email(ADMIN)
    assert isinstance(admin, User)
    with person.session_transaction() as session:
        session["_user_id"] = str(admin.id)

    assert not is_in(person)


@pytest.mark.parametrize(
    ("user_agent", "words", "mobile"),
    [
        (FIREFOX, "Firefox on Linux", False),
        (IPHONE, "Safari on iPhone", True),
        (CHROME, "Chrome on Windows", False),
        ("", "Unknown browser", False),
        ("x" * 100_000, "Unknown browser", False),
    ],
)
def test_a_browser_is_named_as_its_person_would(user_agent: str, words: str, mobile: bool) -> None:
    assert devices.named(user_agent) == (words, mobile)


def _used_at() -> object:
    db.session.rollback()
    return db.session.scalars(select(UserSession.used_at)).one()
