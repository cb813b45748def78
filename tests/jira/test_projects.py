"""Projects, issue types, fields and permissions, in pages and in odd shapes."""

import pytest
from responses import matchers

from app.jira.errors import JiraRefused, JiraUnavailable
from app.jira.types import AllowedValue, Field, IssueType, Project
from tests.jira.addresses import REST_URL

SEARCH = f"{REST_URL}/project/search"
TYPES = f"{REST_URL}/issue/createmeta/10000/issuetypes"
FIELDS = f"{TYPES}/10001"


def project(number: int) -> dict[str, object]:
    return {"id": str(number), "key": f"P{number}", "name": f"Project {number}"}


def from_start(start: int):
    return matchers.query_param_matcher({"startAt": str(start)}, strict_match=False)


def test_projects_of_all_pages_are_found(atlassian, client):
    pages = [range(100), range(100, 200), range(200, 203)]
    for numbers in pages:
        page = {"values": [project(number) for number in numbers], "isLast": 200 in numbers}
        atlassian.get(SEARCH, json=page, match=[from_start(numbers[0])])

    projects = client.projects()

    assert len(projects) == 203
    assert projects[0] == Project(id="0", key="P0", name="Project 0")


def test_a_page_that_holds_an_unusable_project_does_not_shift_the_next(atlassian, client):
    first = {"values": [project(1), {"id": "2"}, None], "isLast": False}
    atlassian.get(SEARCH, json=first, match=[from_start(0)])
    last = {"values": [project(4)], "isLast": True}
    atlassian.get(SEARCH, json=last, match=[from_start(3)])

    assert [found.id for found in client.projects()] == ["1", "4"]


def test_projects_without_an_end_mark_are_paged_by_total(atlassian, client):
    atlassian.get(SEARCH, json={"values": [project(1)], "total": 2}, match=[from_start(0)])
    atlassian.get(SEARCH, json={"values": [project(2)], "total": 2}, match=[from_start(1)])

    assert len(client.projects()) == 2


@pytest.mark.parametrize("body", [{}, {"values": None}, {"values": [], "isLast": False}])
def test_no_projects_is_an_empty_list(atlassian, client, body):
    atlassian.get(SEARCH, json=body)

    assert client.projects() == []


def test_no_projects_may_also_be_said_with_a_404(atlassian, client):
    atlassian.get(SEARCH, status=404, json={"errorMessages": ["Nothing found"]})

    assert client.projects(query="none") == []


def test_projects_whose_pages_never_end_are_not_taken_for_all(atlassian, client):
    atlassian.get(SEARCH, json={"values": [project(1)], "isLast": False})

    with pytest.raises(JiraUnavailable):
        client.projects()


def test_projects_are_narrowed_by_jira(atlassian, client):
    wanted = {"startAt": "0", "maxResults": "100", "orderBy": "key"}
    wanted |= {"query": "plat", "action": "create"}
    atlassian.get(SEARCH, json={}, match=[matchers.query_param_matcher(wanted)])

    client.projects(query="plat", action="create")


def test_issue_types_of_all_pages_are_found(atlassian, client):
    task = {"id": "10001", "name": "Task", "description": "Work", "hierarchyLevel": 0}
    epic = {"id": 10002, "name": "Epic", "subtask": False, "hierarchyLevel": 1, "iconUrl": "x"}
    sub_task = {"id": "10003", "name": "Sub-task", "subtask": True, "hierarchyLevel": -1}
    first = {"issueTypes": [task, epic], "startAt": 0, "total": 3}
    atlassian.get(TYPES, json=first, match=[from_start(0)])
    atlassian.get(TYPES, json={"issueTypes": [sub_task], "total": 3}, match=[from_start(2)])

    assert client.issue_types("10000") == [
        IssueType(id="10001", name="Task", description="Work"),
        IssueType(id="10002", name="Epic", hierarchy_level=1),
        IssueType(id="10003", name="Sub-task", subtask=True, hierarchy_level=-1),
    ]


def test_a_project_without_issue_types_has_none(atlassian, client):
    atlassian.get(TYPES, json={"issueTypes": [], "total": 0})

    assert client.issue_types("10000") == []


def test_an_answer_without_issue_types_is_not_taken_for_none(atlassian, client):
    atlassian.get(TYPES, json={"startAt": 0})

    with pytest.raises(JiraUnavailable):
        client.issue_types("10000")


def test_issue_types_whose_pages_never_end_are_not_taken_for_all(atlassian, client):
    atlassian.get(TYPES, json={"issueTypes": [{"id": "1"}], "total": 10**9})

    with pytest.raises(JiraUnavailable):
        client.issue_types("10000")


def test_issue_types_that_may_not_be_seen_are_refused(atlassian, client):
    atlassian.get(TYPES, status=404, json={"errorMessages": ["No project could be found."]})

    with pytest.raises(JiraRefused):
        client.issue_types("10000")


