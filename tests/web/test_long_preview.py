"""A preview of many items is told in sections, and promises nothing that will not happen."""

import pytest

from app.extensions import db
from app.models import (
    ActionItem,
    CheckState,
    IssueLink,
    JiraPerson,
    MatchState,
    Phase,
    ProjectMapping,
    Retrospective,
)
from app.services.mapping.checks import Finding, FindingCode
from tests.support.acme import connect_and_choose, items, link, person, sprint_14
from tests.support.pages import text_of


@pytest.fixture
def facilitator(signed_in, sample, app):
    return signed_in("facilitator@acme.test")


@pytest.fixture
def preview(facilitator):
    """Open the page before Commit, where every owner is known but Tom."""
    connection = connect_and_choose()
    for name in ("Maya", "Fatima"):
        matched = MatchState.MATCHED
        row = JiraPerson(connection_id=connection.id, user=person(name), state=matched)
        row.account_id = name
        db.session.add(row)
    none = MatchState.NONE
    db.session.add(JiraPerson(connection_id=connection.id, user=person("Tom"), state=none))
    return lambda: facilitator.get(f"/retrospectives/{sprint_14().id}/commit").page


def more(count: int, owner: str | None = "Maya") -> list[ActionItem]:
    assignee, retrospective = person(owner) if owner else None, sprint_14()
    added = [
        ActionItem(retrospective_id=retrospective.id, title=f"{owner} {number}", assignee=assignee)
        for number in range(count)
    ]
    db.session.add_all(added)
    db.session.flush()
    return added


def edited(item: ActionItem) -> IssueLink:
    """An issue whose title was changed here, and that waits for its push."""
    sources = {"summary": "What it was", "assignee": item.assignee_id}
    row = link(item, snapshot={"source": sources})
    row.due_at = row.created_at
    return row


def sections(page) -> dict[str, str]:
    """By heading whether each is open."""
    found = {}
    for each in page.all("details"):
        heading = text_of(next(each.iter("summary")))
        found[heading] = "open" if each.get("open") is not None else "closed"
    return found


def test_twelve_are_one_table_and_thirteen_are_sections(preview):
    more(7)
    assert sections(preview()) == {}
    more(1)

    assert sections(preview()) == {"1 gets no assignee": "open", "12 are ready": "closed"}


def test_each_section_says_its_note_once_and_holds_its_rows(preview):
    more(3, "Tom")
    linked, changed, unlinked = more(3)
    more(10, None)
    link(linked)
    edited(changed)
    link(unlinked, key=None, active=False, closed_at=linked.updated_at)

    page = preview()

    assert sections(page) == {
        "4 get no assignee": "open",
        "14 are ready": "closed",
        "2 have their issues already 1 sends changes": "closed",
        "1 stays unlinked": "closed",
    }
    assert page.text.count("Tom’s e-mail matches nobody active in Jira.") == 1
    assert "Sends: title" in page.text
    assert "New Task" in page.text
    rows = [each for each in page.all("td") if each.get("data-label") == "Issue"]
    assert len(rows) == len(items())


def test_what_is_sent_of_an_issue_that_exists_is_named(preview):
    edited(items()[0])
    link(items()[1])

    assert preview().text.count("Sends: ") == 1


def test_what_may_not_be_set_is_not_promised(preview):
    mapping = db.session.query(ProjectMapping).one()
    mapping.check_state = CheckState.LIMITED
    denied = Finding(FindingCode.MAY_NOT_SET, ("assignee", "due date"))
    mapping.findings = [denied.as_json()]

    page = preview()

    cells = [each for each in page.all("td") if each.get("data-label") == "Due date"]
    assert {text_of(each) for each in cells} == {"None"}
    owners = [each for each in page.all("td") if "Assignee" in (each.get("data-label") or "")]
    assert {text_of(each) for each in owners} == {"Unassigned"}
    assert "No match for Tom" not in page.text


def test_a_long_preview_commits_without_script(preview, facilitator):
    more(10)
    form = next(each for each in preview().all("form") if "/phase" in each.get("action", ""))
    fields = {each.get("name"): each.get("value") for each in form.iter("input")}

    answer = facilitator.post(form.get("action"), fields)

    assert answer.status_code == 303
    assert db.session.query(Retrospective).filter_by(phase=Phase.COMMIT).count() == 1
