"""Writes down what Jira told of its metadata, or why it told nothing."""

import logging
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError, JiraUnauthorized
from app.jira.types import Field, IssueType, Project
from app.models import (
    CheckState,
    JiraConnection,
    JiraIssueType,
    JiraProject,
    JiraWork,
    ProjectMapping,
    WorkKind,
)
from app.services import back_offs
from app.services.field_values.field_kinds import kind_of
from app.services.fields.synced_field import SyncedField
from app.services.fields.table import ASSIGNEE
from app.services.grants import clients, pauses, site_names, verdicts
from app.services.mapping import active_sprints, checks, screens, sent_values
from app.services.mapping.checks import CheckResult, Finding, ScreenField, SeenType
from app.services.metadata.owed import Wanted, WantedProject
from app.services.metadata.read import Answer, ProjectList, SeenProject, SeenSprints
from app.services.outbound import connection_state, found_again
from app.services.outbound.found_again import Settable
from app.services.people import lookups
from app.services.people.lookups import SeenPerson
from app.services.webhooks import owed as webhooks_owed
from app.services.work import leases
from app.services.work.leases import Lease

log = logging.getLogger(__name__)


def record(lease: Lease, wanted: Wanted, answer: Answer) -> None:
    """Write down what was read, unless somebody reconnected or took over meanwhile."""
    connection = leases.hold_for(lease)
    if connection is None:
        return
    if isinstance(answer, SeenSprints) and answer.sprints is None:
        return  # nothing was answered, so no outage has ended
    connection.works[WorkKind.METADATA].settle()
    connection_state.end_outage(connection)
    if isinstance(answer, ProjectList):
        _record_projects(connection, answer)
    elif isinstance(answer, SeenPerson):
        lookups.record(connection, answer)
    elif isinstance(answer, SeenSprints):
        found = active_sprints.as_kept(answer.sprints or ())
        active_sprints.store(connection.id, answer.project_id, found)
    else:
        assert isinstance(wanted, WantedProject)
        _record_seen(connection, wanted, answer)
    db.session.flush()


def record_failure(lease: Lease, error: JiraError) -> None:
    """Say why nothing could be read, and when to try again: 10 s to 5 min, or as Jira asks.

    Where only a reconnect helps, the connection says so instead; where Jira asked to slow down, it
    is paused, as by a push, and nothing has failed.
    """
    log.warning(
        "metadata not read", extra={"connection_id": lease.connection_id, "error": str(error)}
    )
    if isinstance(error, JiraUnauthorized):
        verdicts.give_up(lease, error)
    connection = leases.hold_for(lease)
    if connection is None:
        return
    work = connection.works[WorkKind.METADATA]
    work.free()
    if pauses.pause_if_asked(connection.id, error):
        work.error = work.not_before = None
    else:
        _put_off(work, error)
    db.session.flush()


def _put_off(work: JiraWork, error: JiraError) -> None:
    work.failures += 1
    wait = back_offs.METADATA.after(work.failures)
    work.not_before = utcnow() + max(wait, back_offs.asked_wait(error))
    work.error = clients.sentence_of(error)


def _record_projects(connection: JiraConnection, answer: ProjectList) -> None:
    rows = {
        row.project_id: row
        for row in db.session.scalars(
            select(JiraProject).where(JiraProject.connection_id == connection.id)
        )
    }
    keys_before = {row.key for row in rows.values()}
    for project in answer.projects:
        row = rows.pop(project.id, None)
        if row is None:
            row = JiraProject(connection_id=connection.id, project_id=project.id)
            db.session.add(row)
        row.key, row.name = project.key, project.name
        row.may_create = project.id in answer.creatable
    for gone in rows.values():
        db.session.delete(gone)
    work = connection.works[WorkKind.METADATA]
    if work.due_at and work.due_at <= answer.asked_at:
        work.due_at = None
    connection.projects_fetched_at = utcnow()
    if answer.resolutions is not None or connection.resolutions is None:
        # A refusal says nothing against what was read before; the first one ends the asking.
        connection.resolutions = [
            {"id": each.id, "name": each.name} for each in answer.resolutions or () if each.id
        ]
    if answer.site is not None:
        site_names.follow(connection, answer.site.name, answer.site.url)
    _rename_mappings(connection, answer.projects)
    if keys_before != {project.key for project in answer.projects}:
        webhooks_owed.projects_changed(connection)


def _rename_mappings(connection: JiraConnection, projects: Iterable[Project]) -> None:
    """Keys and names change in Jira; the id is the identity."""
    by_id = {project.id: project for project in projects}
    for mapping in connection.mappings:
        if project := by_id.get(mapping.project_id):
            mapping.project_key, mapping.project_name = project.key, project.name


def _record_seen(connection: JiraConnection, wanted: WantedProject, answer: SeenProject) -> None:
    _record_types(connection, wanted.project_id, answer)
    project = db.session.scalar(
        select(JiraProject).where(
            JiraProject.connection_id == connection.id, JiraProject.project_id == wanted.project_id
        )
    )
    if project is not None:
        _record_project(project, wanted, answer)
    for mapping in connection.mappings:
        if mapping.project_id == wanted.project_id:
            _record_check(connection, mapping, wanted, answer)
    by_type = {
        type_id: frozenset(each.id for each in read) for type_id, read in answer.fields.items()
    }
    found_again.follow(connection, wanted.project_id, Settable(by_type, answer.permissions))


