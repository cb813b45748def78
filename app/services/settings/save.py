"""Saving what an organization chose for Jira. Needs no answer from Jira: the check is owed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.models import (
    CheckState,
    JiraConnection,
    JiraSettings,
    Organization,
    ProjectMapping,
    User,
)
from app.queue import ring_after_commit
from app.services import audit
from app.services.fields import switches
from app.services.fields.table import TAKEN_OVER
from app.services.grants.asking import require_connection
from app.services.owed import metadata_reads, pushes, webhook_upkeep
from app.services.settings import default_values, save_values, status_choices
from app.services.settings.drafts import (
    DEFAULT,
    NOTHING,
    Choice,
    Draft,
    Returning,
    changed_slots,
    differs,
    mappings_on_site,
    saved_draft,
    wanted_statuses,
)
from app.services.settings.project_choices import Chosen, Judged, Problem, judge
from app.services.settings.value_forms import ValueForm

Errors = Mapping[tuple[int, str], str]


class SettingsInvalid(Exception):
    """What keeps a draft from being saved: a sentence by slot and part.

    A part is `project`, `type`, one of `status_choices.PARTS`, or `value:` with the id of a field.
    """

    def __init__(self, errors: Errors) -> None:
        super().__init__("invalid settings")
        self.errors = errors


@dataclass(frozen=True)
class SavedBy:
    """Who saved, and when (aware UTC)."""

    name: str
    at: datetime


class SavedMeanwhile(Exception):
    """Somebody else saved other settings after the form was opened."""

    def __init__(self, saved: Draft, by: SavedBy) -> None:
        super().__init__("saved meanwhile")
        self.saved = saved
        self.by = by


def save(organization: Organization, user: User, draft: Draft, now: datetime) -> None:
    """Save the draft at `now` (aware UTC) and owe a check of whatever changed.

    Raises `SettingsInvalid`, `SavedMeanwhile`, `PlanWithoutJira` and `JiraNotConnected`; nothing is
    changed then.
    """
    connection = require_connection(organization, locked=True)  # so no version is saved twice
    saved = saved_draft(organization, switches.taken_over(organization.settings))
    if draft.version != saved.version and _differs(connection, draft, saved):
        raise SavedMeanwhile(saved, _saved_by(organization))
    changed, goes_nowhere = changed_slots(draft, saved), not draft.sends_somewhere
    wanted, rows = wanted_statuses(draft, saved), mappings_on_site(connection)
    moves = wanted != saved.statuses
    judged = judge(connection, changed)
    typed = default_values.typed_in(connection, draft, judged) if draft.values else None
    errors = _errors(judged, goes_nowhere, typed)
    if moves:
        errors = {**status_choices.errors_of(connection, draft, saved, wanted), **errors}
    if errors:
        raise SettingsInvalid(errors)
    gone = _values_that_go(rows, judged)
    for slot, choice in judged.items():
        _store(connection, slot, choice, now)
    _leave_out(organization, changed)
    _store_values(organization, user, connection, typed, now)
    if moves:
        db.session.flush()
        db.session.expire(connection, ["mappings"])
        status_choices.store(connection, wanted, now)
    _store_settings(organization, user, replace(draft, statuses=wanted), saved, gone, now)
    pushes.mappings_changed(organization.id)
    if changed:
        metadata_reads.want_people(connection, now)
    if draft.returning.webhooks or saved.returning.webhooks:
        # Even if nothing changed: saving tries a failed one again.
        webhook_upkeep.owe_upkeep(connection)
    ring_after_commit(connection.id)  # what waited because its team did not sync


def _differs(connection: JiraConnection, draft: Draft, saved: Draft) -> bool:
    typed = draft.values is not None and default_values.differ(connection, draft.values)
    return typed or differs(draft, saved)


def _saved_by(organization: Organization) -> SavedBy:
    settings = organization.settings
    assert settings is not None
    assert settings.saved_at is not None
    return SavedBy(settings.saved_by.name if settings.saved_by else "Somebody", settings.saved_at)


def _errors(judged: Mapping[int, Judged], goes_nowhere: bool, typed: ValueForm | None) -> Errors:
    errors = {
        (slot, problem.part): problem.sentence
        for slot, problem in judged.items()
        if isinstance(problem, Problem)
    }
    if goes_nowhere:
        errors.setdefault((DEFAULT, "project"), "Choose the project that action items go to.")
    return {**errors, **default_values.errors_of(typed)} if typed else errors


def _values_that_go(
    rows: Mapping[int, ProjectMapping], judged: Mapping[int, Judged]
) -> dict[str, dict[str, Any]]:
    """By slot the field values of the mappings that this saving takes away."""
    going = (slot for slot, found in judged.items() if not isinstance(found, Chosen))
    return {
        str(slot): save_values.described(rows[slot])
        for slot in going
        if slot in rows and rows[slot].values
    }


def _store(connection: JiraConnection, slot: int, choice: Judged, now: datetime) -> None:
    team_id = None if slot == DEFAULT else slot
    row = db.session.scalar(
        select(ProjectMapping).where(
            ProjectMapping.organization_id == connection.organization_id,
            ProjectMapping.team_id == team_id,
        )
    )
    if not isinstance(choice, Chosen):
        if row is not None:
            db.session.delete(row)
        return
    if row is None:
        row = ProjectMapping(organization_id=connection.organization_id, team_id=team_id)
        db.session.add(row)
    if row.cloud_id not in {None, connection.cloud_id}:
        row.values.clear()  # the same ids are other fields on another site
    project, issue_type = choice.project, choice.issue_type
    row.cloud_id, row.project_id = connection.cloud_id, project.id
    row.project_key, row.project_name = project.key, project.name
    row.issue_type_id, row.issue_type_name = issue_type.id, issue_type.name
    row.version = (row.version or 0) + 1
    row.check_state, row.findings, row.checked_at = CheckState.OWED, [], None
    row.check_wanted_at, row.check_unasked = now, False
    row.blocked_mailed_at = None


def _store_values(
    organization: Organization,
    user: User,
    connection: JiraConnection,
    typed: ValueForm | None,
    now: datetime,
) -> None:
    if typed is not None:
        db.session.flush()
        db.session.expire(connection, ["mappings"])
        save_values.store_default(organization, user, connection, typed, now)


def _leave_out(organization: Organization, changed: Mapping[int, Choice]) -> None:
    for team in organization.teams:
        if team.id in changed:
            team.do_not_sync = not changed[team.id].syncs


def _store_settings(
    organization: Organization,
    user: User,
    draft: Draft,
    saved: Draft,
    gone: Mapping[str, Any],
    now: datetime,
) -> None:
    settings = organization.settings
    if settings is None:
        settings = JiraSettings(organization=organization)
        db.session.add(settings)
    settings.per_team_overrides = draft.overrides
    settings.webhooks_enabled = draft.returning.webhooks
    if draft.returning != saved.returning:
        switches.take_over(settings, draft.returning.taken_over)
    settings.version = saved.version + 1
    settings.saved_at, settings.saved_by_id = now, user.id
    audit.record(
        organization,
        user,
        "jira.settings-saved",
        at=now,
        before={**_described(saved), **({"values": gone} if gone else {})},
        after=_described(draft),
    )


def _described(draft: Draft) -> dict[str, object]:
    return {
        "overrides": draft.overrides,
        "choices": {
            str(slot): [choice.project_id, choice.issue_type_id, *([] if choice.syncs else [False])]
            for slot, choice in sorted(draft.choices.items())
            if choice != NOTHING
        },
        "returning": _returning(draft.returning),
        "statuses": {
            str(slot): [one.completed, one.reopened, *([one.resolution] if one.resolution else [])]
            for slot, one in sorted(draft.statuses.items())
        },
    }


def _returning(returning: Returning) -> dict[str, bool]:
    on = {
        field.switch.removeprefix("take_over_"): field.id in returning.taken_over
        for field in TAKEN_OVER
        if field.switch
    }
    return {"webhooks": returning.webhooks, **on}
