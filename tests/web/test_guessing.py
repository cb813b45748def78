"""How often somebody may guess a password, whatever Redis does, and whom that keeps out: nobody."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from flask import Flask
from redis import Redis
from sqlalchemy import select

from app import create_app
from app.clock import utcnow
from app.extensions import db
from app.models import SignInGuesses
from app.services.organizations import accounts, one_time_links
from app.services.sign_in import hashing
from tests.support import factories, settings
from tests.support.people import PASSWORD, Person

ADMIN = "admin@acme.test"
WRONG = "a wrong password"

pytestmark = pytest.mark.usefixtures("sample")


@pytest.fixture(autouse=True)
def nobodys_password_is_hashed_fast(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hundreds of guesses here are at accounts that do not exist."""
    fast = hashing.make("nobody's", factories.FAST_HASH)
    monkeypatch.setattr(hashing, "_nobodys", lambda: fast)


@pytest.fixture
def still() -> Iterator[time_machine.Traveller]:
    with time_machine.travel("2026-11-23 12:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def browser(app: Flask) -> Callable[[], Person]:
    """A browser that was never here."""
    app.test_client_class = Person

    def make() -> Person:
        person = app.test_client()
        assert isinstance(person, Person)
        return person

    return make


def guess(person: Person, password: str = WRONG, email: str = ADMIN, **request: object) -> int:
    person.get("/sign-in")
    form = {"email": email, "password": password}
    return person.post("/sign-in", form, **request).status_code


@pytest.mark.parametrize("proxies", ["0", "1"])
def test_of_25_guesses_with_invented_addresses_few_are_looked_at(
    database_url: str, redis_url: str, proxies: str, still: time_machine.Traveller
) -> None:
    app = create_app(
        settings.build(database_url=database_url, redis_url=redis_url, PROXY_COUNT=proxies)
    )
    app.test_client_class = Person
    codes = []
    for number in range(25):
        person = app.test_client()
        assert isinstance(person, Person)
        spoofed = {"X-Forwarded-For": f"198.51.100.{number}", "X-Real-IP": f"198.51.100.{number}"}
        codes.append(guess(person, headers=spoofed, environ_overrides={"REMOTE_ADDR": "8.8.8.8"}))

    assert codes == [422] * 6 + [429] * 19


def test_redis_has_no_say_in_it(
    browser: Callable[[], Person], redis: Redis, still: time_machine.Traveller
) -> None:
    redis.config_set("maxmemory", "1")  # whoever writes is refused
    redis.config_set("maxmemory-policy", "noeviction")
    try:
        codes = [guess(browser()) for _ in range(25)]
    finally:
        redis.config_set("maxmemory", "0")

    assert codes == [422] * 6 + [429] * 19


def test_each_wrong_password_is_waited_for_longer_up_to_a_quarter_of_an_hour(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    for _ in range(5):
        assert guess(browser()) == 422
    waits = []
    for _ in range(7):
        assert guess(browser()) == 422
        person = browser()
        person.get("/sign-in")
        answer = person.post("/sign-in", {"email": ADMIN, "password": PASSWORD})
        assert answer.status_code == 429
        waits.append(int(answer.headers["Retry-After"]))
        still.shift(timedelta(seconds=waits[-1]))

    assert waits == [30, 60, 120, 240, 480, 900, 900]
    assert "set a new password" in answer.page.text
    assert guess(browser(), PASSWORD) == 303


def test_a_browser_that_was_in_is_not_kept_out_by_others(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    own = browser()
    assert guess(own, PASSWORD) == 303
    own.post("/sign-out")
    for _ in range(70):
        guess(browser())
        guess(browser(), email="owner@acme.test")

    assert guess(browser(), PASSWORD) == 429
    assert guess(own, PASSWORD) == 303


def test_nor_may_it_guess_without_end(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    own = browser()
    guess(own, PASSWORD)
    own.post("/sign-out")

    codes = [guess(own) for _ in range(25)]

    assert codes == [422] * 6 + [429] * 19
    assert guess(browser(), PASSWORD) == 303  # and harms nobody else


def test_a_cookie_that_was_made_up_knows_nobody(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    for _ in range(6):
        guess(browser())
    person = browser()
    person.set_cookie("unpack-known", "WyJhIixbImIiXV0.aaaa.bbbb")

    assert guess(person, PASSWORD) == 429


def test_a_network_guesses_at_many_accounts_for_a_while_only(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    def at(number: int, address: str) -> int:
        origin = {"REMOTE_ADDR": address}
        return guess(browser(), email=f"nobody{number}@acme.test", environ_overrides=origin)

    of_one_house = [at(number, f"2001:db8:1:2::{number:x}") for number in range(70)]

    assert of_one_house == [422] * 61 + [429] * 9
    assert at(99, "2001:db8:1:3::1") == 422  # the neighbours


def test_right_passwords_are_no_guesses(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    for _ in range(70):
        assert guess(browser(), PASSWORD) == 303

    assert {row.failures for row in db.session.scalars(select(SignInGuesses))} == {0}


def test_what_is_long_past_is_deleted(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    guess(browser(), email="nobody@acme.test")
    still.shift(timedelta(days=1, seconds=1))
    guess(browser(), PASSWORD)

    db.session.expire_all()
    left = db.session.scalars(select(SignInGuesses)).all()
    assert all(row.forgotten_at > utcnow() for row in left)


def test_one_own_password_is_no_place_to_guess_either(
    signed_in: Callable[..., Person], still: time_machine.Traveller
) -> None:
    person = signed_in(ADMIN)
    form = {"current": WRONG, "new": "another very own sentence"}

    codes = [person.post("/account/password", form).status_code for _ in range(25)]

    assert codes == [422] * 6 + [429] * 19


def test_a_link_to_the_address_passes_the_wait(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    for _ in range(6):
        guess(browser())
    user = accounts.find_by_email(ADMIN)
    assert user is not None
    link = one_time_links.for_password(user)
    db.session.commit()
    person = browser()
    person.get(link)
    chosen = "another very own sentence"

    assert person.post("/password", {"password": chosen}).status_code == 303
    assert guess(browser(), chosen) == 303


def test_neither_rows_nor_redis_nor_the_log_say_who_it_was(
    browser: Callable[[], Person], redis: Redis, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(8):
        origin = {"REMOTE_ADDR": "203.0.113.7"}
        code = guess(browser(), email="nobody@acme.test", environ_overrides=origin)

    assert code == 429
    rows = [row.key for row in db.session.scalars(select(SignInGuesses))]
    told = b" ".join(redis.keys("*")).decode() + caplog.text + str(caplog.records) + str(rows)
    assert len(rows) == 2
    assert "203.0.113.7" not in told
    assert "nobody@acme.test" not in told


def test_people_sign_in_while_redis_is_down(database_url: str) -> None:
    app = create_app(
        settings.build(database_url=database_url, redis_url="unix:///nowhere/redis.sock")
    )
    app.test_client_class = Person
    person = app.test_client()
    assert isinstance(person, Person)

    assert person.sign_in(ADMIN).status_code == 303


def test_a_right_password_is_no_guess_where_it_is_changed_either(
    signed_in: Callable[..., Person], still: time_machine.Traveller
) -> None:
    person, current = signed_in(ADMIN), PASSWORD
    for number in range(8):
        new = f"another very own sentence {number}"
        answer = person.post("/account/password", {"current": current, "new": new})
        assert answer.status_code == 303
        person.get("/account")  # with the token of the new session
        current = new


def test_who_knew_an_earlier_password_is_a_stranger(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    thieves = [browser() for _ in range(3)]
    for each in thieves:
        assert guess(each, PASSWORD) == 303
        each.post("/sign-out")
    owner = browser()
    guess(owner, PASSWORD)
    owner.get("/account")
    chosen = "another very own sentence"
    owner.post("/account/password", {"current": PASSWORD, "new": chosen})

    codes = [guess(each) for each in thieves for _ in range(6)]

    assert codes == [422] * 6 + [429] * 12
    owner.get("/account")
    owner.post("/sign-out")
    assert guess(owner, chosen) == 303


def test_mistakes_of_many_days_do_not_add_up(
    browser: Callable[[], Person], still: time_machine.Traveller
) -> None:
    for _ in range(20):
        assert guess(browser()) == 422
        still.shift(timedelta(hours=1))

    assert [guess(browser()) for _ in range(6)] == [422] * 6


@pytest.mark.parametrize("peer", ["2a01:4f8:1:2::7", "8.8.8.8", "nonsense"])
def test_forwarded_addresses_of_foreign_peers_are_not_believed(
    database_url: str, redis_url: str, peer: str, still: time_machine.Traveller
) -> None:
    app = create_app(
        settings.build(database_url=database_url, redis_url=redis_url, PROXY_COUNT="1")
    )
    app.test_client_class = Person
    person = app.test_client()
    spoofed = {"X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/elsewhere"}

    answer = person.get("/", headers=spoofed, environ_overrides={"REMOTE_ADDR": peer})

    assert answer.location == "/sign-in?next=/"
