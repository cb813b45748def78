"""Moving through workflows: screens, resolutions, validators, rules (jira-platform.md §11.10)."""

from typing import Any

import pytest
import requests

from demo.jira_cloud.catalog.workflows import DEMANDED, UNFILLABLE
from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api, Clock

DONE_ID = "10000"


@pytest.fixture
def key(api: Api) -> str:
    name: str = api.post("/issue", bodies.issue()).json()["key"]
    return name


def ways(api: Api, key: str) -> dict[str, dict[str, Any]]:
    found = api.get(f"/issue/{key}/transitions", expand="transitions.fields").json()
    return {each["id"]: each for each in found["transitions"]}


def move(api: Api, key: str, way: str = "31", **fields: Any) -> requests.Response:
    return api.post(f"/issue/{key}/transitions", {"transition": {"id": way}, "fields": fields})


def test_fields_come_only_when_they_are_asked_for(api: Api, key: str) -> None:
    bare = api.get(f"/issue/{key}/transitions").json()["transitions"]

    assert not any("fields" in each for each in bare)
    assert all("fields" in each for each in ways(api, key).values())


def test_statuses_are_told_by_type_with_or_without_category(
    cloud: RunningJiraCloud, api: Api
) -> None:
    cloud.control.use_workflow("three_done", "PLAT", type="Task")

    by_type = {each["name"]: each for each in api.get("/project/PLAT/statuses").json()}
    cloud.control.set(statuses_without_category=True)
    bare = api.get("/project/PLAT/statuses").json()

    done = [
        each["name"]
        for each in by_type["Task"]["statuses"]
        if each["statusCategory"]["key"] == "done"
    ]
    assert done == ["Done", "Won't do", "Cancelled"]
    assert len(by_type["Story"]["statuses"]) == 4
    assert not any("statusCategory" in status for each in bare for status in each["statuses"])


def test_a_team_managed_project_has_statuses_of_its_own(api: Api) -> None:
    company, team = (api.get(f"/project/{each}/statuses").json()[0] for each in ("KIND", "TWIN"))

    names = [[each["name"] for each in kind["statuses"]] for kind in (company, team)]
    ids = [{each["id"] for each in kind["statuses"]} for kind in (company, team)]
    assert names[0] == names[1]
    assert not ids[0] & ids[1]


@pytest.mark.parametrize(
    ("workflow", "fields", "errors"),
    [
        ("usual", {"resolution": {"name": "Done"}}, {"resolution"}),
        ("resolution", {}, {"resolution"}),
        ("resolution", {"resolution": {"name": "Fixed"}}, {"resolution"}),
        ("resolution", {"resolution": "Done"}, {"resolution"}),
        ("resolution", {"resolution": {"id": DONE_ID}, "summary": "x"}, {"summary"}),
        ("resolution_hidden", {}, set()),
        ("demanding", {}, {DEMANDED}),
        ("demanding", {DEMANDED: 7}, {DEMANDED}),
    ],
)
def test_a_screen_takes_what_it_asks_and_nothing_else(
    cloud: RunningJiraCloud,
    api: Api,
    key: str,
    workflow: str,
    fields: dict[str, Any],
    errors: set[str],
) -> None:
    cloud.control.use_workflow(workflow, "PLAT")

    answer = move(api, key, **fields)

    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == errors
    assert bool(answer.json()["errorMessages"]) == (not errors)
    assert cloud.control.issue(key)["status"] == "To Do"


