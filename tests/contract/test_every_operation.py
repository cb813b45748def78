"""What the stand-in answers beside the calls of our client: each in the shape of Atlassian's."""

from collections.abc import Callable
from typing import Any

import pytest
import requests

from demo.jira_cloud.catalog.fields import KINDS
from tests.support.jira_cloud_api import ENG, Api
from tests.support.jira_cloud_kinds import examples, field_id

KIND, TWIN = "10068", "10069"
TASK, TWIN_TASK = "10001", "1006901"


@pytest.fixture
def api(jira) -> Api:
    return Api(jira.url, jira.control.issue_tokens()["access_token"], ENG)


def filled(project: str, task: str, sprint: int) -> dict[str, Any]:
    """A create with every kind of field at once."""
    name = {KIND: "KIND", TWIN: "TWIN"}[project]
    values = {field_id(kind, name): each.sent for kind, each in examples(name).items()}
    target = {"project": {"id": project}, "issuetype": {"id": task}, "summary": "All of it"}
    return {"fields": target | values | {KINDS["sprint"].id: sprint}}


@pytest.mark.parametrize(("project", "task"), [(KIND, TASK), (TWIN, TWIN_TASK)])
def test_an_issue_with_every_kind_of_field(exchanges, jira, api, project, task):
    jira.control.add_field("many_options", {KIND: "KIND", TWIN: "TWIN"}[project])
    sprint = jira.control.create_sprint("KIND")["id"]

    screen = api.get(f"/issue/createmeta/{project}/issuetypes/{task}", maxResults=200)
    created = api.post("/issue", filled(project, task, sprint)).json()
    place = f"/issue/{created['id']}"
    edited = api.put(f"{place}?returnIssue=true", {"update": {"labels": [{"add": "late"}]}})

    assert len(screen.json()["fields"]) > 30
    assert "late" in edited.json()["fields"]["labels"]
    assert api.get(f"{place}/editmeta").status_code == 200
    assert api.get(place).json()["fields"][field_id("user", {KIND: "KIND", TWIN: "TWIN"}[project])]
    body = {"issueIdsOrKeys": [created["id"]], "fields": ["*all"], "properties": ["unpack"]}
    assert len(api.post("/issue/bulkfetch", body).json()["issues"]) == 1
    search = {"jql": "sprint in openSprints() AND project in (KIND, TWIN)", "fields": ["*all"]}
    assert len(api.post("/search/jql", search).json()["issues"]) == 1


READS: list[tuple[str, dict[str, Any]]] = [
    ("/project/KIND", {}),
    ("/project/TWIN", {}),
    ("/project/KIND/statuses", {}),
    ("/project/KIND/component", {"componentSource": "auto", "query": "a"}),
    ("/project/KIND/version", {"status": "unreleased"}),
    ("/label", {"maxResults": 5}),
    ("/jql/autocompletedata/suggestions", {"fieldName": "cf[10001]", "fieldValue": "pla"}),
    ("/resolution/search", {"id": "10001"}),
    ("/resolution/search", {"onlyDefault": "true"}),
    ("/groups/picker", {"query": "squad", "caseInsensitive": "true"}),
    ("/user", {"accountId": "5c2e4f1a9d3b7a0e6c8d1f25"}),
]


@pytest.mark.parametrize(("path", "query"), READS, ids=[path for path, _ in READS])
def test_lists_and_suggestions(exchanges, api, path, query):
    assert api.get(path, **query).status_code == 200


@pytest.mark.parametrize("workflow", ["usual", "resolution_default", "demanding", "two_ways"])
def test_transitions_with_their_screens(exchanges, jira, api, workflow):
    jira.control.use_workflow(workflow, "KIND")
    key = jira.control.create_issue("KIND", "Move me")["key"]
    path = f"/issue/{key}/transitions"

    ways = api.get(path, expand="transitions.fields").json()["transitions"]
    outcome = api.post(path, {"transition": {"id": ways[-1]["id"]}})

    assert outcome.status_code == (400 if workflow == "demanding" else 204)


def remote_link(api: Api, key: str) -> list[requests.Response]:
    path = f"/issue/{key}/remotelink"
    link = {"globalId": "unpack=1", "object": {"url": "https://x.test/1", "title": "Retro"}}
    return [api.post(path, link), api.post(path, link), api.get(path)]


def properties(api: Api, key: str) -> list[requests.Response]:
    path = f"/issue/{key}/properties/unpack.test"
    return [
        api.put(path, {"link": "l7"}),
        api.put(path, {"link": "l8"}),
        api.get(path),
        api.call("DELETE", path),
    ]


@pytest.mark.parametrize(
    ("act", "statuses"), [(remote_link, [201, 200, 200]), (properties, [201, 200, 200, 204])]
)
def test_what_hangs_on_an_issue(
    exchanges, jira, api, act: Callable[..., list[requests.Response]], statuses: list[int]
):
    key = jira.control.create_issue("KIND", "Hang on me")["key"]

    assert [each.status_code for each in act(api, key)] == statuses
