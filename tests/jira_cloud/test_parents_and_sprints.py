"""Parents by their hierarchy, and sprints that close (jira-platform.md §11.7, §11.9)."""

from typing import Any

import pytest
import requests

from demo.jira_cloud.catalog.fields import EPIC_NAME, SPRINT, TEAM
from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api
from tests.support.jira_cloud_kinds import TEAM as PLATFORM

TWIN_TASK, TWIN_SUBTASK = "1006901", "1006904"


def epic(cloud: RunningJiraCloud, project: str = "KIND") -> dict[str, Any]:
    name = {} if project == "TWIN" else {EPIC_NAME.id: "Big"}
    made: dict[str, Any] = cloud.control.create_issue(project, "Big", type="Epic", **name)
    return made


def child(api: Api, parent: Any, project: str = "KIND", kind: str = "") -> requests.Response:
    usual = TWIN_TASK if project == "TWIN" else bodies.TASK
    return api.post("/issue", bodies.issue(project, kind or usual, parent=parent))


def fetched(api: Api, answer: requests.Response, field: str) -> Any:
    assert answer.status_code == 201, answer.text
    return api.get(f"/issue/{answer.json()['key']}").json()["fields"][field]


@pytest.mark.parametrize("project", ["KIND", "TWIN"])
def test_a_task_belongs_to_an_epic(cloud: RunningJiraCloud, api: Api, project: str) -> None:
    made = epic(cloud, project)

    by_key = fetched(api, child(api, {"key": made["key"]}, project), "parent")
    by_id = fetched(api, child(api, {"id": made["id"]}, project), "parent")

    assert by_key == by_id
    assert (by_key["id"], by_key["key"]) == (made["id"], made["key"])
    assert by_key["fields"]["issuetype"]["hierarchyLevel"] == 1
    assert by_key["fields"]["status"]["statusCategory"]["key"] == "new"


def test_epics_cross_company_managed_projects_and_no_others(
    cloud: RunningJiraCloud, api: Api
) -> None:
    company, team = epic(cloud, "PLAT"), epic(cloud, "TWIN")

    assert child(api, {"key": company["key"]}).status_code == 201
    for answer in (
        child(api, {"key": company["key"]}, "TWIN"),
        child(api, {"key": team["key"]}),
    ):
        # Jira names a field that nobody sent.
        assert set(answer.json()["errors"]) == {"parentId"}


def test_a_subtask_belongs_to_an_issue_of_its_project(cloud: RunningJiraCloud, api: Api) -> None:
    task = cloud.control.create_issue("PLAT", "Task")
    other = cloud.control.create_issue("MOB", "Task")
    made = epic(cloud, "PLAT")

    assert child(api, {"key": task["key"]}, "PLAT", bodies.SUBTASK).status_code == 201
    for key in (other["key"], made["key"]):
        answer = child(api, {"key": key}, "PLAT", bodies.SUBTASK)
        assert set(answer.json()["errors"]) == {"parentId"}


@pytest.mark.parametrize("parent", [{"key": "KIND-99"}, {"id": "1"}, "KIND-1", 7, [], {"id": 7}])
def test_an_unknown_parent_and_a_wrong_shape_are_refused(
    cloud: RunningJiraCloud, api: Api, parent: Any
) -> None:
    epic(cloud)

    answer = child(api, parent)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"parent"}


def test_a_parent_out_of_sight_is_unknown(cloud: RunningJiraCloud, api: Api) -> None:
    made = epic(cloud, "PLAT")
    cloud.control.deny("BROWSE_PROJECTS", "PLAT")

    assert set(child(api, {"id": made["id"]}).json()["errors"]) == {"parent"}


