"""What Jira and its rules do to descriptions beside keeping them (jira-platform.md §6)."""

from typing import Any

import pytest

from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api

ROBOT = "557058:f58131cb-b67d-43c7-b30d-6b58d40bd077"
HEADING = {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Why"}]}


def rich(*words: str) -> dict[str, Any]:
    document = bodies.document(*words)
    return document | {"content": [HEADING, *document["content"]]}


def words_of(cloud: RunningJiraCloud, key: str) -> list[str]:
    content = cloud.control.issue(key)["fields"]["description"]["content"]
    return [node["content"][0]["text"] for node in content]


def bulk(*updates: dict[str, Any]) -> dict[str, Any]:
    return {"issueUpdates": list(updates)}


def test_a_rule_adds_to_what_was_just_written(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.automate("Definition of done", project="PLAT")

    key = api.post("/issue", bodies.issue(description=bodies.document("Ours"))).json()["key"]
    other = api.post("/issue", bodies.issue("MOB", description=bodies.document("Ours"))).json()

    assert words_of(cloud, key) == ["Ours", "Definition of done"]
    assert words_of(cloud, other["key"]) == ["Ours"]
    [log] = api.post("/changelog/bulkfetch", {"issueIdsOrKeys": [key]}).json()["issueChangeLogs"]
    assert log["changeHistories"][0]["author"]["accountId"] == ROBOT


def test_an_edit_shows_what_the_rule_made_of_it(cloud: RunningJiraCloud, api: Api) -> None:
    made = bulk(bodies.issue(assignee=None))
    [created] = api.post("/issue/bulk", made).json()["issues"]
    cloud.control.automate("Definition of done")
    path = f"/issue/{created['id']}?returnIssue=true"

    retitled = api.put(path, {"fields": {"summary": "New"}}).json()["fields"]
    described = api.put(path, {"fields": {"description": bodies.document("Ours")}}).json()

    assert retitled == {"summary": "New"}
    assert len(described["fields"]["description"]["content"]) == 2


def test_a_rule_ends(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.automate("Definition of done")
    cloud.control.automate("Definition of done", on=False)

    key = api.post("/issue", bodies.issue(description=bodies.document("Ours"))).json()["key"]

    assert words_of(cloud, key) == ["Ours"]


def test_jira_may_give_every_block_an_id(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.set(local_ids=True)

    key = api.post("/issue", bodies.issue(description=rich("Ours"))).json()["key"]

    heading, paragraph = cloud.control.issue(key)["fields"]["description"]["content"]
    assert heading["attrs"]["level"] == 2
    assert heading["attrs"]["localId"] != paragraph["attrs"]["localId"]
    assert "attrs" not in paragraph["content"][0]


@pytest.mark.parametrize("in_plain", [False, True])
def test_an_unreadable_text_is_refused_without_a_field(
    cloud: RunningJiraCloud, api: Api, in_plain: bool
) -> None:
    cloud.control.choke("unreadable", in_plain=in_plain)

    answer = api.post("/issue", bodies.issue(description=rich("An unreadable text")))
    plain = api.post("/issue", bodies.issue(description=bodies.document("An unreadable text")))

    assert answer.status_code == 400
    assert answer.json() == {"errorMessages": ["INVALID_INPUT"], "errors": {}}
    assert plain.status_code == (400 if in_plain else 201)
    assert api.post("/issue", bodies.issue(description=rich("A readable"))).status_code == 201


def test_an_unreadable_text_refuses_a_bulk_as_a_whole(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.choke("unreadable")
    good = bodies.issue(description=rich("Good"))

    answer = api.post("/issue/bulk", bulk(good, bodies.issue(description=rich("unreadable"))))

    assert answer.status_code == 400
    assert answer.json() == {"errorMessages": ["INVALID_INPUT"], "errors": {}}
    assert cloud.control.issues() == []


def test_an_unreadable_text_refuses_an_edit(cloud: RunningJiraCloud, api: Api) -> None:
    key = api.post("/issue", bodies.issue()).json()["key"]
    cloud.control.choke("unreadable")

    path, text = f"/issue/{key}", rich("unreadable")
    answer = api.put(path, {"fields": {"summary": "New", "description": text}})
    under_update = api.put(path, {"update": {"description": [{"set": text}]}})

    assert answer.json() == under_update.json()
    assert answer.json() == {"errorMessages": ["INVALID_INPUT"], "errors": {}}
    assert cloud.control.issue(key)["fields"]["summary"] == "Fix the build"


def test_a_bulk_may_be_too_large_as_a_whole(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.set(largest_bulk=500)

    answer = api.post("/issue/bulk", bulk(*[bodies.issue(description=rich("x" * 100))] * 4))

    assert answer.status_code == 413
    assert answer.json()["errors"] == {}
    assert cloud.control.issues() == []
    assert api.post("/issue/bulk", bulk(bodies.issue())).status_code == 201
