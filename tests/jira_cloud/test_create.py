"""Creating issues, one and many (jira-platform.md §2.4, §2.5, §3, §6)."""

from typing import Any

import pytest

from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import ENG, Api, Connect

MAYA = "5c2e4f1a9d3b7a0e6c8d1f25"


def test_an_issue_holds_what_was_sent(cloud: RunningJiraCloud, api: Api) -> None:
    body = bodies.issue(
        description=bodies.document("From the retro"),
        assignee={"accountId": MAYA},
        duedate="2026-12-01",
        labels=["retro"],
    ) | {"properties": [{"key": "unpack.action-item", "value": {"id": "a1"}}]}

    answer = api.post("/issue", body)

    assert answer.status_code == 201
    created = answer.json()
    assert created["self"].endswith(f"/ex/jira/{ENG}/rest/api/3/issue/{created['id']}")
    kept = cloud.control.issue(created["key"])
    assert kept["fields"]["summary"] == "Fix the build"
    assert kept["fields"]["assignee"] == MAYA
    assert kept["fields"]["duedate"] == "2026-12-01"
    assert kept["properties"] == {"unpack.action-item": {"id": "a1"}}


BAD_FIELDS: list[tuple[dict[str, Any], str]] = [
    ({"project": {"key": "NOPE"}}, "project"),
    ({"project": None}, "project"),
    ({"issuetype": None}, "issuetype"),
    ({"issuetype": {"id": bodies.CHANGE}}, "issuetype"),
    ({"summary": None}, "summary"),
    ({"summary": "  "}, "summary"),
    ({"summary": "x" * 256}, "summary"),
    ({"summary": "🎉" * 128}, "summary"),
    ({"summary": "two\nlines"}, "summary"),
    ({"description": "plain text"}, "description"),
    ({"description": bodies.document("")}, "description"),
    ({"description": bodies.document("x" * 32_768)}, "description"),
    ({"duedate": "2026-13-01"}, "duedate"),
    ({"duedate": "2026-12-01T00:00:00Z"}, "duedate"),
    ({"assignee": {"accountId": "nobody"}}, "assignee"),
    ({"assignee": {"accountId": "5e1c7d2f4a6b8c0d2e4f6a33"}}, "assignee"),
    ({"assignee": {"name": "maya"}}, "assignee"),
    ({"labels": ["two words"]}, "labels"),
    ({"priority": {"name": "Urgent"}}, "priority"),
    ({"reporter": {"accountId": MAYA}}, "reporter"),
    ({"customfield_99999": "x"}, "customfield_99999"),
    ({"environment": "x"}, "environment"),
]


@pytest.mark.parametrize(("fields", "name"), BAD_FIELDS)
def test_a_bad_field_is_refused_under_its_own_name(
    cloud: RunningJiraCloud, api: Api, fields: dict[str, Any], name: str
) -> None:
    answer = api.post("/issue", bodies.issue(**fields))

    assert answer.status_code == 400
    assert name in answer.json()["errors"]
    assert cloud.control.issues() == []


@pytest.mark.parametrize(
    "summary", ["x" * 255, "🎉" * 127], ids=["255 letters", "127 emoji are 254 units"]
)
def test_a_summary_of_255_units_fits(api: Api, summary: str) -> None:
    assert api.post("/issue", bodies.issue(summary=summary)).status_code == 201


def test_fields_off_the_screen_cannot_be_set(api: Api) -> None:
    late = api.post("/issue", bodies.issue("MOB", bodies.STORY, duedate="2026-12-01"))
    owned = api.post("/issue", bodies.issue("DES", bodies.ILLUSTRATION, assignee=None))

    assert "cannot be set" in late.json()["errors"]["duedate"]
    assert "cannot be set" in owned.json()["errors"]["assignee"]


@pytest.mark.parametrize(
    ("project", "kind", "field"),
    [
        ("OPS", bodies.CHANGE, "customfield_10042"),
        ("PLAT", bodies.EPIC, "customfield_10011"),
        ("PLAT", bodies.SUBTASK, "parent"),
    ],
)
def test_a_required_field_without_default_must_be_there(
    api: Api, project: str, kind: str, field: str
) -> None:
    answer = api.post("/issue", bodies.issue(project, kind))

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == [field]


