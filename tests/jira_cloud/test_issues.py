"""Reading, editing, moving, deleting issues and their properties (jira-platform.md §2.6)."""

from typing import Any

import pytest

from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api, Clock


@pytest.fixture
def key(api: Api) -> str:
    name: str = api.post("/issue", bodies.issue(assignee=None)).json()["key"]
    return name


def test_an_edit_answers_204_and_changes_what_it_names(
    cloud: RunningJiraCloud, api: Api, key: str
) -> None:
    answer = api.put(f"/issue/{key}", {"fields": {"summary": "New", "duedate": "2026-12-24"}})

    assert answer.status_code == 204
    assert answer.content == b""
    fields = cloud.control.issue(key)["fields"]
    assert (fields["summary"], fields["duedate"]) == ("New", "2026-12-24")


@pytest.mark.parametrize(
    "fields",
    [{"summary": ""}, {"nothing": 1}, {"project": {"key": "MOB"}}, {"description": "text"}],
)
def test_a_bad_edit_changes_nothing(
    cloud: RunningJiraCloud, api: Api, key: str, fields: dict[str, Any]
) -> None:
    before = cloud.control.issue(key)

    answer = api.put(f"/issue/{key}", {"fields": {"duedate": "2026-12-24"} | fields})

    assert answer.status_code == 400
    assert cloud.control.issue(key) == before


def test_losing_the_edit_permission_reads_like_a_missing_field(
    cloud: RunningJiraCloud, api: Api, key: str
) -> None:
    cloud.control.deny("EDIT_ISSUES", project="PLAT")

    answer = api.put(f"/issue/{key}", {"fields": {"summary": "New"}})

    assert answer.status_code == 400
    assert "cannot be set" in answer.json()["errors"]["summary"]


def test_losing_browse_reads_like_a_deleted_issue(
    cloud: RunningJiraCloud, api: Api, key: str
) -> None:
    gone = api.put("/issue/PLAT-99", {"fields": {"summary": "New"}})
    cloud.control.deny("BROWSE_PROJECTS", project="PLAT")
    unseen = api.put(f"/issue/{key}", {"fields": {"summary": "New"}})

    assert gone.status_code == unseen.status_code == 404
    assert gone.json() == unseen.json()


def test_bulkfetch_leaves_out_what_is_not_there_and_sorts_by_id(
    cloud: RunningJiraCloud, api: Api, key: str
) -> None:
    other = api.post("/issue", bodies.issue("MOB")).json()
    hidden = api.post("/issue", bodies.issue("OPS")).json()
    cloud.control.deny("BROWSE_PROJECTS", project="OPS")
    asked = [other["key"], "PLAT-99", hidden["id"], key]

    answer = api.post("/issue/bulkfetch", {"issueIdsOrKeys": asked, "fields": ["summary"]})

    assert [each["key"] for each in answer.json()["issues"]] == [key, other["key"]]
    assert answer.json()["issueErrors"] == []


def test_bulkfetch_takes_a_hundred_and_five_properties(api: Api) -> None:
    many = [str(number) for number in range(101)]
    assert api.post("/issue/bulkfetch", {"issueIdsOrKeys": many}).status_code == 400
    assert api.post("/issue/bulkfetch", {"issueIdsOrKeys": []}).status_code == 400
    assert api.post("/issue/bulkfetch", {"issueIdsOrKeys": many[:100]}).status_code == 200
    props = {"issueIdsOrKeys": ["1"], "properties": list("abcdef")}
    assert api.post("/issue/bulkfetch", props).status_code == 400


def test_a_moved_issue_keeps_its_id_and_follows_its_old_key(
    cloud: RunningJiraCloud, api: Api, key: str
) -> None:
    before = api.get(f"/issue/{key}").json()

    moved = cloud.control.move_issue(key, "MOB")

    after = api.get(f"/issue/{key}").json()
    assert after["id"] == before["id"]
    assert after["key"] == moved["key"] != key


def test_times_are_in_the_readers_zone_without_colon(
    cloud: RunningJiraCloud, api: Api, key: str
) -> None:
    created = api.get(f"/issue/{key}", fields="created").json()["fields"]["created"]

    assert created == "2026-11-24T09:20:00.000-0600"


def test_a_transition_sets_status_category_and_resolution(
    cloud: RunningJiraCloud, api: Api, clock: Clock, key: str
) -> None:
    clock.forward(minutes=10)
    offered = api.get(f"/issue/{key}/transitions").json()["transitions"]
    assert {each["name"] for each in offered} == {"In Progress", "Done", "Won't do"}
    done = next(each["id"] for each in offered if each["name"] == "Won't do")

    assert api.post(f"/issue/{key}/transitions", {"transition": {"id": done}}).status_code == 204

    fields = api.get(f"/issue/{key}").json()["fields"]
    assert fields["status"]["statusCategory"]["key"] == "done"
    assert fields["resolution"]["name"] == "Won't Do"
    assert fields["resolutiondate"] == fields["statuscategorychangedate"]
    assert api.post(f"/issue/{key}/transitions", {"transition": {"id": "99"}}).status_code == 400


def test_who_may_not_transition_is_offered_nothing(
    cloud: RunningJiraCloud, api: Api, key: str
) -> None:
    cloud.control.deny("TRANSITION_ISSUES")

    assert api.get(f"/issue/{key}/transitions").json()["transitions"] == []


def test_deleting_wants_permission_and_leaves_a_404(
    cloud: RunningJiraCloud, api: Api, key: str
) -> None:
    cloud.control.deny("DELETE_ISSUES")
    assert api.call("DELETE", f"/issue/{key}").status_code == 403
    cloud.control.deny("DELETE_ISSUES", on=False)
    assert api.call("DELETE", f"/issue/{key}").status_code == 204

    assert api.get(f"/issue/{key}").status_code == 404


def test_subtasks_go_only_on_demand(api: Api, key: str) -> None:
    child = bodies.issue(kind=bodies.SUBTASK, parent={"key": key})
    assert api.post("/issue", child).status_code == 201

    assert api.call("DELETE", f"/issue/{key}").status_code == 400
    assert api.call("DELETE", f"/issue/{key}", deleteSubtasks="true").status_code == 204


def test_a_property_is_201_when_new_and_200_when_changed(api: Api, key: str) -> None:
    path = f"/issue/{key}/properties/unpack.probe"

    assert api.put(path, {"a": 1}).status_code == 201
    assert api.put(path, {"a": 2}).status_code == 200
    assert api.get(path).json() == {"key": "unpack.probe", "value": {"a": 2}}
    assert api.call("DELETE", path).status_code == 204
    assert api.get(path).status_code == 404


def test_a_remote_link_is_updated_by_its_global_id(api: Api, key: str) -> None:
    link = {"globalId": "unpack=1", "object": {"url": "https://x.test/1", "title": "Retro"}}
    path = f"/issue/{key}/remotelink"

    assert api.post(path, link | {"relationship": "from"}).status_code == 201
    assert api.post(path, link).status_code == 200
    (kept,) = api.get(path).json()
    assert "relationship" not in kept
    assert api.post(path, {"object": {"url": "https://x.test"}}).status_code == 400
