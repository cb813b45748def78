"""Rows that were drawn before are given again: only where they would be drawn the same."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import CompletedIn, LinkState
from app.web import drawn_rows
from tests.support.acme import connect_and_choose, items, link, person
from tests.support.pages import Page
from tests.support.panel import show
from tests.support.people import Person


@pytest.fixture
def facilitator(signed_in: Callable[[str], Person]) -> Person:
    connect_and_choose()
    link(items()[0])
    drawn_rows._drawn.clear()
    return signed_in("facilitator@acme.test")


def rows(page: Page) -> list[str]:
    found = [each for each in page.all("li") if (each.get("id") or "").startswith("item-")]
    return ["".join(each.itertext()) for each in found]


def tokens(page: Page) -> set[str]:
    return {str(f.get("value")) for f in page.all("input") if f.get("name") == "csrf_token"}


def test_a_panel_is_the_same_drawn_anew_and_given_again(facilitator: Person) -> None:
    with time_machine.travel(utcnow(), tick=False):  # "Updated at" is of the moment
        first, again = show(facilitator), show(facilitator)

    [own], [other] = tokens(first), tokens(again)
    assert own != other
    assert first.html.replace(own, "") == again.html.replace(other, "")
    assert drawn_rows._drawn


def test_a_form_of_a_row_that_was_given_again_is_taken(facilitator: Person) -> None:
    show(facilitator)
    [token] = tokens(show(facilitator))

    answer = facilitator.post(
        f"/action-items/{items()[1].id}/completion", {"csrf_token": token}, htmx=True
    )

    assert answer.status_code == 200
    assert items()[1].complete


def test_whoever_may_less_is_given_less(facilitator: Person, signed_in) -> None:
    show(facilitator)

    page = show(signed_in("member2@acme.test"))

    assert "Delete…" not in page.text
    assert "Delete…" in show(facilitator).text


def rename() -> None:
    person("Tom").name = "Tomás Ruiz"


def retitle() -> None:
    items()[1].title = "Another title"


def fall_due() -> None:
    items()[1].due_on = utcnow().date() - timedelta(days=400)


def complete() -> None:
    items()[1].completed_at = utcnow()


def fail() -> None:
    link(items()[1], LinkState.ERROR, key=None, failure_message="No.")


def test_whoever_completed_it_is_called_as_they_are_now(facilitator: Person) -> None:
    item = items()[1]
    item.completed_at, item.completed_in = utcnow(), CompletedIn.UNPACK
    item.completed_by = person("Olga")
    db.session.commit()
    assert any("Completed here by Olga" in row for row in rows(show(facilitator)))

    person("Olga").name = "Former member"
    db.session.commit()

    assert any("Completed here by Former" in row for row in rows(show(facilitator)))


@pytest.mark.parametrize("change", [rename, retitle, fall_due, complete, fail])
def test_what_changed_is_drawn_anew(facilitator: Person, change: Callable[[], None]) -> None:
    before = rows(show(facilitator))
    change()
    db.session.commit()

    given = rows(show(facilitator))
    drawn_rows._drawn.clear()

    assert given != before
    assert given == rows(show(facilitator))


def test_each_reads_times_in_their_own_zone(facilitator: Person, signed_in) -> None:
    row = link(items()[1], LinkState.RETRYING, key=None, tries=1)
    row.not_before = utcnow() + timedelta(hours=1)
    before = rows(show(facilitator))
    person("Fatima").time_zone = "Asia/Kolkata"

    assert rows(show(facilitator)) != before
