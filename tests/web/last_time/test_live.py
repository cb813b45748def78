"""Last time follows what others do, and what Jira says, while somebody looks."""

from datetime import timedelta
from xml.etree.ElementTree import Element

import pytest

from app import clock
from app.clock import utcnow
from app.models import Phase
from app.services.panel import retrospective_changes
from app.services.retrospectives import action_items, carrying, dropping
from tests.support.acme import connect_and_choose, items, person, suspend
from tests.support.carried import linked, next_one, untouched_here
from tests.support.later import LaterClock
from tests.support.pages import Page
from tests.support.people import Person
from tests.web.last_time.section import FATIMA, MAYA, head, is_there, rows, show

pytestmark = pytest.mark.both_databases


@pytest.fixture
def maya(signed_in) -> Person:
    return signed_in(MAYA)


def watch(page: Page) -> str:
    found: Element = page.by_id("last-time-watch")
    return found.get("hx-get") or ""


def test_a_poll_says_nothing_while_nothing_changes(maya, later, asked):
    connect_and_choose()
    for number, item in enumerate(items()):
        linked(item, f"PLAT-{number}")
    url = watch(show(maya, later))
    maya.get(url, htmx=True)
    asked.clear()

    answer = maya.get(url, htmx=True)

    assert answer.status_code == 204
    assert len(asked) <= 4, asked


@pytest.mark.parametrize("what", ["carried", "undone", "dropped", "completed", "edited", "read"])
def test_it_shows_what_somebody_else_did(maya, later, what):
    connect_and_choose()
    item, other = items()[:2]
    row = linked(other, "PLAT-2")
    carrying.carry_over(other, later, person("Adam"))
    url = watch(show(maya, later))

    if what == "carried":
        carrying.carry_over(item, later, person("Adam"))
    elif what == "undone":
        carrying.undo_carry_over(other, later)
    elif what == "dropped":
        dropping.drop(item, person("Adam"))
    elif what == "completed":
        action_items.complete(item, person("Adam"))
    elif what == "edited":
        item.title = "Another title"
    else:
        row.seen_status_name, row.revision = "In Review", row.revision + 1
    answer = maya.get(url, htmx=True)

    assert answer.status_code == 200
    said = {
        "carried": "2 carried over",
        "undone": "5 open",
        "dropped": "1 dropped",
        "completed": "1 done since",
        "edited": "4 open, 1 carried over",
        "read": "4 open, 1 carried over",
    }[what]
    assert said in head(answer.page)
    if what == "edited":
        assert "Another title" in rows(answer.page)
    if what == "read":
        assert "In Jira: In Review" in rows(answer.page)[other.title]


def test_it_says_that_syncing_was_paused(maya, later):
    connection = connect_and_choose()
    linked(items()[0], "PLAT-1")
    url = watch(show(maya, later))

    suspend(connection)
    answer = maya.get(url, htmx=True)

    assert answer.status_code == 200
    assert "Jira is not asked now" in head(answer.page)


def test_it_says_that_jira_did_not_answer(maya, later):
    connect_and_choose()
    linked(items()[0], "PLAT-1", status_seen_at=utcnow() - timedelta(hours=1))
    later.looked_back_at = utcnow()
    url = watch(show(maya, later))
    assert maya.get(url, htmx=True).status_code == 204

    with clock.use(LaterClock(timedelta(seconds=11))):
        answer = maya.get(url, htmx=True)

    assert "Jira did not answer" in head(answer.page)


def test_the_next_day_it_counts_the_days_anew(maya, later):
    item = items()[0]
    item.due_on = utcnow().date()
    url = watch(show(maya, later))

    with clock.use(LaterClock(timedelta(days=1))):
        answer = maya.get(url, htmx=True)

    assert answer.status_code == 200
    assert "Was due" in rows(answer.page)[item.title]


@pytest.mark.parametrize("what", ["origin", "owner", "elsewhere"])
def test_it_shows_what_is_named_elsewhere(maya, before, later, what):
    item = items()[0]
    item.assignee = person("Tom")
    url = watch(show(maya, later))

    if what == "origin":
        retrospective_changes.rename(before, "Kick-off", person("Adam"))
    elif what == "owner":
        person("Tom").name = "Tomas Novak"
    else:
        carrying.carry_over(item, next_one(title="Beside it"), person("Adam"))
    answer = maya.get(url, htmx=True)

    assert answer.status_code == 200
    said = {"origin": "Kick-off", "owner": "Tomas Novak", "elsewhere": "Carried over once"}[what]
    assert said in rows(answer.page)[item.title]


def test_the_panel_shows_what_is_carried_over_by_somebody_else(maya, later):
    page = show(maya, later)
    panel = page.by_id("watch").get("hx-get")
    assert maya.get(panel, htmx=True).status_code == 204

    carrying.carry_over(items()[0], later, person("Adam"))

    assert "Carried over from Sprint 14 Retro" in maya.get(panel, htmx=True).page.text


def test_once_committed_it_goes(maya, later):
    url = watch(show(maya, later))
    later.phase = Phase.COMMIT

    assert not is_there(maya.get(url, htmx=True).page)


def test_more_items_are_no_more_queries(signed_in, later, asked):
    connect_and_choose()
    untouched_here(items()[0])
    linked(items()[0], "PLAT-1")
    fatima = signed_in(FATIMA)

    def queries() -> int:
        show(fatima, later)
        asked.clear()
        show(fatima, later)
        return len(asked)

    few = queries()
    for number, item in enumerate(items()[1:]):
        linked(item, f"PLAT-1{number}")
        item.assignee = person("Tom")
    assert queries() <= few
