"""A retrospective while others are at it: what they do is seen without loading the page again."""

from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from app.extensions import db
from app.models import Phase
from tests.support import factories
from tests.support.acme import connect_and_choose, items, sprint_14
from tests.support.pages import Page
from tests.support.people import Answer, Person


def watch(page: Page) -> dict[str, str]:
    """The attributes of what looks for news, nothing where nobody looks."""
    found = [element.attrib for element in page.root.iter() if element.get("id") == "watch"]
    return dict(found[0]) if found else {}


def look(somebody: Person, page: Page) -> Answer:
    return somebody.get(watch(page)["hx-get"], htmx=True)


def show(somebody: Person, phase: Phase) -> Page:
    return somebody.get(f"/retrospectives/{sprint_14(phase).id}").page


@pytest.fixture
def maya(sample: None, signed_in: Callable[[str], Person]) -> Person:
    return signed_in("member1@acme.test")


@pytest.mark.parametrize("phase", [each for each in Phase if each is not Phase.CLOSED])
def test_a_page_looks_every_five_seconds_until_the_retrospective_is_closed(maya, phase):
    assert watch(show(maya, phase))["hx-trigger"] == "every 5s, came-back from:body"


def test_a_closed_retrospective_is_left_alone(maya):
    assert watch(show(maya, Phase.CLOSED)) == {}


def test_a_look_that_finds_nothing_is_204(maya):
    answer = look(maya, show(maya, Phase.DISCUSS))

    assert (answer.status_code, answer.data) == (204, b"")


def test_an_item_that_somebody_adds_is_there_at_the_next_look(maya):
    page = show(maya, Phase.DISCUSS)
    factories.action_item(sprint_14(), "Buy cake")

    assert "Buy cake" in look(maya, page).page.texts("a")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (Phase.VOTE, Phase.DISCUSS),
        (Phase.DISCUSS, Phase.COMMIT),
        (Phase.COMMIT, Phase.DISCUSS),
        (Phase.COMMIT, Phase.CLOSED),
    ],
)
def test_a_move_of_the_phase_brings_the_whole_retrospective(maya, before, after):
    page = show(maya, before)
    sprint_14(after)

    answer = look(maya, page)

    assert answer.headers["HX-Retarget"] == "#retrospective"
    current = [e for e in answer.page.root.iter() if e.get("aria-current") == "step"]
    assert "".join(current[0].itertext()).strip() == after.label
    assert f"Now in {after.label}" in answer.page.text


def test_a_panel_that_moves_by_itself_sees_the_phase_move(maya):
    connect_and_choose()
    page = show(maya, Phase.COMMIT)
    asked = parse_qs(urlsplit(watch(page)["hx-get"]).query)

    assert asked["phase"] == ["commit"]


def test_an_empty_page_before_discuss_looks_too(maya):
    for item in items():
        db.session.delete(item)

    page = show(maya, Phase.CHECK_IN)
    factories.action_item(sprint_14(Phase.DISCUSS), "Buy cake")

    assert "Buy cake" in look(maya, page).page.texts("a")


def test_a_look_that_finds_nothing_is_few_statements_and_no_write(maya, asked):
    page = show(maya, Phase.DISCUSS)
    look(maya, page)
    asked.clear()

    assert look(maya, page).status_code == 204

    own = [each for each in asked if each.startswith("SELECT")]
    assert len(own) <= 6
    assert not [each for each in asked if each.startswith(("INSERT", "UPDATE", "DELETE"))]