def test_a_parent_may_be_done_and_may_be_deleted(cloud: RunningJiraCloud, api: Api) -> None:
    made = epic(cloud)
    cloud.control.transition_issue(made["key"], "Done")
    late = child(api, {"key": made["key"]})
    category = fetched(api, late, "parent")["fields"]["status"]["statusCategory"]

    cloud.control.delete_issue(made["key"])

    assert category["key"] == "done"
    assert fetched(api, late, "parent") is None
    assert set(child(api, {"id": made["id"]}).json()["errors"]) == {"parent"}


def test_deleting_an_epic_leaves_its_children(cloud: RunningJiraCloud, api: Api) -> None:
    made = epic(cloud)
    key = child(api, {"key": made["key"]}).json()["key"]

    assert cloud.control.issue(made["key"])["type"] == "Epic"
    assert api.call("DELETE", f"/issue/{made['key']}").status_code == 204
    assert api.get(f"/issue/{key}").status_code == 200


def test_a_subtask_has_the_team_of_its_parent(cloud: RunningJiraCloud, api: Api) -> None:
    task = cloud.control.create_issue("TWIN", "Task", **{TEAM.id: PLATFORM})
    cloud.control.add_field("team", "TWIN", type="Sub-task", required=True)

    under = child(api, {"key": task["key"]}, "TWIN", TWIN_SUBTASK)
    body = bodies.issue("TWIN", TWIN_SUBTASK, parent={"key": task["key"]}, **{TEAM.id: PLATFORM})

    assert fetched(api, under, TEAM.id)["name"] == "Platform"
    assert set(api.post("/issue", body).json()["errors"]) == {TEAM.id}


def in_sprint(api: Api, value: Any) -> requests.Response:
    return api.post("/issue", bodies.issue("KIND", **{SPRINT.id: value}))


@pytest.mark.parametrize("state", ["active", "future"])
def test_a_sprint_is_written_as_a_number_and_read_as_a_list(
    cloud: RunningJiraCloud, api: Api, state: str
) -> None:
    sprint = cloud.control.create_sprint("KIND", "Sprint 7", state=state, board=3)

    [read] = fetched(api, in_sprint(api, sprint["id"]), SPRINT.id)

    assert (read["id"], read["name"], read["state"], read["boardId"]) == (
        sprint["id"], "Sprint 7", state, 3,
    )  # fmt: skip


def test_a_wrong_or_closed_sprint_is_refused_without_a_name(
    cloud: RunningJiraCloud, api: Api
) -> None:
    closed = cloud.control.create_sprint("KIND")["id"]
    key = in_sprint(api, closed).json()["key"]
    cloud.control.bring_sprint(closed, "closed")

    for value in (closed, [closed], str(closed), {"id": closed}, 1, True):
        for answer in (
            in_sprint(api, value),
            api.put(f"/issue/{key}", {"fields": {SPRINT.id: value}}),
        ):
            assert answer.status_code == 400
            assert answer.json()["errors"] == {}
            assert "print" in answer.json()["errorMessages"][0]
    [kept] = api.get(f"/issue/{key}").json()["fields"][SPRINT.id]
    assert kept["state"] == "closed"


def test_a_sprint_needs_the_permission_to_schedule(cloud: RunningJiraCloud, api: Api) -> None:
    sprint = cloud.control.create_sprint("KIND")
    cloud.control.deny("SCHEDULE_ISSUES", "KIND")

    assert set(in_sprint(api, sprint["id"]).json()["errors"]) == {SPRINT.id}


def test_the_active_sprint_is_found_by_the_issues_in_it(cloud: RunningJiraCloud, api: Api) -> None:
    active, later = (
        cloud.control.create_sprint("KIND", state=state)["id"] for state in ("active", "future")
    )
    in_sprint(api, later)
    body = {"jql": "project = KIND AND sprint in openSprints()", "fields": [SPRINT.id]}
    none = api.post("/search/jql", body).json()["issues"]

    in_sprint(api, active)
    [found] = api.post("/search/jql", body).json()["issues"]

    assert none == []
    assert [each["id"] for each in found["fields"][SPRINT.id]] == [active]
