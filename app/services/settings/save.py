"""Saving what an organization chose for Jira. Needs no answer from Jira: the check is owed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    CheckState,
    JiraConnection,
    JiraSettings,
    Organization,
    ProjectMapping,
    User,
)
from app.services import audit
from app.services.fields import switches
from app.services.fields.table import TAKEN_OVER
from app.services.grants.asking import require_connection
from app.services.owed import metadata_reads, pushes, webhook_upkeep
from app.services.settings.drafts import (
    DEFAULT,
    Choice,
    Draft,
    Returning,
    changed_slots,
    differs,
    saved_draft,
)
from app.services.settings.project_choices import Choices

Errors = Mapping[tuple[int, str], str]


class SettingsInvalid(Exception):
    """What keeps a draft from being saved: a sentence by slot and part, `project` or `type`."""

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


def save(organization: Organization, user: User, draft: Draft) -> None:
    """Save the draft and owe a check of whatever changed.

    Raises `SettingsInvalid`, `SavedMeanwhile`, `PlanWithoutJira` and `JiraNotConnected`; nothing is
    changed then.
    """
    connection = require_connection(organization, locked=True)  # so no version is saved twice
    saved = saved_draft(organization)
    if draft.version != saved.version and differs(draft, saved):
        raise SavedMeanwhile(saved, _saved_by(organization))
    choices, changed = Choices(connection), changed_slots(draft, saved)
    if errors := _errors(choices, changed, draft):
        raise SettingsInvalid(errors)
    for slot, choice in changed.items():
        _store(connection, choices, slot, choice)
    _store_settings(organization, user, draft, saved)
    if changed:
        metadata_reads.ring(connection)
    pushes.mappings_changed(organization.id)
    if draft.returning.webhooks or saved.returning.webhooks:
        webhook_upkeep.owe_upkeep(
            connection
        )  # even if nothing changed: saving tries a failed one again


def _saved_by(organization: Organization) -> SavedBy:
    settings = organization.settings
    assert settings is not None
    assert settings.saved_at is not None
    return SavedBy(settings.saved_by.name if settings.saved_by else "Somebody", settings.saved_at)


def _errors(choices: Choices, changed: Mapping[int, Choice], draft: Draft) -> Errors:
    errors = {}
    teams_choose = draft.overrides and any(one.project_id for one in draft.choices.values())
    if not draft.choice(DEFAULT).project_id and not teams_choose:
        errors[DEFAULT, "project"] = "Choose the project that action items go to."
    for slot, choice in changed.items():
        problem = choices.problem(choice) if choice.project_id else None
        if problem is not None:
            errors[slot, problem.part] = problem.sentence
    return errors


def _store(connection: JiraConnection, choices: Choices, slot: int, choice: Choice) -> None:
    team_id = None if slot == DEFAULT else slot
    row = db.session.scalar(
        select(ProjectMapping).where(
            ProjectMapping.organization_id == connection.organization_id,
            ProjectMapping.team_id == team_id,
        )
    )
    if not choice.project_id:
        if row is not None:
            db.session.delete(row)
        return
    if row is None:
        row = ProjectMapping(organization_id=connection.organization_id, team_id=team_id)
        db.session.add(row)
    project, issue_type = choices.projects[choice.project_id], choices.type(choice)
    assert issue_type is not None  # or `_errors` had a word about it
    row.cloud_id, row.project_id = connection.cloud_id, project.id
    row.project_key, row.project_name = project.key, project.name
    row.issue_type_id, row.issue_type_name = issue_type.id, issue_type.name
    row.check_state, row.findings, row.checked_at = CheckState.OWED, [], None
    row.check_wanted_at, row.check_unasked = utcnow(), False
    row.blocked_mailed_at = None


def _store_settings(organization: Organization, user: User, draft: Draft, saved: Draft) -> None:
    settings = organization.settings
    if settings is None:
        settings = JiraSettings(organization=organization)
        db.session.add(settings)
    settings.per_team_overrides = draft.overrides
    settings.webhooks_enabled = draft.returning.webhooks
    switches.take_over(settings, draft.returning.taken_over)
    settings.version = saved.version + 1
    settings.saved_at, settings.saved_by_id = utcnow(), user.id
    audit.record(
        organization,
        user,
        "jira.settings-saved",
        before=_described(saved),
        after=_described(draft),
    )


def _described(draft: Draft) -> dict[str, object]:
    return {
        "overrides": draft.overrides,
        "choices": {
            str(slot): [choice.project_id, choice.issue_type_id]
            for slot, choice in sorted(draft.choices.items())
            if choice.project_id
        },
        "returning": _returning(draft.returning),
    }


def _returning(returning: Returning) -> dict[str, bool]:
    on = {
        field.switch.removeprefix("take_over_"): field.id in returning.taken_over
        for field in TAKEN_OVER
        if field.switch
    }
    return {"webhooks": returning.webhooks, **on}
