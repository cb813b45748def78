"""What a field may be filled with: components, versions, labels, groups, suggestions.

Source: jira-platform.md §11.3, §11.6, §11.11, §11.12.
"""

from typing import Any

import pytest

from demo.jira_cloud.catalog.fields import KINDS
from demo.jira_cloud.catalog.teams import TEAMS
from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api

SUGGESTIONS = "/jql/autocompletedata/suggestions"


def names(api: Api, path: str, **query: Any) -> list[str]:
    answer = api.get(path, **query)
    assert answer.status_code == 200, answer.text
    return [each["name"] if isinstance(each, dict) else each for each in answer.json()["values"]]


def suggested(api: Api, field: str, typed: str = "") -> dict[str, str]:
    answer = api.get(SUGGESTIONS, fieldName=field, fieldValue=typed)
    assert answer.status_code == 200, answer.text
    return {each["value"]: each["displayName"] for each in answer.json()["results"]}


def test_components_and_versions_come_in_pages(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.remove_option("components", "Web")

    assert names(api, "/project/PLAT/component") == ["API", "Build & Deploy"]
    assert names(api, "/project/PLAT/component", query="api") == ["API"]
    assert names(api, "/project/PLAT/version", status="unreleased") == ["1.1", "2.0"]
    assert names(api, "/project/PLAT/version", status="released,archived") == ["0.9", "1.0"]
    assert names(api, "/project/PLAT/version", startAt=1, maxResults=2) == ["1.0", "1.1"]
    assert api.get("/project/NOPE/component").status_code == 404
    assert api.get("/project/PLAT/version", status="late").status_code == 400


def test_components_of_compass_stand_on_no_screen(cloud: RunningJiraCloud, api: Api) -> None:
    [first] = api.get("/project/KIND/component", maxResults=1).json()["values"]
    cloud.control.use_compass("KIND")

    assert names(api, "/project/KIND/component") == []
    assert len(names(api, "/project/KIND/component", componentSource="auto")) == 3
    sent = api.post("/issue", bodies.issue("KIND", components=[{"id": first["id"]}]))
    assert set(sent.json()["errors"]) == {"components"}


def test_labels_come_to_be_by_use(cloud: RunningJiraCloud, api: Api) -> None:
    topics = KINDS["custom_labels"].id
    api.post("/issue", bodies.issue("KIND", labels=["retro", "ready"], **{topics: ["release"]}))
    api.post("/issue", bodies.issue("MOB", labels=["hidden"]))
    cloud.control.deny("BROWSE_PROJECTS", "MOB")

    assert names(api, "/label") == ["ready", "retro"]
    assert suggested(api, "labels", "re") == {"ready": "<b>re</b>ady", "retro": "<b>re</b>tro"}
    assert suggested(api, "labels", "hid") == {}
    number = topics.removeprefix("customfield_")
    assert suggested(api, f"cf[{number}]", "REL") == {"release": "<b>rel</b>ease"}


def test_teams_are_suggested_fifteen_at_most(api: Api) -> None:
    every = suggested(api, "cf[10001]")
    some = suggested(api, "cf[10001]", "pla")

    assert len(TEAMS) > len(every) == 15
    assert list(some.values()) == [
        "<b>Pla</b>nning",
        "<b>Pla</b>tform",
        "<b>Pla</b>tform Operations",
        "<b>Pla</b>tform Security",
    ]
    assert suggested(api, "cf[10001]", "operations") == {
        team.id: "Platform <b>Operations</b>"
        for team in TEAMS.values()
        if team.name == "Platform Operations"
    }


@pytest.mark.parametrize("field", ["", "nonsense", "cf[99999]", "summary"])
def test_nothing_is_suggested_for_other_fields(api: Api, field: str) -> None:
    assert api.get(SUGGESTIONS, fieldName=field).status_code == 400


def test_an_active_sprint_may_be_missing_among_suggestions(
    cloud: RunningJiraCloud, api: Api
) -> None:
    for number in range(15):
        cloud.control.create_sprint("PLAT", f"Sprint {number}", state="closed")
    active = cloud.control.create_sprint("PLAT", "Sprint 15")

    assert str(active["id"]) not in suggested(api, "cf[10020]", "Sprint")


def picked(api: Api, **query: Any) -> list[str]:
    return [each["name"] for each in api.get("/groups/picker", **query).json()["groups"]]


def test_groups_are_picked_by_part_of_their_name(cloud: RunningJiraCloud, api: Api) -> None:
    assert len(picked(api)) == 20
    assert picked(api, query="engineering") == ["engineering-everyone"]
    assert len(picked(api, query="engineering", caseInsensitive="true")) == 2
    answer = api.get("/groups/picker", query="squad", maxResults=2).json()
    assert answer["total"] == 30
    assert [each["html"] for each in answer["groups"]] == ["<b>squad</b>-01", "<b>squad</b>-02"]
    cloud.control.deny("USER_PICKER")
    assert picked(api, query="site") == []
    assert picked(api, query="site-admins") == ["site-admins"]


def test_a_person_is_shown_by_id(api: Api) -> None:
    maya = "5c2e4f1a9d3b7a0e6c8d1f25"

    assert api.get("/user", accountId=maya).json()["displayName"] == "Maya Lindqvist"
    assert api.get("/user", accountId="nobody").status_code == 404


def test_a_remote_link_is_written_twice_and_deleted(cloud: RunningJiraCloud, api: Api) -> None:
    path = f"/issue/{api.post('/issue', bodies.issue()).json()['key']}/remotelink"
    link = {"globalId": "unpack=1", "object": {"url": "https://x.test/1", "title": "Retro"}}
    headers = {"Content-Type": "application/json"}

    def delete(known: str, **headers: str) -> int:
        url = f"{api.base}{path}?globalId={known}"
        return api.session.delete(url, headers=headers, timeout=10).status_code

    assert [api.post(path, link).status_code for _ in range(2)] == [201, 200]
    assert delete("unpack=1") == 415
    assert delete("other", **headers) == 404
    assert delete("unpack=1", **headers) == 204
    assert api.get(path).json() == []
    cloud.control.set(linking=False)
    assert api.post(path, link).status_code == 403
    cloud.control.set(linking=True)
    cloud.control.deny("LINK_ISSUES", "PLAT")
    assert api.post(path, link).status_code == 403
