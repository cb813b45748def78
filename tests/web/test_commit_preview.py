"""The page before Commit promises nobody whom nobody has looked up, and counts what is created."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import JiraPerson, MatchState, WorkKind
from app.services.people.matches import KEPT
from tests.support.acme import items, link, sprint_14
from tests.support.pages import text_of


@pytest.fixture
def facilitator(signed_in):
    return signed_in("facilitator@acme.test")


@pytest.fixture
def preview(facilitator):
    """Open the page before Commit."""

    def look():
        return facilitator.get(f"/retrospectives/{sprint_14().id}/commit").page

    return look


def assignees(page):
    """The column of assignees, from top to bottom."""
    cells = [each for each in page.all("td") if "Assignee" in (each.get("data-label") or "")]
    return [text_of(each) for each in cells]


def polled(page):
    return [each for each in page.values("hx-get") if "/commit/preview" in each]


def test_an_owner_is_looked_up_when_the_preview_is_opened(acme, preview, facilitator, work):
    page = preview()

    assert "Not checked yet" in assignees(page)[0]
    assert "Looking up assignees in Jira…" in page.text
    [poll] = polled(page)
    work()
    answer = facilitator.get(poll, htmx=True)

    assert answer.status_code == 200
    assert "Not checked yet" not in answer.page.text
    assert "Maya" in answer.page.text
    assert "No match for Tom" in answer.page.text
    assert polled(answer.page) == []


def test_a_poll_without_news_is_empty(acme, preview, facilitator):
    [poll] = polled(preview())

    assert facilitator.get(poll, htmx=True).status_code == 204


def test_what_was_found_long_ago_is_no_promise(acme, preview):
    for user in {item.assignee for item in items() if item.assignee}:
        db.session.add(
            JiraPerson(
                connection_id=acme.connection.id,
                user=user,
                state=MatchState.MATCHED,
                account_id="5b10",
                found_at=utcnow() - KEPT,
            )
        )

    assert "Not checked yet" in assignees(preview())[0]


def test_where_jira_does_not_answer_nobody_is_promised(acme, preview, facilitator, work):
    acme.jira.control.set(down=True)
    [poll] = polled(preview())
    work()

    page = facilitator.get(poll, htmx=True).page

    assert polled(page) == []
    assert "Not checked yet" in assignees(page)[0]
    assert "Nobody has looked for" in page.text


def test_only_what_is_created_is_counted_and_noted(acme, preview, work):
    acme.connection.works[WorkKind.PEOPLE].due_at = utcnow()
    preview()
    work()
    tom = next(item for item in items() if item.assignee and item.assignee.name.startswith("Tom"))
    link(tom)
    unlinked = next(item for item in items() if item is not tom)
    link(unlinked, key=None, active=False, closed_at=utcnow())

    page = preview()

    assert "3 action items become 3 Tasks" in page.text
    assert "1 has its issue already, 1 stays unlinked." in page.text
    assert "Commit 3 action items" in page.texts("button")
    assert "e-mail matches nobody" not in page.text
