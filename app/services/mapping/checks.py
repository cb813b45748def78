"""Whether action items can become issues of a project and type. Pure: no rows, no requests."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any, NamedTuple

from app.models import CheckState
from app.models.issue_status import DONE
from app.services.field_values.leaving_values import ChosenValue, chosen_ids, permission_for
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import SYNCED_FIELDS, field_missing, missing_on

BROWSE, CREATE, EDIT = "BROWSE_PROJECTS", "CREATE_ISSUES", "EDIT_ISSUES"
TRANSITION = "TRANSITION_ISSUES"
PARENT = "parent"  # the field, and the kind of a value of it
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
    VALUES_MISSING = "values-missing"  # an admin can fill in what the type demands
    # Issues are created all the same.
    MAY_NOT_EDIT = "may-not-edit"
    MAY_NOT_SET = "may-not-set"
    MAY_NOT_MOVE = "may-not-move"
    VALUES_NOT_SENT = "values-not-sent"  # the type has not got the field that was filled in
    VALUES_GONE = "values-gone"  # what was chosen is not in Jira any more
    PARENT_DONE = "parent-done"


@dataclass(frozen=True)
class Finding:
    """Something that stands in the way, or that an issue will lack.

    `fields` are Jira's names, of MAY_NOT_SET what we call them.
    """

    code: str
    fields: tuple[str, ...] = ()

    @classmethod
    def kept(cls, stored: Mapping[str, Any]) -> "Finding":
        """What a mapping has kept as JSON."""
        return cls(stored["code"], tuple(stored["fields"]))

    def as_json(self) -> dict[str, Any]:
        """As a mapping keeps it; `kept` reads it back."""
        return {"code": str(self.code), "fields": list(self.fields)}


@dataclass(frozen=True)
class ScreenField:
    """A field of a create screen, as far as it matters here.

    supported: Unpack can fill it. fingerprint: what it is. offered: the ids of what may be chosen
    in it; None: not known, or no list.
    """

    id: str
    name: str
    required: bool
    has_default: bool
    supported: bool = False
    fingerprint: str = ""
    offered: frozenset[str] | None = None

    @property
    def demanded(self) -> bool:
        """Whether no issue is created without it, and nothing fills it by itself."""
        return self.required and not self.has_default and self.id not in ALWAYS_FILLED


@dataclass(frozen=True)
class SeenType:
    """What is known of an issue type. `fields` is None while its screen was not read."""

    subtask: bool
    hierarchy_level: int
    fields: Sequence[ScreenField] | None = None

    @property
    def is_below(self) -> bool:
        """Whether its issues are parts of others, such as sub-tasks."""
        return self.subtask or self.hierarchy_level < 0


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
    values: Sequence[ChosenValue] = (),
    parents: Mapping[str, str | None] = MappingProxyType({}),
) -> CheckResult:
    """Judge a mapping by what Jira said just now; `issue_type` is None where it does not exist.

    archived: the project is, so that nobody may create there. moves: what is completed or reopened
    here moves its issue. values: what else the mapping sends. parents: by the ids of issues that
    were looked at as parents, the category of their status; None: it is not there any more.
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
    fields = {field.id: field for field in issue_type.fields or ()}
    filled = {each.field_id for each in values if _fits(each, fields)}
    missing = [each.name for each in fields.values() if each.demanded and each.id not in filled]
    if missing:
        return blocked_by(Finding(FindingCode.VALUES_MISSING, tuple(missing)))
    limits = [
        *of_screen(fields.keys()).findings,
        *_denied(permissions, fields.keys(), values),
        *_not_sent(values, fields, parents),
    ]
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


def _fits(value: ChosenValue, fields: Mapping[str, ScreenField]) -> bool:
    """Whether it can be sent: the type has the field as it was chosen, and it is filled in."""
    field = fields.get(value.field_id)
    there = field is not None and field.fingerprint == value.fingerprint
    return there and value.value is not None


def _not_sent(
    values: Sequence[ChosenValue],
    fields: Mapping[str, ScreenField],
    parents: Mapping[str, str | None],
) -> Iterable[Finding]:
    absent = tuple(each.name for each in values if each.value and not _fits(each, fields))
    gone = tuple(
        each.name
        for each in values
        if _fits(each, fields) and _is_gone(each, fields[each.field_id].offered, parents)
    )
    done = tuple(
        each.value["label"]
        for each in values
        if _fits(each, fields) and _category_of(each, parents) == DONE
    )
    if absent:
        yield Finding(FindingCode.VALUES_NOT_SENT, absent)
    if gone:
        yield Finding(FindingCode.VALUES_GONE, gone)
    if done:
        yield Finding(FindingCode.PARENT_DONE, done)


def _is_gone(
    value: ChosenValue, offered: frozenset[str] | None, parents: Mapping[str, str | None]
) -> bool:
    if offered is not None:
        return not chosen_ids(value.value) <= offered
    return value.kind == PARENT and parents.get(value.value["id"], "") is None


def _category_of(value: ChosenValue, parents: Mapping[str, str | None]) -> str | None:
    return parents.get(value.value["id"]) if value.kind == PARENT else None


def _denied(
    permissions: Mapping[str, bool], on_screen: Collection[str], values: Sequence[ChosenValue] = ()
) -> list[Finding]:
    """What the account may not do with issues that it may create; unasked counts as allowed."""
    names = tuple(
        field.name
        for field in SYNCED_FIELDS
        if field.permission
        and field.is_on(on_screen)
        and not permissions.get(field.permission, True)
    )
    names += tuple(
        each.name
        for each in values
        if (needed := permission_for(each)) and not permissions.get(needed, True)
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
    if issue_type.is_below and not _may_have_parent(issue_type):
        return Finding(FindingCode.NEEDS_PARENT)
    if issue_type.hierarchy_level > 0:
        return Finding(FindingCode.GROUPS_ISSUES)
    names = unfillable(issue_type.fields or ())
    return Finding(FindingCode.REQUIRED_FIELDS, tuple(names)) if names else None


def _may_have_parent(issue_type: SeenType) -> bool:
    """Whether its screen demands a parent, so that one is chosen before anything is sent."""
    return any(field.id == PARENT and field.demanded for field in issue_type.fields or ())


def unfillable(fields: Iterable[ScreenField]) -> list[str]:
    """The names of fields that Jira demands and nobody can fill in here."""
    return [each.name for each in fields if each.demanded and not each.supported]
