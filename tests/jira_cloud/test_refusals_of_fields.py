"""Which field is refused, and when: permission, optional or required, create or edit.

Source: jira-platform.md §11.2, §11.18.
"""

from typing import Any

import pytest

from demo.jira_cloud.catalog.fields import KINDS
from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api, Connect

MAYA = {"accountId": "5c2e4f1a9d3b7a0e6c8d1f25"}
LEVEL = {"id": str(10_068 * 10 + 5)}
TEXT = KINDS["text"].id
# By field: the permission that setting it needs, and a value; None needs only to create or edit.
FIELDS: dict[str, tuple[str | None, Any]] = {
    "duedate": ("SCHEDULE_ISSUES", "2026-12-01"),
    KINDS["sprint"].id: ("SCHEDULE_ISSUES", None),
    "assignee": ("ASSIGN_ISSUES", MAYA),
    "reporter": ("MODIFY_REPORTER", MAYA),
    "security": ("SET_ISSUE_SECURITY", LEVEL),
    TEXT: (None, "A disk"),
    "components": (None, [{"name": "API"}]),
}
PERMISSIONS = {permission for permission, _ in FIELDS.values() if permission}


@pytest.fixture
def admin(connect: Connect) -> Api:
    """Somebody who may everything, until a permission is taken away."""
    return connect("admin@acme.test")


def refused(api: Api, act: str, key: str, fields: dict[str, Any]) -> set[str]:
    """The fields that are refused when an issue is created or edited with these."""
    if act == "create":
        answer = api.post("/issue", bodies.issue("KIND", **fields))
    else:
        answer = api.put(f"/issue/{key}", {"fields": fields})
    if answer.ok:
        return set()
    assert answer.status_code == 400
    assert answer.json()["errorMessages"] == []
    return set(answer.json()["errors"])


@pytest.mark.parametrize("act", ["create", "edit"])
@pytest.mark.parametrize("required", [False, True])
@pytest.mark.parametrize("lacking", [None, *sorted(PERMISSIONS)])
@pytest.mark.parametrize("field", FIELDS)
def test_a_field_is_refused_for_lack_of_its_own_permission_alone(
    cloud: RunningJiraCloud, admin: Api, field: str, lacking: str | None, required: bool, act: str
) -> None:
    permission, value = FIELDS[field]
    value = value or cloud.control.create_sprint("KIND")["id"]
    key = admin.post("/issue", bodies.issue("KIND")).json()["key"]
    cloud.control.require_field(field, "KIND", on=required)
    if lacking:
        cloud.control.deny(lacking, "KIND")

    wrong = {field} if lacking and lacking == permission else set()

    assert refused(admin, act, key, {field: value}) == wrong
    assert refused(admin, act, key, {field: value, "summary": "two\nlines"}) == wrong | {"summary"}


@pytest.mark.parametrize("field", FIELDS)
def test_a_required_field_is_missed_on_create_and_when_it_is_emptied(
    cloud: RunningJiraCloud, admin: Api, field: str
) -> None:
    key = admin.post("/issue", bodies.issue("KIND")).json()["key"]
    cloud.control.require_field(field, "KIND")
    # Jira fills in who reports.
    left_out = set() if field == "reporter" else {field}

    assert refused(admin, "create", key, {}) == left_out
    assert refused(admin, "edit", key, {"summary": "Other"}) == set()
    assert refused(admin, "edit", key, {field: None}) == {field}


@pytest.mark.parametrize("act", ["create", "edit"])
@pytest.mark.parametrize("field", FIELDS)
def test_what_left_the_screen_is_refused_and_no_longer_required(
    cloud: RunningJiraCloud, admin: Api, field: str, act: str
) -> None:
    value = FIELDS[field][1] or cloud.control.create_sprint("KIND")["id"]
    key = admin.post("/issue", bodies.issue("KIND")).json()["key"]
    cloud.control.require_field(field, "KIND")
    cloud.control.remove_field(field, "KIND")

    assert refused(admin, act, key, {field: value}) == {field}
    assert refused(admin, act, key, {"summary": "Other"}) == set()


def test_without_permission_to_edit_every_field_is_named(
    cloud: RunningJiraCloud, admin: Api
) -> None:
    key = admin.post("/issue", bodies.issue("KIND")).json()["key"]
    cloud.control.deny("EDIT_ISSUES", "KIND")

    assert refused(admin, "edit", key, {TEXT: "x", "duedate": None}) == {TEXT, "duedate"}
    assert refused(admin, "create", key, {TEXT: "x"}) == set()