@pytest.mark.parametrize(
    ("workflow", "fields", "resolution"),
    [
        ("usual", {}, DONE_ID),
        ("resolution", {"resolution": {"id": DONE_ID}}, DONE_ID),
        ("resolution", {"resolution": {"name": "Won't Do"}}, "10001"),
        ("resolution_default", {}, DONE_ID),
        ("resolution_optional", {}, None),
        ("resolution_optional", {"resolution": {"id": DONE_ID}}, DONE_ID),
        ("resolution_hidden", {"resolution": {"id": DONE_ID}}, DONE_ID),
        ("demanding", {DEMANDED: "A disk"}, DONE_ID),
    ],
)
def test_an_answered_screen_moves_the_issue(
    cloud: RunningJiraCloud,
    api: Api,
    key: str,
    workflow: str,
    fields: dict[str, Any],
    resolution: str | None,
) -> None:
    cloud.control.use_workflow(workflow, "PLAT")

    assert move(api, key, **fields).status_code == 204

    kept = cloud.control.issue(key)
    assert (kept["status"], kept["resolution"]) == ("Done", resolution)
    assert all(kept["fields"].get(name) for name in set(fields) - {"resolution"})


def test_the_screen_is_described(cloud: RunningJiraCloud, api: Api, key: str) -> None:
    cloud.control.use_workflow("resolution_default", "PLAT")

    way = ways(api, key)["31"]

    assert way["hasScreen"]
    asked = way["fields"]["resolution"]
    assert (asked["required"], asked["hasDefaultValue"]) == (True, True)
    assert [each["name"] for each in asked["allowedValues"]] == ["Done", "Won't Do"]
    assert asked["defaultValue"]["id"] == DONE_ID
    assert "fieldId" not in asked


def test_two_ways_may_lead_to_one_status(cloud: RunningJiraCloud, api: Api, key: str) -> None:
    cloud.control.use_workflow("two_ways", "PLAT")
    to_done = [each for each in ways(api, key).values() if each["to"]["name"] == "Done"]

    assert [bool(each["fields"]) for each in to_done] == [True, False]
    assert move(api, key, "32").status_code == 204


def test_a_screen_may_ask_what_nobody_can_send(cloud: RunningJiraCloud, api: Api, key: str) -> None:
    cloud.control.use_workflow("two_screens", "PLAT")
    asked = ways(api, key)["41"]["fields"]

    for value in ({}, {UNFILLABLE: "x"}, {UNFILLABLE: {"id": "1"}}):
        answer = move(api, key, "41", resolution={"id": "10001"}, **value)
        assert set(answer.json()["errors"]) == {UNFILLABLE}
    assert asked[UNFILLABLE]["schema"]["type"] == "any"
    assert move(api, key, resolution={"id": DONE_ID}).status_code == 204


def test_a_way_may_begin_elsewhere(cloud: RunningJiraCloud, api: Api, key: str) -> None:
    cloud.control.use_workflow("stepwise", "PLAT")

    assert "31" not in ways(api, key)
    assert move(api, key).status_code == 400
    assert move(api, key, "21").status_code == 204
    assert move(api, key).status_code == 204


def test_who_may_not_transition_has_no_way(cloud: RunningJiraCloud, api: Api, key: str) -> None:
    cloud.control.deny("TRANSITION_ISSUES", "PLAT")

    assert ways(api, key) == {}
    assert move(api, key).status_code == 400


def test_a_rule_moves_it_back(cloud: RunningJiraCloud, api: Api, key: str) -> None:
    cloud.control.send_back("Done", "In Progress", "PLAT")

    assert move(api, key).status_code == 204

    kept = cloud.control.issue(key)
    assert (kept["status"], kept["resolution"]) == ("In Progress", None)


def test_the_change_of_category_is_dated(
    cloud: RunningJiraCloud, api: Api, key: str, clock: Clock
) -> None:
    def changed() -> str:
        body = {"issueIdsOrKeys": [key], "fields": ["statuscategorychangedate"]}
        [issue] = api.post("/issue/bulkfetch", body).json()["issues"]
        return str(issue["fields"]["statuscategorychangedate"])

    cloud.control.use_workflow("three_done", "PLAT")
    clock.forward(minutes=1)
    move(api, key)
    done = changed()
    clock.forward(minutes=1)
    move(api, key, "51")
    still_done = changed()
    clock.forward(minutes=1)
    move(api, key, "11")

    assert done == still_done == "2026-11-24T09:21:00.000-0600"
    assert changed() == "2026-11-24T09:23:00.000-0600"