def _record_project(project: JiraProject, wanted: WantedProject, answer: SeenProject) -> None:
    project.may_create = answer.permissions[checks.BROWSE] and answer.permissions[checks.CREATE]
    if wanted.type_ids is not None:
        return
    project.types_fetched_at = utcnow()
    if project.types_wanted_at and project.types_wanted_at <= answer.asked_at:
        project.types_wanted_at = None


def _record_types(connection: JiraConnection, project_id: str, answer: SeenProject) -> None:
    rows = {
        row.issue_type_id: row
        for row in db.session.scalars(
            select(JiraIssueType).where(
                JiraIssueType.connection_id == connection.id,
                JiraIssueType.project_id == project_id,
            )
        )
    }
    for issue_type in answer.types:
        row = rows.get(issue_type.id)
        if row is None:
            row = JiraIssueType(
                connection_id=connection.id, project_id=project_id, issue_type_id=issue_type.id
            )
            db.session.add(row)
        row.name, row.subtask = issue_type.name, issue_type.subtask
        row.hierarchy_level = issue_type.hierarchy_level
        row.statuses = [
            {"id": each.id, "name": each.name, "category": each.category}
            for each in answer.statuses.get(issue_type.id, ())
            if each.category
        ]
        if (fields := answer.fields.get(issue_type.id)) is not None:
            row.fields = [screens.as_json(field) for field in fields]
            screens.store_options(connection.id, project_id, issue_type.id, fields)
            row.fields_fetched_at = utcnow()
    kept = {issue_type.id for issue_type in answer.types}
    gone = [row.id for type_id, row in rows.items() if type_id not in kept]
    db.session.execute(delete(JiraIssueType).where(JiraIssueType.id.in_(gone)))
    screens.forget_options(connection.id, project_id, {*rows} - kept)


def _record_check(
    connection: JiraConnection, mapping: ProjectMapping, wanted: WantedProject, answer: SeenProject
) -> None:
    issue_type = next((row for row in answer.types if row.id == mapping.issue_type_id), None)
    seen = _seen_type(issue_type, answer) if issue_type else None
    if seen and seen.fields is None and checks.blocking_finding(seen) is None:
        return  # chosen while the look was under way: its own check is still owed
    if _is_outdated(mapping, answer.asked_at):
        return
    default = sent_values.default_of(mapping, connection.mappings)
    result = checks.findings(
        answer.permissions,
        seen,
        archived=answer.archived,
        moves=bool(mapping.completed_status_id or mapping.reopened_status_id),
        values=sent_values.values_of(mapping, default),
        parents=answer.parents,
    )
    if _is_back(ASSIGNEE, mapping, result):
        found_again.follow_assignee(connection, mapping.project_id, mapping.issue_type_id)
    mapping.check_state = result.state
    mapping.findings = [finding.as_json() for finding in result.findings]
    mapping.checked_at = answer.asked_at
    _note_telling(mapping)
    if issue_type is not None:
        mapping.issue_type_name = issue_type.name
    if mapping.check_wanted_at and mapping.check_wanted_at <= answer.asked_at:
        mapping.check_wanted_at, mapping.check_unasked = None, False


def _is_back(field: SyncedField, mapping: ProjectMapping, result: CheckResult) -> bool:
    """Whether the check before found that issues lack the field, and this one that they do not."""
    before = checks.lacking(map(Finding.kept, mapping.findings or ()))
    blocked = result.state is CheckState.BLOCKED
    return field in before and not blocked and field not in checks.lacking(result.findings)


def _is_outdated(mapping: ProjectMapping, asked_at: datetime) -> bool:
    """Whether a create has told of the mapping since; it has had it checked again as well."""
    checked_at, wanted_at = mapping.checked_at, mapping.check_wanted_at
    return bool(checked_at and wanted_at and min(checked_at, wanted_at) > asked_at)


def _note_telling(mapping: ProjectMapping) -> None:
    """Whoever asked for a check reads the answer on the page; of a nightly one admins are told."""
    if mapping.check_state is not CheckState.BLOCKED:
        mapping.blocked_mailed_at = None
    elif not mapping.check_unasked and mapping.blocked_mailed_at is None:
        mapping.blocked_mailed_at = utcnow()


def _seen_type(issue_type: IssueType, answer: SeenProject) -> SeenType:
    fields = answer.fields.get(issue_type.id)
    screen = None if fields is None else [_screen_field(field) for field in fields]
    return SeenType(issue_type.subtask, issue_type.hierarchy_level, screen)


def _screen_field(field: Field) -> ScreenField:
    schema = screens.schema_of_field(field)
    kind = kind_of(schema)
    offered = None
    if kind is not None and kind.lists_options:
        every = screens.options_of_field(field)
        offered = frozenset(option.id for each in every for option in (each, *each.children))
    return ScreenField(
        field.id,
        field.name,
        field.required,
        field.has_default,
        supported=kind is not None,
        fingerprint=schema.fingerprint,
        offered=offered,
    )
