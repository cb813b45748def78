"""What a create tells of its mapping: where it left after the last check, it counts instead.

Who reads "May not create" beside five new issues believes neither. A check is owed all the same: it
alone names what is missing.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select

from app.clock import utcnow
from app.extensions import db
from app.models import CheckState, FailureCode, ProjectMapping
from app.queue import REFRESH_METADATA, ring_after_commit
from app.services.mapping import checks, screens
from app.services.mapping.checks import CheckResult, Finding, FindingCode
from app.services.mapping.mappings import Target
from app.services.work.leases import Lease

# What is true of a project whatever the type; the other refusals concern one type.
_OF_THE_PROJECT = {
    FailureCode.PROJECT_GONE: FindingCode.PROJECT_GONE,
    FailureCode.PROJECT_ARCHIVED: FindingCode.PROJECT_ARCHIVED,
    FailureCode.MAY_NOT_CREATE: FindingCode.MAY_NOT_CREATE,
}
_OF_THE_TYPE = {
    FailureCode.ISSUE_TYPE_GONE: FindingCode.TYPE_GONE,
    FailureCode.REQUIRED_FIELD: FindingCode.REQUIRED_FIELDS,
}
_FINDINGS = _OF_THE_PROJECT | _OF_THE_TYPE


def created(lease: Lease, targets: Collection[Target], left_at: datetime) -> None:
    """Issues were created by a request of `left_at` (aware UTC): what was blocked is not."""
    blocked = _older_than(left_at, ProjectMapping.check_state == CheckState.BLOCKED)
    of_project = ProjectMapping.project_id.in_({target.project_id for target in targets})
    rows = _held(lease, and_(blocked, of_project))
    if not rows:
        return
    by_type = {(target.project_id, target.issue_type_id): target for target in targets}
    read = screens.known(lease.connection_id, targets)
    for row in rows:
        target = by_type.get((row.project_id, row.issue_type_id))
        if target is not None:
            _believe(row, checks.of_screen(read.get(target)), left_at)
            row.blocked_mailed_at = None
        _owe_check(row)
    db.session.flush()
    ring_after_commit(lease.connection_id, REFRESH_METADATA)


def refused(lease: Lease, target: Target, code: FailureCode, left_at: datetime) -> None:
    """Jira refused to create, by a request of `left_at` (aware UTC), and `code` says why.

    Does nothing with a code that says nothing of the mapping. Should it still be blocked after the
    check, admins are told, because none of them has asked.
    """
    if code not in _FINDINGS:
        return
    concerned = and_(
        ProjectMapping.project_id == target.project_id,
        _older_than(left_at, ProjectMapping.check_state != CheckState.BLOCKED),
    )
    if code in _OF_THE_TYPE:
        concerned = and_(concerned, ProjectMapping.issue_type_id == target.issue_type_id)
    rows = _held(lease, concerned)
    for row in rows:
        _believe(row, checks.blocked_by(Finding(_FINDINGS[code])), left_at)
        _owe_check(row)
    db.session.flush()
    if rows:
        ring_after_commit(lease.connection_id, REFRESH_METADATA)


def _older_than(left_at: datetime, state: ColumnElement[bool]) -> ColumnElement[bool]:
    never = ProjectMapping.checked_at.is_(None)
    return and_(state, or_(never, ProjectMapping.checked_at < left_at))


def _held(lease: Lease, concerned: ColumnElement[bool]) -> list[ProjectMapping]:
    """The connection's mappings of which that is true, locked in one order."""
    found = select(ProjectMapping).where(ProjectMapping.is_on_site_of(lease), concerned)
    locked = found.order_by(ProjectMapping.id).with_for_update(of=ProjectMapping)
    return list(db.session.scalars(locked.execution_options(populate_existing=True)))


def _believe(row: ProjectMapping, result: CheckResult, at: datetime) -> None:
    row.check_state, row.checked_at = result.state, at
    row.findings = [finding.as_json() for finding in result.findings]


def _owe_check(row: ProjectMapping) -> None:
    """From now on, so that a check under way does not count. Who asked for one still gets it."""
    row.check_unasked = row.check_unasked or row.check_wanted_at is None
    row.check_wanted_at = utcnow()
