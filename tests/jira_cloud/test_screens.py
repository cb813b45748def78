"""What changes between a look at a screen and a create, and what no screen tells.

Source: jira-platform.md §11.1, §11.2, §11.21.
"""

from typing import Any

import pytest

from demo.jira_cloud.catalog.fields import KINDS
from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api, Connect

SELECT, TEXT = KINDS["select"].id, KINDS["text"].id
PLACE = KINDS["cascading"].id


def kind_issue(**fields: Any) -> dict[str, Any]:
    return bodies.issue("KIND", **fields)


def screen(api: Api, project: str = "KIND") -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    while True:
        path = f"/issue/createmeta/{project}/issuetypes/{bodies.TASK}"
        page = api.get(path, startAt=len(found), maxResults=200).json()
        found |= {each["fieldId"]: each for each in page["fields"]}
        if len(found) >= page["total"]:
            return found


def refused(api: Api, **fields: Any) -> dict[str, Any]:
    answer = api.post("/issue", kind_issue(**fields))
    assert answer.status_code == 400, answer.text
    collection: dict[str, Any] = answer.json()
    return collection


def test_a_deleted_option_is_refused_and_gone_from_issues(
    cloud: RunningJiraCloud, api: Api
) -> None:
    key = api.post("/issue", kind_issue(**{SELECT: {"id": "10200"}})).json()["key"]

    cloud.control.remove_option("select", "Red", "KIND")

    assert set(refused(api, **{SELECT: {"id": "10200"}})["errors"]) == {SELECT}
    assert "Red" not in [each["value"] for each in screen(api)[SELECT]["allowedValues"]]
    assert api.get(f"/issue/{key}").json()["fields"][SELECT] is None


def test_a_deleted_child_leaves_its_parent(cloud: RunningJiraCloud, api: Api) -> None:
    place = {"id": "10240", "child": {"id": "10241"}}
    key = api.post("/issue", kind_issue(**{PLACE: place})).json()["key"]

    cloud.control.remove_option("cascading", "Berlin", "KIND")

    assert set(refused(api, **{PLACE: place})["errors"]) == {PLACE}
    kept = api.get(f"/issue/{key}").json()["fields"][PLACE]
    assert (kept["value"], "child" in kept) == ("Germany", False)
    assert api.post("/issue", kind_issue(**{PLACE: {"id": "10240"}})).status_code == 201


