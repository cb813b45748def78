"""The screen of an existing issue, and the permissions that a single field needs.

Source: jira-platform.md §2.6, §11.18.
"""

import pytest

from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api

DAY = "2026-12-01"


@pytest.fixture
def key(api: Api) -> str:
    name: str = api.post("/issue", bodies.issue(assignee=None)).json()["key"]
    return name


def edit_screen(api: Api, key: str) -> set[str]:
    answer = api.get(f"/issue/{key}/editmeta")
    assert answer.status_code == 200
    return set(answer.json()["fields"])


def test_the_edit_screen_names_what_may_be_set_by_its_id(api: Api, key: str) -> None:
    fields = api.get(f"/issue/{key}/editmeta").json()["fields"]

    assert {"summary", "description", "assignee", "duedate"} <= set(fields)
    assert fields["summary"]["required"]
    assert fields["duedate"]["schema"] == {"type": "date", "system": "duedate"}
    # jira-platform.md §11.2: the id is the key of the map alone.
    assert not any("fieldId" in each for each in fields.values())
    assert "project" not in fields


def test_an_issue_that_moved_has_the_screen_of_its_new_place(
    cloud: RunningJiraCloud, api: Api
) -> None:
    key = api.post("/issue", bodies.issue(kind=bodies.STORY)).json()["key"]
    assert "duedate" in edit_screen(api, key)

    moved = cloud.control.move_issue(key, "MOB")

    assert moved["type"] == "Story"
    assert "duedate" not in edit_screen(api, key)


def test_who_may_not_edit_has_no_field_to_edit(cloud: RunningJiraCloud, api: Api, key: str) -> None:
    cloud.control.deny("EDIT_ISSUES", project="PLAT")

    assert edit_screen(api, key) == set()


def test_an_issue_out_of_sight_has_no_screen(cloud: RunningJiraCloud, api: Api, key: str) -> None:
    cloud.control.deny("BROWSE_PROJECTS", project="PLAT")

    assert api.get(f"/issue/{key}/editmeta").status_code == 404


@pytest.mark.parametrize(
    ("permission", "field", "value"),
    [("SCHEDULE_ISSUES", "duedate", DAY), ("ASSIGN_ISSUES", "assignee", None)],
)
def test_a_field_may_need_a_permission_of_its_own(
    cloud: RunningJiraCloud, api: Api, key: str, permission: str, field: str, value: str | None
) -> None:
    cloud.control.deny(permission, project="PLAT")

    created = api.post("/issue", bodies.issue(**{field: value}))
    edited = api.put(f"/issue/{key}", {"fields": {"summary": "New", field: value}})

    assert created.status_code == edited.status_code == 400
    assert list(created.json()["errors"]) == list(edited.json()["errors"]) == [field]
    assert "cannot be set" in created.json()["errors"][field]
    assert field not in edit_screen(api, key)
    # Whether the create screen then hides it is not known: the harder of both.
    screen = api.get(f"/issue/createmeta/PLAT/issuetypes/{bodies.TASK}").json()["fields"]
    assert field in {each["fieldId"] for each in screen}
    assert api.post("/issue", bodies.issue()).status_code == 201


def test_the_permissions_of_fields_are_answered_in_one_call(
    cloud: RunningJiraCloud, api: Api
) -> None:
    cloud.control.deny("SCHEDULE_ISSUES")
    names = "EDIT_ISSUES,SCHEDULE_ISSUES,ASSIGN_ISSUES,SET_ISSUE_SECURITY,MODIFY_REPORTER"

    said = api.get("/mypermissions", permissions=names, projectKey="PLAT").json()["permissions"]

    lacking = {name for name, each in said.items() if not each["havePermission"]}
    assert lacking == {"SCHEDULE_ISSUES", "MODIFY_REPORTER"}


def test_an_edit_returns_only_what_it_edited(api: Api, key: str) -> None:
    answer = api.put(f"/issue/{key}?returnIssue=true", {"fields": {"summary": "New"}})

    assert answer.status_code == 200
    assert answer.json()["key"] == key
    assert answer.json()["fields"] == {"summary": "New"}