def test_leaving_the_assignee_out_is_not_the_same_as_null(
    cloud: RunningJiraCloud, api: Api
) -> None:
    left_out = api.post("/issue", bodies.issue()).json()["key"]
    null = api.post("/issue", bodies.issue(assignee=None)).json()["key"]

    assert cloud.control.issue(left_out)["fields"]["assignee"] is not None
    assert cloud.control.issue(null)["fields"]["assignee"] is None


def test_some_projects_refuse_null_as_assignee(api: Api) -> None:
    assert "assignee" in api.post("/issue", bodies.issue("FIN", assignee=None)).json()["errors"]
    assert api.post("/issue", bodies.issue("FIN")).status_code == 201


@pytest.mark.parametrize("status", [400, 403])
def test_without_permission_nothing_is_created(
    cloud: RunningJiraCloud, api: Api, status: int
) -> None:
    cloud.control.set(create_denied_status=status)

    answer = api.post("/issue", bodies.issue("SEC"))

    assert answer.status_code == status
    assert "permission" in answer.json()["errorMessages"][0]
    assert cloud.control.issues() == []


@pytest.mark.parametrize(
    "body",
    [
        {"fields": {"summary": "x"}, "extra": 1},
        {"fields": []},
        {"fields": {"summary": "x"}, "properties": {"key": "a"}},
        {"fields": {"summary": "x"}, "properties": [{"key": "a"}]},
    ],
)
def test_a_payload_of_another_shape_is_invalid(api: Api, body: dict[str, Any]) -> None:
    assert api.post("/issue", body).status_code == 400


def test_a_property_has_a_short_key_and_a_value(api: Api) -> None:
    for key, value in (("k" * 256, 1), ("k", None), ("k", "x" * 32_800)):
        body = bodies.issue() | {"properties": [{"key": key, "value": value}]}
        assert api.post("/issue", body).status_code == 400


def test_bulk_answers_201_with_the_failures_inside(cloud: RunningJiraCloud, api: Api) -> None:
    updates = [bodies.issue(summary="a"), bodies.issue("NOPE"), bodies.issue(summary="c")]

    answer = api.post("/issue/bulk", {"issueUpdates": updates})

    assert answer.status_code == 201
    assert len(answer.json()["issues"]) == 2
    (error,) = answer.json()["errors"]
    assert error["failedElementNumber"] == 1
    assert error["status"] == 400
    assert "project" in error["elementErrors"]["errors"]
    assert [each["fields"]["summary"] for each in cloud.control.issues()] == ["a", "c"]


def test_bulk_answers_400_only_when_all_failed(api: Api) -> None:
    answer = api.post("/issue/bulk", {"issueUpdates": [bodies.issue("NOPE")]})

    assert answer.status_code == 400
    assert answer.json()["issues"] == []
    assert len(answer.json()["errors"]) == 1


def test_bulk_takes_fifty(cloud: RunningJiraCloud, api: Api) -> None:
    many = [bodies.issue() for _ in range(51)]

    assert api.post("/issue/bulk", {"issueUpdates": many}).status_code == 400
    assert cloud.control.issues() == []
    assert api.post("/issue/bulk", {"issueUpdates": many[:50]}).status_code == 201


def test_bulk_may_answer_in_any_order(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.set(shuffle_bulk=True)
    cloud.control.seed(1)

    issues = api.post("/issue/bulk", {"issueUpdates": [bodies.issue() for _ in range(20)]}).json()

    ids = [int(each["id"]) for each in issues["issues"]]
    assert ids != sorted(ids)
    assert sorted(ids) == list(range(min(ids), min(ids) + 20))


def test_issue_ids_repeat_on_another_site(connect: Connect) -> None:
    here = connect().post("/issue", bodies.issue()).json()
    labs = connect(cloud_id="7a4de1c0-2f6b-4c8e-8d15-90b3f2a7c6e2")
    there = labs.post("/issue", bodies.issue("LAB", "11001")).json()

    assert here["id"] == there["id"]
    assert here["key"] != there["key"]
