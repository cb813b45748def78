"""Every kind of field: taken, given back, refused under its own name (jira-platform.md §11.3)."""

from typing import Any

import pytest

from demo.jira_cloud.catalog.fields import KINDS
from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api
from tests.support.jira_cloud_kinds import LINKED, UNSETTABLE, examples, field_id, identity

PROJECTS = ("KIND", "TWIN")
TYPES = {"KIND": bodies.TASK, "TWIN": "1006901"}
EVERY = [(project, kind) for project in PROJECTS for kind in examples()]

every_kind = pytest.mark.parametrize(("project", "kind"), EVERY)


def body(project: str, **fields: Any) -> dict[str, Any]:
    return bodies.issue(project, TYPES[project], **fields)


def screen(api: Api, project: str) -> dict[str, dict[str, Any]]:
    path = f"/issue/createmeta/{project}/issuetypes/{TYPES[project]}"
    return {each["fieldId"]: each for each in api.get(path, maxResults=200).json()["fields"]}


def put_on_screen(cloud: RunningJiraCloud, kind: str, project: str) -> str:
    added: str = cloud.control.add_field(kind, project, type="Task")
    return added


def test_every_kind_has_an_example() -> None:
    assert set(examples()) | {*LINKED, *UNSETTABLE} == set(KINDS)


@every_kind
def test_a_value_is_taken_and_given_back(
    cloud: RunningJiraCloud, api: Api, project: str, kind: str
) -> None:
    name, example = put_on_screen(cloud, kind, project), examples(project)[kind]

    answer = api.post("/issue", body(project, **{name: example.sent}))

    assert answer.status_code == 201, answer.text
    read = api.get(f"/issue/{answer.json()['key']}", fields=name).json()["fields"][name]
    assert identity(read) == example.read


@every_kind
def test_an_edit_takes_the_same_value_and_null_empties(
    cloud: RunningJiraCloud, api: Api, project: str, kind: str
) -> None:
    name, example = put_on_screen(cloud, kind, project), examples(project)[kind]
    key = api.post("/issue", body(project)).json()["key"]

    filled = api.put(f"/issue/{key}?returnIssue=true", {"fields": {name: example.sent}})
    emptied = api.put(f"/issue/{key}?returnIssue=true", {"fields": {name: None}})

    assert identity(filled.json()["fields"][name]) == example.read
    assert emptied.json()["fields"][name] is None


@every_kind
def test_a_wrong_shape_is_refused_under_its_own_name(
    cloud: RunningJiraCloud, api: Api, project: str, kind: str
) -> None:
    name = put_on_screen(cloud, kind, project)
    key = api.post("/issue", body(project)).json()["key"]

    for wrong in examples(project)[kind].wrong:
        created = api.post("/issue", body(project, **{name: wrong}))
        edited = api.put(f"/issue/{key}", {"fields": {name: wrong}})

        assert (created.status_code, edited.status_code) == (400, 400), wrong
        assert set(created.json()["errors"]) == set(edited.json()["errors"]) == {name}, wrong


@every_kind
def test_a_required_field_cannot_be_left_out_or_emptied(
    cloud: RunningJiraCloud, api: Api, project: str, kind: str
) -> None:
    name, sent = field_id(kind, project), examples(project)[kind].sent
    cloud.control.add_field(kind, project, type="Task", required=True)
    shown = screen(api, project)[name]

    left_out = api.post("/issue", body(project))
    filled = api.post("/issue", body(project, **{name: sent}))
    emptied = api.put(f"/issue/{filled.json()['key']}", {"fields": {name: None}})

    assert shown["required"]
    assert left_out.status_code == (201 if shown["hasDefaultValue"] else 400)
    if not shown["hasDefaultValue"]:
        assert set(left_out.json()["errors"]) == {name}
    assert filled.status_code == 201
    assert emptied.status_code == 400
    assert set(emptied.json()["errors"]) == {name}


@pytest.mark.parametrize("project", PROJECTS)
@pytest.mark.parametrize("kind", UNSETTABLE)
def test_nobody_sets_what_an_app_or_jira_fills(api: Api, project: str, kind: str) -> None:
    name = field_id(kind, project)

    assert name in screen(api, project)
    for value in ("x", 1, {"id": "1"}, [{"id": "1"}]):
        refused = api.post("/issue", body(project, **{name: value}))
        assert refused.status_code == 400
        assert set(refused.json()["errors"]) == {name}


def test_twins_share_a_name_and_nothing_else(api: Api) -> None:
    company, team = screen(api, "KIND"), screen(api, "TWIN")
    select, twin = company[KINDS["select"].id], team[field_id("select", "TWIN")]

    assert select["name"] == twin["name"]
    assert select["fieldId"] != twin["fieldId"]
    assert not {each["id"] for each in select["allowedValues"]} & {
        each["id"] for each in twin["allowedValues"]
    }
    assert set(company) & {"duedate"}
    assert not set(team) & {"duedate"}
    styles = [api.get(f"/project/{key}").json() for key in ("KIND", "TWIN")]
    assert [(each["style"], each["simplified"]) for each in styles] == [
        ("classic", False),
        ("next-gen", True),
    ]


def test_the_screen_lists_what_may_be_chosen(api: Api) -> None:
    shown = screen(api, "KIND")

    def names(kind: str) -> list[str]:
        return [
            each.get("name") or each["value"] for each in shown[KINDS[kind].id]["allowedValues"]
        ]

    colours = ["Red", 'Green, "dark"', "<Blue>", "אדום", "Crème brûlée"]
    assert names("select") == colours
    assert names("components") == ["API", "Web", "Build & Deploy"]
    assert names("fix_versions") == ["0.9", "1.0", "1.1", "2.0"]
    assert "Platform Engineering" in names("project_picker")
    # Olga alone sees issues of the other level.
    assert names("security") == ["Internal"]
    germany = shown[KINDS["cascading"].id]["allowedValues"][0]
    assert [child["value"] for child in germany["children"]] == ["Berlin", "Munich"]
    unlisted = [KINDS[kind].id for kind in ("user", "group", "labels", "sprint", "team", "parent")]
    assert not [name for name in unlisted if "allowedValues" in shown[name]]
    assert shown["attachment"]["operations"] == []
