"""Whether action items can become issues of a project and type. Pure: no rows, no requests."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from app.models import CheckState
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import SYNCED_FIELDS, field_missing, missing_on

BROWSE, CREATE, EDIT = "BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES"
TRANSITION = "TRANSITION_ISSUES"
# All that decides about an issue, in one call (jira-platform.md §11.18).
PERMISSIONS = (
    BROWSE, CREATE, EDIT, "SCHEDULE_ISSUES", "ASSIGN_ISSUES", TRANSITION, "LINK_ISSUES",
    "MODIFY_REPORTER", "SET_ISSUE_SECURITY", "ADD_COMMENTS",
)  # fmt: skip

# What every create fills, and the reporter, whom Jira fills. An action item may lack an assignee
# or a due date, so a screen that requires one of these stands in the way (jira-platform.md §2.3).
ALWAYS_FILLED = frozenset({"project", "issuetype", "reporter"}).union(
    field.id for field in SYNCED_FIELDS if field.always_filled
)


class FindingCode(StrEnum):
    """What stands in the way. What an issue will lack has the codes of the synced fields."""

    PROJECT_GONE = "project-gone"
    PROJECT_ARCHIVED = "project-archived"
    MAY_NOT_CREATE = "may-not-create"
    TYPE_GONE = "type-gone"
    NEEDS_PARENT = "needs-parent"
    GROUPS_ISSUES = "groups-issues"
    REQUIRED_FIELDS = "required-fields"
    # Issues are created all the same.
    MAY_NOT_EDIT = "may-not-edit"
    MAY_NOT_SET = "may-not-set"
    MAY_NOT_MOVE = "may-not-move"


@dataclass(frozen=True)
class Finding:
    """Something that stands in the way, or that an issue will lack.

    `fields` are Jira's names, of MAY_NOT_SET what we call them.
    """

    code: str
    fields: tuple[str, ...] = ()

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> "Finding":
        """As a mapping keeps it."""
        return cls(stored["code"], tuple(stored["fields"]))

    def as_json(self) -> dict[str, Any]:
        return {"code": str(self.code), "fields": list(self.fields)}


@dataclass(frozen=True)
class ScreenField:
    """A field of a create screen, as far as it matters here."""

    id: str
    name: str
    required: bool
    has_default: bool


@dataclass(frozen=True)
class SeenType:
    """What is known of an issue type. `fields` is None while its screen was not read."""

    subtask: bool
    hierarchy_level: int
    fields: Sequence[ScreenField] | None = None


class CheckResult(NamedTuple):
    """What a check says of a mapping: limits that issues will lack, or what stands in the way."""

    state: CheckState
    findings: list[Finding]


def findings(
    permissions: Mapping[str, bool],
    issue_type: SeenType | None,
    *,
    archived: bool = False,
    moves: bool = False,
) -> CheckResult:
    """Judge a mapping by what Jira said just now; `issue_type` is None where it does not exist.

    archived: the project is, so that nobody may create there. moves: what is completed or reopened
    here moves its issue.
    """
    if not permissions.get(BROWSE):
        return blocked_by(Finding(FindingCode.PROJECT_GONE))
    if archived:
        return blocked_by(Finding(FindingCode.PROJECT_ARCHIVED))
    if not permissions.get(CREATE):
        return blocked_by(Finding(FindingCode.MAY_NOT_CREATE))
    if issue_type is None:
        return blocked_by(Finding(FindingCode.TYPE_GONE))
    if found := blocking_finding(issue_type):
        return blocked_by(found)
    on_screen = {field.id for field in issue_type.fields or ()}
    limits = [*of_screen(on_screen).findings, *_denied(permissions, on_screen)]
    if moves and not permissions.get(TRANSITION, True):
        limits.append(Finding(FindingCode.MAY_NOT_MOVE))
    return CheckResult(CheckState.LIMITED if limits else CheckState.READY, limits)


def denied_by(found: Iterable[Finding]) -> frozenset[str]:
    """The ids of the synced fields that the account may not set."""
    names = {name for each in found if each.code == FindingCode.MAY_NOT_SET for name in each.fields}
    return frozenset(field.id for field in SYNCED_FIELDS if field.name in names)


def lacking(found: Iterable[Finding]) -> list[SyncedField]:
    """The synced fields that no issue gets: their screen lacks them, or the account may not."""
    found = list(found)
    denied = denied_by(found)
    missing = {field.id for each in found if (field := field_missing(each.code))}
    return [field for field in SYNCED_FIELDS if field.id in denied | missing]


def _denied(permissions: Mapping[str, bool], on_screen: Collection[str]) -> list[Finding]:
    """What the account may not do with issues that it may create; unasked counts as allowed."""
    names = tuple(
        field.name
        for field in SYNCED_FIELDS
        if field.permission
        and field.is_on(on_screen)
        and not permissions.get(field.permission, True)
    )
    found = [Finding(FindingCode.MAY_NOT_SET, names)] if names else []
    return found if permissions.get(EDIT, True) else [*found, Finding(FindingCode.MAY_NOT_EDIT)]


def blocked_by(found: Finding) -> CheckResult:
    """Nothing can be created, because of what was found."""
    return CheckResult(CheckState.BLOCKED, [found])


def of_screen(fields: Collection[str] | None) -> CheckResult:
    """Issues can be created, with the fields of this screen; None: it was not read."""
    lacking = missing_on(fields) if fields is not None else []
    limits = [Finding(field.missing.code) for field in lacking if field.missing]
    return CheckResult(CheckState.LIMITED if limits else CheckState.READY, limits)


def blocking_finding(issue_type: SeenType) -> Finding | None:
    """Why no action item can be of this type, if that is so."""
    if issue_type.subtask or issue_type.hierarchy_level < 0:
        return Finding(FindingCode.NEEDS_PARENT)
    if issue_type.hierarchy_level > 0:
        return Finding(FindingCode.GROUPS_ISSUES)
    names = blocking_fields(issue_type.fields or ())
    return Finding(FindingCode.REQUIRED_FIELDS, tuple(names)) if names else None


def blocking_fields(fields: Iterable[ScreenField]) -> list[str]:
    """The names of fields that Jira demands and Unpack does not fill."""
    return [
        field.name
        for field in fields
        if field.required and not field.has_default and field.id not in ALWAYS_FILLED
    ]