def test_fields_of_all_pages_are_found(atlassian, client):
    summary = {"fieldId": "summary", "key": "summary", "name": "Summary", "required": True}
    summary |= {"hasDefaultValue": False, "operations": ["set"], "schema": {"type": "string"}}
    risk = {"fieldId": "customfield_1", "name": "Risk", "required": True, "hasDefaultValue": True}
    risk |= {"schema": {"type": "option", "custom": "com.atlassian:select"}}
    risk |= {"allowedValues": [{"id": "1", "value": "High"}, {"id": 2, "name": "Low"}, "odd"]}
    atlassian.get(FIELDS, json={"fields": [summary], "total": 2}, match=[from_start(0)])
    atlassian.get(FIELDS, json={"fields": [risk], "total": 2}, match=[from_start(1)])

    values = (AllowedValue("1", "High"), AllowedValue("2", "Low"), AllowedValue(None, "odd"))
    assert client.fields("10000", "10001") == [
        Field("summary", "Summary", True, False, schema_type="string", operations=("set",)),
        Field(
            "customfield_1",
            "Risk",
            True,
            True,
            schema_type="option",
            schema_custom="com.atlassian:select",
            allowed_values=values,
        ),
    ]


@pytest.mark.parametrize("name", ["fields", "results", "values"])
def test_fields_are_found_wherever_jira_puts_them(atlassian, client, name):
    atlassian.get(FIELDS, json={"fields": [], name: [{"fieldId": "summary"}], "total": 1})

    assert [field.id for field in client.fields("10000", "10001")] == ["summary"]


def test_the_fields_of_an_issue_are_named_by_the_keys_of_the_map(atlassian, client):
    summary = {"key": "summary", "name": "Summary", "required": True, "schema": {"type": "string"}}
    risk = {"key": "elsewhere", "name": "Risk", "operations": ["set"]}
    answer = {"fields": {"summary": summary, "customfield_1": risk}}
    atlassian.get(f"{REST_URL}/issue/10012/editmeta", json=answer)

    fields = client.editable_fields("10012")

    assert fields == [
        Field("summary", "Summary", True, False, schema_type="string"),
        Field("customfield_1", "Risk", False, False, operations=("set",)),
    ]


@pytest.mark.parametrize(("fields", "found"), [({}, []), ({"duedate": None}, ["duedate"])])
def test_an_issue_may_have_few_fields_to_edit(atlassian, client, fields, found):
    atlassian.get(f"{REST_URL}/issue/1/editmeta", json={"fields": fields})

    assert [field.id for field in client.editable_fields("1")] == found


@pytest.mark.parametrize("body", [{}, [], {"fields": []}])
def test_an_unreadable_screen_is_not_taken_for_an_empty_one(atlassian, client, body):
    atlassian.get(f"{REST_URL}/issue/1/editmeta", json=body)

    with pytest.raises(JiraUnavailable):
        client.editable_fields("1")


def test_a_permission_counts_only_where_jira_affirms_it(atlassian, client):
    wanted = {"permissions": "CREATE_ISSUES,EDIT_ISSUES,BROWSE_PROJECTS", "projectId": "10000"}
    answer = {
        "CREATE_ISSUES": {"havePermission": True},
        "EDIT_ISSUES": {"havePermission": None},
    }
    match = [matchers.query_param_matcher(wanted)]
    atlassian.get(f"{REST_URL}/mypermissions", json={"permissions": answer}, match=match)

    names = ["CREATE_ISSUES", "EDIT_ISSUES", "BROWSE_PROJECTS"]
    permissions = client.permissions(names, project_id="10000")

    assert permissions == {"CREATE_ISSUES": True, "EDIT_ISSUES": False, "BROWSE_PROJECTS": False}


def test_a_project_out_of_sight_permits_nothing(atlassian, client):
    no_project = {"errorMessages": ["Kein Projekt mit dem Schlüssel 'X' gefunden."]}
    atlassian.get(f"{REST_URL}/mypermissions", status=404, json=no_project)

    assert client.permissions(["BROWSE_PROJECTS"], project_key="X") == {"BROWSE_PROJECTS": False}


def test_a_vanished_site_is_not_taken_for_a_missing_permission(atlassian, client):
    atlassian.get(f"{REST_URL}/mypermissions", status=503)

    with pytest.raises(JiraUnavailable):
        client.permissions(["BROWSE_PROJECTS"])


@pytest.mark.parametrize("body", [{}, {"permissions": None}, []])
def test_unreadable_permissions_are_not_taken_for_a_no(atlassian, client, body):
    atlassian.get(f"{REST_URL}/mypermissions", json=body)

    with pytest.raises(JiraUnavailable):
        client.permissions(["BROWSE_PROJECTS"])
