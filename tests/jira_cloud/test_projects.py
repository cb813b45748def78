"""Projects, create metadata and permissions (jira-platform.md §2.1-2.3, §2.6)."""

import pytest

from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api, Connect


def all_keys(api: Api, **query: object) -> list[str]:
    keys: list[str] = []
    while True:
        page = api.get("/project/search", startAt=len(keys), maxResults=50, **query).json()
        keys += [project["key"] for project in page["values"]]
        if page["isLast"]:
            return keys


def test_projects_come_in_pages(api: Api) -> None:
    first = api.get("/project/search").json()

    assert len(first["values"]) == 50
    assert first["total"] > 60
    assert "startAt=50" in first["nextPage"]
    keys = all_keys(api)
    assert len(set(keys)) == first["total"]
    assert {"PLAT", "MOB", "PLAY", "PLAN", "TPL", "DPA", "OPS", "DES"} <= set(keys)


def test_a_page_holds_at_most_100_projects(api: Api) -> None:
    assert api.get("/project/search", maxResults=500).json()["maxResults"] == 100


def test_projects_are_found_by_part_of_key_or_name(api: Api) -> None:
    assert set(all_keys(api, query="pla")) >= {"PLAT", "PLAY", "PLAN", "TPL", "DPA"}


def test_creatable_projects_are_fewer_than_visible_ones(api: Api, connect: Connect) -> None:
    assert set(all_keys(api)) - set(all_keys(api, action="create")) == {"SEC", "HR", "LEG"}
    assert "SEC" in all_keys(connect("admin@acme.test"), action="create")


def test_types_say_which_need_a_parent(api: Api) -> None:
    types = api.get("/issue/createmeta/PLAT/issuetypes").json()["issueTypes"]

    levels = {each["name"]: (each["subtask"], each["hierarchyLevel"]) for each in types}
    assert levels["Sub-task"] == (True, -1)
    assert levels["Epic"] == (False, 1)
    assert levels["Task"] == (False, 0)


@pytest.mark.parametrize("path", ["", "/10001"])
def test_more_than_200_metadata_entries_are_refused(api: Api, path: str) -> None:
    answer = api.get(f"/issue/createmeta/PLAT/issuetypes{path}", maxResults=201)

    assert answer.status_code == 400
    assert "must not exceed the limit '200'" in answer.json()["errorMessages"][0]


def test_metadata_of_a_project_without_create_permission_is_refused(api: Api) -> None:
    assert api.get("/issue/createmeta/SEC/issuetypes").status_code == 400
    assert api.get("/issue/createmeta/NOPE/issuetypes").status_code == 404


def fields(api: Api, project: str, kind: str) -> dict[str, dict[str, object]]:
    listed = api.get(f"/issue/createmeta/{project}/issuetypes/{kind}").json()["fields"]
    return {field["fieldId"]: field for field in listed}


def test_screens_differ(api: Api) -> None:
    assert "duedate" not in fields(api, "MOB", bodies.STORY)
    assert "duedate" in fields(api, "MOB", bodies.TASK)
    assert "assignee" not in fields(api, "DES", bodies.ILLUSTRATION)
    risk = fields(api, "OPS", bodies.CHANGE)["customfield_10042"]
    assert risk["required"]
    assert not risk["hasDefaultValue"]


def test_metadata_follows_the_switches(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.require_field("labels", project="PLAT")
    cloud.control.remove_field("duedate", project="PLAT", type="Task")
    cloud.control.remove_type("Bug", project="PLAT")

    shown = fields(api, "PLAT", bodies.TASK)

    assert shown["labels"]["required"]
    assert "duedate" not in shown
    types = api.get("/issue/createmeta/PLAT/issuetypes").json()["issueTypes"]
    assert "Bug" not in [each["name"] for each in types]


def havings(api: Api, project: str) -> dict[str, bool]:
    asked = "CREATE_ISSUES,BROWSE_PROJECTS"
    answer = api.get("/mypermissions", permissions=asked, projectKey=project).json()
    return {key: each["havePermission"] for key, each in answer["permissions"].items()}


def test_permissions_tell_what_may_be_done(cloud: RunningJiraCloud, api: Api) -> None:
    assert havings(api, "PLAT") == {"CREATE_ISSUES": True, "BROWSE_PROJECTS": True}
    assert havings(api, "SEC") == {"CREATE_ISSUES": False, "BROWSE_PROJECTS": True}
    cloud.control.deny("BROWSE_PROJECTS", project="PLAT")
    assert havings(api, "PLAT") == {"CREATE_ISSUES": False, "BROWSE_PROJECTS": False}


def test_an_unknown_permission_is_refused_by_name(api: Api) -> None:
    answer = api.get("/mypermissions", permissions="CREATE_ISSUES,FLY")

    assert answer.status_code == 400
    assert answer.json()["errors"] == {"FLY": "Unrecognized permission"}
    assert api.get("/mypermissions").status_code == 400


def test_status_categories_have_the_keys_of_every_site(api: Api) -> None:
    keys = [each["key"] for each in api.get("/statuscategory").json()]

    assert keys == ["undefined", "new", "indeterminate", "done"]
