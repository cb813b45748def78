"""The active sprint as a field value: chosen, named by the page before Commit, sent."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import JiraPerson, MatchState
from tests.support.acme import sprint_14
from tests.support.atlassian import JIRA
from tests.web.jira_settings.typed import COLOUR, COMPLETE, PLACE, form

SPRINT = "customfield_10020"


def preview(person) -> str:
    page = f"/retrospectives/{sprint_14().id}/commit"
    db.session.rollback()
    return person.get(page).page.text


@pytest.fixture
def planned(values, jira, work):
    """New issues get the active sprint; none was active when somebody looked last."""
    jira.control.add_field("sprint", "KIND", type="Task")
    values.post(f"{JIRA}/checks")
    work()
    values.post(JIRA, form(**COMPLETE, **{SPRINT: "active"}))
    preview(values)
    work()
    return values


def begin(jira) -> int:
    number = jira.control.create_sprint("KIND", "Sprint 15")["id"]
    demanded = {COLOUR: {"id": "10200"}, PLACE: {"id": "10250", "child": {"id": "10252"}}}
    jira.control.create_issue("KIND", "In it", **{SPRINT: number, **demanded})
    jira.control.catch_up()
    jira.control.clear_requests()
    return number


def test_the_page_before_commit_says_that_none_is_active(planned):
    assert "Sprint no sprint yet, because none is active" in preview(planned)


def test_the_page_before_commit_looks_it_up_and_names_it(planned, jira, work):
    number = begin(jira)
    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        before = preview(planned)
        work()
        after = preview(planned)
        work()
        planned.post(
            f"/retrospectives/{sprint_14().id}/phase", {"shown": "discuss", "to": "commit"}
        )
        work()

    assert "Looking up the active sprint in Jira" in before
    assert "Sprint looked up when an issue is created" in before
    assert "Sprint Sprint 15" in after
    assert "Looking up" not in after
    # It is asked for once, and the creates take what is known.
    assert len(jira.control.requests("search")) == 1
    sent = [each["fields"] for each in jira.control.issues() if each["fields"].get(SPRINT)]
    assert [each[SPRINT] for each in sent[1:]] == [[number]] * 5


def test_a_search_that_jira_refuses_is_not_asked_for_again(planned, jira, work):
    jira.control.fault("status", "search", status=400, body={"errorMessages": ["No."]})
    jira.control.clear_requests()
    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        preview(planned)
        work()
        text = preview(planned)
        work()

    assert "no sprint yet, because none is active" in text
    assert len(jira.control.requests("search")) == 1


@pytest.mark.parametrize("fault", ["unavailable", "drop_before"])
def test_a_search_without_an_answer_costs_nobody_else_the_turn(planned, jira, work, fault):
    begin(jira)
    db.session.query(JiraPerson).delete()
    db.session.commit()
    jira.control.fault(fault, "search")
    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        preview(planned)
        work()
        found = {each.state for each in db.session.query(JiraPerson)}
        unanswered = preview(planned)
        jira.control.clear_faults()
        work()
        answered = preview(planned)

    assert MatchState.MATCHED in found
    # Nobody says that none is active, and whoever looks has it looked up again.
    assert "Sprint looked up when an issue is created" in unanswered
    assert "Sprint Sprint 15" in answered
