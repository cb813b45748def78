"""How long pages are told to wait before they ask again by themselves."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import JiraSettings, LinkState
from app.web import pace
from app.web.pace import COUNTED, FIRST_NEWS, FIRST_NOTHING, LONGEST, SHARE, Pace
from tests.support.acme import acme, connect_and_choose, items, link
from tests.support.panel import head, show
from tests.support.people import Answer, Person

HERE = "/retrospectives/7/panel"
WAITED = {"Poll-Waited": "1.0"}


def asked_by(
    pages: int, of: Pace, every: float, seconds: float = 2 * COUNTED, places: int = 1
) -> float:
    """What the last of so many pages is told, at so many addresses, each of which asks so often."""
    told, asked = 0.0, int(seconds / every * pages)
    for number in range(asked):
        place = f"/retrospectives/{number % places}/panel"
        told = of.wait(number * every / pages, place, every, FIRST_NOTHING, news=False)
    return told


@pytest.mark.parametrize("every", [1.0, 5.0, 8.0])
def test_many_at_one_address_wait_until_all_can_be_shown_news(every):
    told = asked_by(100, Pace(0.0), every)

    assert told == pytest.approx(100 * FIRST_NEWS / SHARE, rel=0.05)


def test_many_at_many_addresses_wait_until_all_can_be_told_that_there_is_none():
    told = asked_by(600, Pace(0.0), 5.0, places=100)

    assert told == pytest.approx(600 * FIRST_NOTHING / SHARE, rel=0.05)


@pytest.mark.parametrize("people", [1, 5, 12])
def test_a_few_are_asked_for_as_often_as_ever(people):
    assert asked_by(people, Pace(0.0), 1.0, seconds=60.0) <= 1.0


def test_nobody_waits_longer_than_one_whom_nobody_looks_at():
    assert asked_by(5_000, Pace(0.0), 5.0) == LONGEST


def test_who_stays_when_the_others_have_left_is_told_so_within_seconds():
    crowded = Pace(0.0)
    asked_by(250, crowded, 8.0)

    told = crowded.wait(4 * COUNTED, "/retrospectives/0/panel", 8.0, FIRST_NOTHING, news=False)

    assert told < 0.1


def test_each_of_several_processes_counts_its_share_of_who_goes_to_all_of_them():
    processes = [Pace(0.0), Pace(0.0)]
    for number in range(2_000):  # 100 pages, every second, for 20 seconds
        one = processes[number % 2]
        told = one.wait(number / 100, HERE, 1.0, FIRST_NOTHING, news=False)

    assert told == pytest.approx(50 * FIRST_NEWS / SHARE, rel=0.05)


def test_what_takes_long_to_draw_is_asked_less():
    quick, slow = Pace(0.0), Pace(0.0)
    for _ in range(50):
        quick.wait(0.0, HERE, 0.1, 0.01, news=True)
        slow.wait(0.0, HERE, 0.1, 0.05, news=True)

    long, short = (
        each.wait(0.0, HERE, 0.1, took, news=True) for each, took in ((slow, 0.05), (quick, 0.01))
    )
    assert long == pytest.approx(5 * short, rel=0.1)


def test_who_lies_counts_as_a_page_that_waited_longest():
    told = Pace(0.0).wait(0.0, HERE, 1e9, FIRST_NEWS, news=True)

    assert told <= LONGEST * FIRST_NEWS / SHARE


def test_an_address_that_nobody_asks_any_more_is_forgotten():
    kept = Pace(0.0)
    asked_by(100, kept, 1.0, places=100)

    kept.wait(4 * COUNTED, HERE, 1.0, FIRST_NEWS, news=True)

    assert list(kept._at) == [HERE]


@pytest.fixture
def maya(sample: None, signed_in: Callable[[str], Person]) -> Person:
    """Who looks at a retrospective of which something moves."""
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    return signed_in("member1@acme.test")


def poll(somebody: Person, **headers: str) -> Answer:
    """Minutes after the page."""
    address = head(show(somebody)).get("hx-get")
    with time_machine.travel(utcnow() + timedelta(minutes=5), tick=False):
        return somebody.get(address, htmx=True, headers=headers)


def test_a_page_that_says_how_long_it_waited_is_told_how_long_it_waits(maya):
    assert "Poll-After" not in poll(maya).headers
    assert 0 <= float(poll(maya, **WAITED).headers["Poll-After"]) <= 1


@pytest.mark.parametrize("said", ["", "soon", "nan", "inf", "-1"])
def test_what_is_no_time_is_not_counted(maya, said):
    assert "Poll-After" not in poll(maya, **{"Poll-Waited": said}).headers


def test_who_is_refused_is_told_nothing(client):
    answer = client.get("/retrospectives/1/panel", headers={"HX-Request": "true"} | WAITED)

    assert answer.status_code == 401
    assert pace.AFTER not in answer.headers


def test_a_panel_at_which_nothing_happens_is_not_drawn_anew_to_be_asked_less(maya):
    answer = poll(maya)

    assert (answer.status_code, answer.headers["Poll-Every"]) == (204, "5")


def test_what_changes_in_jira_is_asked_for_as_often_as_ever(maya):
    db.session.add(JiraSettings(organization_id=acme().id, webhooks_enabled=True))
    link(items()[1])

    answer = poll(maya)

    assert answer.status_code == 204
    assert "Poll-Every" not in answer.headers
