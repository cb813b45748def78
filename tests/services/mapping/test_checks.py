"""The judgement of a project and type, case by case."""

import pytest

from app.models import CheckState
from app.services.fields.table import SYNCED_FIELDS
from app.services.mapping.checks import (
    BROWSE,
    CREATE,
    Finding,
    FindingCode,
    ScreenField,
    SeenType,
    blocking_finding,
    denied_by,
    findings,
    lacking,
    of_screen,
)

ALL = {BROWSE: True, CREATE: True}
USUAL = ("project", "issuetype", "reporter", *(field.id for field in SYNCED_FIELDS))


def field(id: str, *, required: bool = False, default: bool = False) -> ScreenField:
    return ScreenField(id, f"Field {id}", required, default)


def a_type(*fields: ScreenField, without: str = "", level: int = 0) -> SeenType:
    usual = [field(id) for id in USUAL if id != without and id not in {one.id for one in fields}]
    return SeenType(subtask=level < 0, hierarchy_level=level, fields=[*usual, *fields])


@pytest.mark.parametrize(
    ("permissions", "issue_type", "state", "found"),
    [
        (ALL, a_type(), CheckState.READY, []),
        ({BROWSE: False, CREATE: False}, None, CheckState.BLOCKED, [FindingCode.PROJECT_GONE]),
        ({BROWSE: True, CREATE: False}, None, CheckState.BLOCKED, [FindingCode.MAY_NOT_CREATE]),
        ({}, a_type(), CheckState.BLOCKED, [FindingCode.PROJECT_GONE]),
        (ALL, None, CheckState.BLOCKED, [FindingCode.TYPE_GONE]),
        (ALL, a_type(level=-1), CheckState.BLOCKED, [FindingCode.NEEDS_PARENT]),
        (ALL, a_type(level=1), CheckState.BLOCKED, [FindingCode.GROUPS_ISSUES]),
        (ALL, a_type(without="duedate"), CheckState.LIMITED, ["no-due-date"]),
        (ALL, a_type(without="assignee"), CheckState.LIMITED, ["no-assignee"]),
        (ALL, a_type(without="description"), CheckState.LIMITED, ["no-description"]),
        (ALL | {"SCHEDULE_ISSUES": False}, a_type(), CheckState.LIMITED, ["may-not-set"]),
        (ALL | {"ASSIGN_ISSUES": False}, a_type(), CheckState.LIMITED, ["may-not-set"]),
        (ALL | {"EDIT_ISSUES": False}, a_type(), CheckState.LIMITED, ["may-not-edit"]),
        (
            ALL | {"SCHEDULE_ISSUES": False},
            a_type(without="duedate"),
            CheckState.LIMITED,
            ["no-due-date"],
        ),
    ],
)
def test_each_case_has_its_state(permissions, issue_type, state, found):
    judged, list_of = findings(permissions, issue_type)

    assert judged is state
    assert [one.code for one in list_of] == found


def test_an_archived_project_is_no_matter_of_a_permission():
    judged = findings({BROWSE: True, CREATE: False}, None, archived=True)

    assert judged == (CheckState.BLOCKED, [Finding(FindingCode.PROJECT_ARCHIVED)])


@pytest.mark.parametrize("id", ["customfield_1", "duedate", "assignee", "priority"])
def test_a_required_field_that_may_stay_empty_blocks_and_is_named(id):
    state, found = findings(ALL, a_type(field(id, required=True)))

    assert state is CheckState.BLOCKED
    assert found == [Finding(FindingCode.REQUIRED_FIELDS, (f"Field {id}",))]


@pytest.mark.parametrize("id", ["summary", "description", "reporter", "project", "issuetype"])
def test_a_required_field_that_is_always_filled_does_not_block(id):
    assert findings(ALL, a_type(field(id, required=True)))[0] is CheckState.READY


def test_a_required_field_with_a_default_does_not_block():
    assert findings(ALL, a_type(field("x", required=True, default=True)))[0] is CheckState.READY


def test_several_limits_are_all_said():
    left = [field(id) for id in USUAL if id not in {"description", "duedate", "assignee"}]
    bare = SeenType(subtask=False, hierarchy_level=0, fields=left)

    state, found = findings(ALL, bare)

    assert state is CheckState.LIMITED
    assert len(found) == 3


def test_a_finding_is_kept_and_read_back() -> None:
    finding = Finding(FindingCode.REQUIRED_FIELDS, ("Team", "Risk"))

    assert finding.as_json() == {"code": "required-fields", "fields": ["Team", "Risk"]}
    assert Finding.kept(finding.as_json()) == finding


def test_fields_that_the_account_may_not_set_are_named() -> None:
    denied = findings(ALL | {"SCHEDULE_ISSUES": False, "EDIT_ISSUES": False}, a_type())

    assert denied.findings == [
        Finding(FindingCode.MAY_NOT_SET, ("due date",)),
        Finding(FindingCode.MAY_NOT_EDIT),
    ]
    assert denied_by(denied.findings) == {"duedate"}
    assert denied_by([Finding(FindingCode.REQUIRED_FIELDS, ("due date",))]) == frozenset()


def test_what_no_issue_gets_is_what_is_missing_or_denied() -> None:
    found = [Finding("no-due-date"), Finding(FindingCode.MAY_NOT_SET, ("assignee",))]

    assert [field.id for field in lacking(found)] == ["assignee", "duedate"]
    assert lacking([Finding(FindingCode.TYPE_GONE)]) == []


def test_a_screen_is_judged_by_what_it_lacks() -> None:
    assert of_screen(None) == (CheckState.READY, [])
    assert of_screen(USUAL) == (CheckState.READY, [])
    assert of_screen([id for id in USUAL if id != "duedate"]) == (
        CheckState.LIMITED,
        [Finding("no-due-date")],
    )


def test_a_subtask_needs_a_parent_whatever_its_level() -> None:
    assert blocking_finding(SeenType(subtask=True, hierarchy_level=0)) == Finding(
        FindingCode.NEEDS_PARENT
    )


def test_a_subtask_whose_screen_has_its_parent_may_be_chosen() -> None:
    parent = ScreenField("parent", "Parent", required=True, has_default=False, supported=True)

    assert blocking_finding(a_type(parent, level=-1)) is None
    assert findings(ALL, a_type(parent, level=-1)).findings == [
        Finding(FindingCode.VALUES_MISSING, ("Parent",))
    ]
