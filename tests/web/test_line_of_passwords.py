"""One password is hashed at a time, five wait, and whoever comes then sends it again."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial

import pytest
from flask import Flask
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import SignInGuesses, User
from app.services.sign_in import guesses, hashing
from app.services.sign_in.delays import Budget
from app.services.transactions import TransactionOpen
from app.side_by_side import Line, TurnedAway
from config import LEAST_THREADS
from tests.support.at_once import at_once
from tests.support.pages import text_of
from tests.support.people import PASSWORD, Person

ADMIN = "admin@acme.test"


@pytest.fixture
def no_place(monkeypatch: pytest.MonkeyPatch) -> Iterator[ExitStack]:
    """Somebody's password is hashed, and nobody may wait. Closing it ends that."""
    line = Line(length=0, patience=0.0)
    monkeypatch.setattr(hashing, "LINE", line)
    with ExitStack() as held:
        held.enter_context(line.turn())
        yield held


def test_who_finds_the_line_full_sends_the_same_again(
    sample: None, client: Person, no_place: ExitStack
) -> None:
    client.get("/sign-in?next=/organizations/acme/teams")
    form = {"email": ADMIN, "password": PASSWORD, "next": "/organizations/acme/teams"}

    token = client.csrf_token
    answer = client.post("/sign-in", form)

    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")
    assert "sent again by itself" in answer.page.text
    assert [each.get("class") for each in answer.page.all("a") if text_of(each) == "Unpack"] == [
        "brand"
    ]
    [again] = [each for each in answer.page.all("form") if each.get("data-send-again") == "2"]
    hidden = {each.get("name"): each.get("value") for each in again.iter("input")}
    assert {**form, "csrf_token": token, "rounds": "1"} == hidden
    no_place.close()
    assert client.post(again.get("action"), hidden, csrf=False).location == form["next"]


def test_it_sends_itself_later_each_time_and_not_for_ever(
    sample: None, client: Person, no_place: ExitStack
) -> None:
    form, waits = {"email": ADMIN, "password": PASSWORD}, []
    for _ in range(7):
        client.get("/sign-in")
        page = client.post("/sign-in", form).page
        [again] = [each for each in page.all("form") if each.get("action") == "/sign-in"]
        waits.append(again.get("data-send-again"))
        form["rounds"] = next(
            each.get("value") for each in again.iter("input") if each.get("name") == "rounds"
        )

    assert waits == ["2", "4", "6", "8", "10", None, None]


def test_many_who_are_turned_away_do_not_come_again_at_once(
    sample: None, client: Person, no_place: ExitStack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "_moments", hashing._Moments())
    monkeypatch.setattr(hashing, "monotonic", lambda: 100.0)  # all within one moment
    waits = []
    for _ in range(30):
        client.get("/sign-in")
        answer = client.post("/sign-in", {"email": ADMIN, "password": PASSWORD})
        waits.append(int(answer.headers["Retry-After"]))

    assert waits == sorted(waits)
    assert max(waits) == 9  # seconds: thirty hashes of 0.3 s, one after the other
    assert max(waits.count(each) for each in range(3, 10)) <= 4


@pytest.mark.environment(PUBLIC_URL="http://localhost/tools/unpack")
def test_below_a_path_it_goes_where_it_came_from(
    sample: None, client: Person, no_place: ExitStack
) -> None:
    client.get("/sign-in")
    answer = client.post("/sign-in", {"email": ADMIN, "password": PASSWORD})

    assert answer.status_code == 503
    assert [each.get("action") for each in answer.page.all("form")] == ["/tools/unpack/sign-in"]


@pytest.fixture
def one_hashes(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A right password of the admin is hashed, and one may wait."""
    monkeypatch.setattr(hashing, "LINE", Line(length=1, patience=0.0))
    with hashing._once(ADMIN):
        yield


def test_an_account_stands_in_the_line_once_whoever_knows_its_password(
    sample: None, client: Person, one_hashes: None
) -> None:
    client.get("/sign-in")
    again = client.post("/sign-in", {"email": ADMIN, "password": PASSWORD})

    assert (again.status_code, again.headers["Retry-After"]) == (503, "2")
    assert client.sign_in("member1@acme.test").status_code == 303


class Counted:
    """A line in which nobody waits."""

    def __init__(self) -> None:
        self.came = 0

    @contextmanager
    def turn(self) -> Iterator[None]:
        self.came += 1
        yield


def test_who_stands_in_it_already_takes_no_place_of_others(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Counted()
    monkeypatch.setattr(hashing, "LINE", line)
    with hashing.turn(ADMIN):
        for _ in range(20):
            with pytest.raises(hashing.LineFull), hashing.turn(ADMIN):
                pass
        with hashing.turn("member1@acme.test"):
            pass

    assert line.came == 2


def test_an_account_comes_again_once_it_has_gone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "LINE", Counted())
    with pytest.raises(ZeroDivisionError), hashing.turn(ADMIN):
        raise ZeroDivisionError

    with hashing.turn(ADMIN):
        pass


def test_two_threads_of_a_process_are_left_for_pages() -> None:
    assert hashing.WAITING + 1 <= LEAST_THREADS - 2


def test_waiting_in_line_is_no_guess(sample: None, client: Person, no_place: ExitStack) -> None:
    for _ in range(20):
        client.get("/sign-in")
        client.post("/sign-in", {"email": ADMIN, "password": PASSWORD})
    no_place.close()

    assert client.sign_in(ADMIN).status_code == 303


@pytest.mark.parametrize("length", [0, 5])
def test_of_many_at_once_one_goes_on_and_so_many_wait(app: Flask, length: int) -> None:
    line = Line(length=length, patience=0.0)
    inside: list[int] = []
    most: list[int] = []

    def come(number: int) -> str:
        try:
            with line.turn():
                inside.append(number)
                most.append(len(inside))
                inside.remove(number)
        except TurnedAway:
            return "turned away"
        return "went on"

    said = at_once(*(partial(come, number) for number in range(20)))

    assert "went on" in said
    assert set(most) == {1}
    with line.turn(), pytest.raises(TurnedAway), line.turn():  # whatever happened, it moves again
        pass


def test_no_hash_is_made_while_a_transaction_is_open(app: Flask) -> None:
    db.session.query(User).count()

    with pytest.raises(TransactionOpen), hashing.turn():
        pass


def test_who_came_a_moment_earlier_and_waited_for_the_row_need_not_wait(app: Flask) -> None:
    network, now = Budget("network", 60, timedelta(hours=1), timedelta(minutes=1)), utcnow()
    earlier = now - timedelta(milliseconds=20)
    for _ in range(3):
        guesses.take([network], now)
        guesses.give_back([network])
        guesses.take([network], earlier)
        guesses.refuse_waiting([network], earlier)
        guesses.give_back([network])

    assert [row.failures for row in db.session.scalars(select(SignInGuesses))] == [0]
