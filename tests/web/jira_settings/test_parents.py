"""Sub-tasks by the issue above them, and what the check says of that one."""

import pytest

from app.extensions import db
from app.models import CheckState
from tests.support.acme import sprint_14
from tests.support.atlassian import JIRA
from tests.web.jira_settings.choices import SUBTASK, ask_for_types, chosen, mapping
from tests.web.jira_settings.typed import values_of


@pytest.fixture
def story(settings, jira, work) -> dict:
    """A story in PLAT, below which the sub-tasks of an admin are to be."""
    issue = jira.control.create_issue("PLAT", "Follow through on retrospectives", type="Story")
    jira.control.create_issue("PLAT", "Follow an epic", type="Epic", customfield_10011="Epic")
    jira.control.catch_up()
    ask_for_types(settings, work, "PLAT")
    return issue


def save(person, work, issue: dict, version: int = 0):
    label = f"{issue['key']} · Follow through on retrospectives"
    fields = values_of(parent=issue["id"]) | {f"label:{issue['id']}": label}
    answer = person.post(JIRA, chosen("PLAT", SUBTASK, version=version) | fields)
    work()
    return answer


def check(person, work) -> str:
    person.post(f"{JIRA}/checks")
    work()
    return person.get(JIRA).page.text


def test_a_sub_task_is_saved_with_an_issue_above_it_alone(settings, story, work):
    empty = settings.post(JIRA, chosen("PLAT", SUBTASK) | values_of(parent=""))
    assert empty.status_code == 422
    assert "There is no Sub-task in PLAT without it." in empty.page.text

    project_id = chosen("PLAT")["project"]
    target = f"project={project_id}&type={SUBTASK}&field=parent&query=follow"
    found = settings.get(f"{JIRA}/field-options?{target}", htmx=True).page
    assert found.values("data-value") == [story["id"]]  # an epic is two levels above

    assert save(settings, work, story).status_code == 303
    assert mapping().check_state is CheckState.READY


def test_commit_creates_sub_tasks_below_it(settings, story, work, jira):
    save(settings, work, story)
    retrospective = sprint_14().id
    db.session.commit()
    settings.post(f"/retrospectives/{retrospective}/phase", {"shown": "discuss", "to": "commit"})
    work()

    made = [each for each in jira.control.issues() if each["fields"].get("parent")]
    assert [each["fields"]["parent"] for each in made] == [story["id"]] * 5


def test_one_that_is_done_turns_the_check_amber_and_one_that_is_gone_too(
    settings, story, work, jira
):
    save(settings, work, story)
    jira.control.transition_issue(story["key"], "Done")

    text = check(settings, work)
    assert "Parent is done" in text
    assert f"“{story['key']} · Follow through on retrospectives” is done, and" in text
    assert mapping().check_state is CheckState.LIMITED

    jira.control.transition_issue(story["key"], "To Do")
    assert "Parent is done" not in check(settings, work)
    assert mapping().check_state is CheckState.READY

    jira.control.delete_issue(story["key"])
    assert "1 value gone from Jira" in check(settings, work)