def test_a_list_may_be_empty_so_that_nobody_can_fill_it(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.remove_option("components", "*", "KIND")
    cloud.control.require_field("components", "KIND")

    assert screen(api)["components"]["allowedValues"] == []
    assert set(refused(api)["errors"]) == {"components"}


def test_a_field_may_leave_the_screen_and_come_onto_another(
    cloud: RunningJiraCloud, api: Api
) -> None:
    cloud.control.remove_field("text", "KIND")
    added = cloud.control.add_field("text", "PLAT", type="Task")

    assert "cannot be set" in refused(api, **{TEXT: "x"})["errors"][TEXT]
    assert added in screen(api, "PLAT")
    assert api.post("/issue", bodies.issue(**{added: "x"})).status_code == 201
    cloud.control.add_field("text", "PLAT", type="Task", on=False)
    assert added not in screen(api, "PLAT")


def test_a_field_may_be_refused_whatever_it_holds(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.refuse_field("text", "KIND")
    key = api.post("/issue", kind_issue(**{TEXT: None})).json()["key"]

    edited = api.put(f"/issue/{key}", {"fields": {TEXT: "x"}})

    assert set(refused(api, **{TEXT: "x"})["errors"]) == set(edited.json()["errors"]) == {TEXT}
    assert TEXT in screen(api)
    cloud.control.refuse_field("text", "KIND", on=False)
    assert api.post("/issue", kind_issue(**{TEXT: "x"})).status_code == 201


def test_a_create_may_refuse_what_an_edit_takes(cloud: RunningJiraCloud, api: Api) -> None:
    key = api.post("/issue", kind_issue()).json()["key"]
    cloud.control.refuse_field("text", "KIND", when="create")

    assert set(refused(api, **{TEXT: "x"})["errors"]) == {TEXT}
    assert api.put(f"/issue/{key}", {"fields": {TEXT: "x"}}).status_code == 204


@pytest.mark.parametrize("verb", ["demand_field", "forbid_field"])
def test_a_validator_names_no_field(cloud: RunningJiraCloud, api: Api, verb: str) -> None:
    getattr(cloud.control, verb)("text", "KIND")
    wrong, right = ({}, {TEXT: "x"}) if verb == "demand_field" else ({TEXT: "x"}, {})

    collection = refused(api, **wrong)

    assert not screen(api)[TEXT]["required"]
    assert collection["errors"] == {}
    assert collection["errorMessages"][0].startswith("Root cause: ")
    assert api.post("/issue", kind_issue(**right)).status_code == 201


def test_a_bulk_tells_of_each_element_what_is_wrong_with_it(api: Api) -> None:
    updates = [kind_issue(**{SELECT: {"id": "0"}}), kind_issue(**{SELECT: {"id": "10200"}})]

    answer = api.post("/issue/bulk", {"issueUpdates": updates}).json()

    [error] = answer["errors"]
    assert error["failedElementNumber"] == 0
    assert set(error["elementErrors"]["errors"]) == {SELECT}
    assert len(answer["issues"]) == 1


def test_a_list_is_amended_without_being_read(api: Api) -> None:
    key = api.post("/issue", kind_issue(labels=["kept", "old"])).json()["key"]
    steps = [{"add": "new"}, {"remove": "old"}]

    amended = api.put(f"/issue/{key}", {"update": {"labels": steps}})

    assert amended.status_code == 204
    assert api.get(f"/issue/{key}").json()["fields"]["labels"] == ["kept", "new"]
    spaced = api.put(f"/issue/{key}", {"update": {"labels": [{"add": "two words"}]}})
    assert set(spaced.json()["errors"]) == {"labels"}
    single = api.put(f"/issue/{key}", {"update": {TEXT: [{"add": "x"}]}})
    assert set(single.json()["errors"]) == {TEXT}


def test_a_security_level_needs_a_permission_and_hides_the_issue(
    cloud: RunningJiraCloud, api: Api, connect: Connect
) -> None:
    olga = connect("owner@acme.test")
    few = screen(olga)["security"]["allowedValues"][1]
    secret = olga.post("/issue", kind_issue(security={"id": few["id"]})).json()["key"]
    everybody = screen(api)["security"]["allowedValues"][0]

    cloud.control.deny("SET_ISSUE_SECURITY", "KIND")

    assert few["name"] == "Directors only"
    assert api.get(f"/issue/{secret}").status_code == 404
    found = api.post("/search/jql", {"jql": "project = KIND", "fields": ["summary"]}).json()
    assert found["issues"] == []
    assert screen(api)["security"]["allowedValues"] == []
    assert set(refused(api, security={"id": everybody["id"]})["errors"]) == {"security"}


def test_a_reporter_is_set_by_those_who_may(cloud: RunningJiraCloud, api: Api) -> None:
    maya = {"accountId": "5c2e4f1a9d3b7a0e6c8d1f25"}
    assert set(refused(api, reporter=maya)["errors"]) == {"reporter"}

    cloud.control.grant("MODIFY_REPORTER", "KIND")

    key = api.post("/issue", kind_issue(reporter=maya)).json()["key"]
    reporter = api.get(f"/issue/{key}").json()["fields"]["reporter"]
    assert reporter["accountId"] == maya["accountId"]
    said = api.get("/mypermissions", permissions="MODIFY_REPORTER", projectKey="KIND").json()
    assert said["permissions"]["MODIFY_REPORTER"]["havePermission"]


def test_a_screen_may_be_long_and_a_list_longer(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.add_spare_fields(400, "PLAT", type="Task")
    added = cloud.control.add_field("many_options", "PLAT", type="Task")

    shown = screen(api, "PLAT")

    assert len(shown) > 400
    assert len(shown[added]["allowedValues"]) == 10_000


def test_a_team_may_want_much_of_each_issue(api: Api) -> None:
    wanted = {"components", "labels", *(KINDS[kind].id for kind in ("select", "cascading", "user"))}

    answer = api.post("/issue", bodies.issue("CORE"))

    assert set(answer.json()["errors"]) == wanted
    core = screen(api, "CORE")
    assert {name for name, field in core.items() if field["required"]} >= wanted
