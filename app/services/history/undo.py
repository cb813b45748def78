"""Taking back a change of where action items go, while it still stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, JiraConnection, Organization, ProjectMapping, User
from app.services import audit
from app.services.errors import UnpackError
from app.services.fields import switches
from app.services.grants.asking import require_connection, usable_connection
from app.services.history.changed_fields import (
    Change,
    Chosen,
    StatusChosen,
    Switched,
    Value,
    Valued,
    changes_of,
    decides_mapping,
    value_changes_of,
    went_with,
)
from app.services.history.subjects import UNDONE
from app.services.owed import metadata_reads
from app.services.settings import project_choices, save, save_values, status_choices
from app.services.settings.drafts import (
    DEFAULT,
    Draft,
    StatusChoice,
    mappings_on_site,
    saved_draft,
    wanted_statuses,
)
from app.services.settings.project_choices import Judged, Problem


class Fit(StrEnum):
    """Whether the setting still is what the change made it.

    NO_MAPPING: it is, but what it was a part of is not there, and brings it back with itself.
    """

    STILL = "still"
    CHANGED_SINCE = "changed-since"
    OTHER_SITE = "other-site"
    NOT_CONNECTED = "not-connected"
    NO_MAPPING = "no-mapping"


class NoLongerFits(UnpackError):
    sentence = "It was changed again meanwhile, so nothing was undone."


@dataclass(frozen=True)
class Present:
    """What is saved now, and which site was connected when which change was recorded.

    draft: None while Jira is not connected. sites: cloud ids by the ids of the records of
    connecting, ascending. values: by slot its field values, as the history keeps them.
    """

    draft: Draft | None
    cloud_id: str
    sites: Mapping[int, str]
    values: Mapping[int, Mapping[str, Any]] = field(default_factory=dict)

    def fit_of(self, event_id: int, change: Change) -> Fit:
        """Whether the change of that record still stands."""
        if self.draft is None:
            return Fit.NOT_CONNECTED
        if self._site_at(event_id) not in {None, self.cloud_id}:
            return Fit.OTHER_SITE
        if self.value_of(change) != change.after:
            return Fit.CHANGED_SINCE
        if isinstance(change, StatusChosen | Valued) and change.slot not in self.values:
            return Fit.NO_MAPPING
        return Fit.STILL

    def value_of(self, change: Change) -> Value:
        """What the changed setting is now."""
        assert self.draft is not None
        if isinstance(change, StatusChosen):
            return self.draft.statuses.get(change.slot, StatusChoice()).of(change.when)
        if isinstance(change, Valued):
            kept: Mapping[str, Any] = self.values.get(change.slot, {}).get("values", {})
            value: Mapping[str, Any] | None = kept.get(change.field_id)
            return value
        if isinstance(change, Chosen):
            return self.draft.choice(change.slot)
        return self.draft.overrides

    def undone(self, change: Chosen | Switched | StatusChosen) -> Draft:
        """What is saved, but for the change."""
        assert self.draft is not None
        if isinstance(change, Chosen):
            choices = {**self.draft.choices, change.slot: change.before}
            statuses = dict(self.draft.statuses)
            statuses.pop(change.slot, None)  # of the other project
            return replace(self.draft, choices=choices, statuses=statuses)
        if isinstance(change, StatusChosen):
            chosen = self.draft.statuses.get(change.slot, StatusChoice())
            before = replace(chosen, **{change.when: change.before})
            return replace(self.draft, statuses={**self.draft.statuses, change.slot: before})
        return replace(self.draft, overrides=change.before)

    def _site_at(self, event_id: int) -> str | None:
        until = [cloud_id for known, cloud_id in self.sites.items() if known < event_id]
        return until[-1] if until else None


def present_of(organization: Organization) -> Present:
    """What stands now, read once for any number of changes."""
    connection = usable_connection(organization)
    if connection is None:
        return Present(None, "", {})
    return _present(organization, connection)


def undoable(event: AuditEvent, part: str) -> Change | None:
    """The field of a recorded change that is named `part`, if it is one that can be undone."""
    if event.action not in _CHANGES:
        return None
    found = (each for each in _CHANGES[event.action](event.details) if each.part == part)
    return next((each for each in found if decides_mapping(each)), None)


def ask(connection: JiraConnection, change: Change) -> None:
    """Have what Jira has today of the earlier choice read, unless that was done a moment ago."""
    if not isinstance(change, Chosen) or not change.before.project_id:
        return
    fetched_at = connection.projects_fetched_at
    if fetched_at is None or utcnow() - fetched_at > metadata_reads.PROJECTS_STAY_FRESH:
        metadata_reads.want_projects(connection)
    metadata_reads.want_types(connection, [change.before.project_id])


def judged(connection: JiraConnection, change: Change) -> Judged:
    """What the earlier choice comes to in Jira today, as far as our rows know; None: no choice."""
    if not isinstance(change, Chosen) or not change.before.project_id:
        return None
    return project_choices.judge(connection, {change.slot: change.before})[change.slot]


def is_coming(connection: JiraConnection, change: Change) -> bool:
    """Whether Jira is being asked about the earlier choice right now."""
    if not isinstance(judged(connection, change), Problem) or not isinstance(change, Chosen):
        return False
    project = project_choices.Choices(connection).projects.get(change.before.project_id)
    return project is not None and project.types_coming and not project.types_known


def undo(
    organization: Organization, user: User, event: AuditEvent, change: Change, now: datetime
) -> None:
    """Save what was there before the change; `now` is aware UTC. It is recorded as a change, too.

    Raises `NoLongerFits`, and what saving the settings raises: `SettingsInvalid` where Jira does
    not have it any more, `PlanWithoutJira`, `JiraNotConnected`.
    """
    connection = require_connection(organization, locked=True)  # so nobody saves in between
    present = _present(organization, connection)
    if present.fit_of(event.id, change) is not Fit.STILL:
        raise NoLongerFits
    if isinstance(change, Valued):
        _undo_value(organization, user, connection, change, now)
    else:
        save.save(organization, user, _wanted(connection, present, event, change), now)
        if isinstance(change, Chosen) and change.slot not in present.values:
            _bring_values_back(organization, user, connection, event, change, now)
    came_back = _came_back(organization, connection, event, change)
    for part in [change.part, *came_back]:
        audit.record(organization, user, UNDONE, at=now, event=event.id, part=part)


def _wanted(
    connection: JiraConnection,
    present: Present,
    event: AuditEvent,
    change: Chosen | Switched | StatusChosen,
) -> Draft:
    """What is saved, but for the change; with the statuses that went along, where Jira has them."""
    assert present.draft is not None
    draft = present.undone(change)
    kept = event.details["before"].get("statuses", {}).get(change.part, ())
    if not isinstance(change, Chosen) or not change.before.project_id or not kept:
        return draft
    chosen = StatusChoice(*kept)
    with_them = replace(draft, statuses={**draft.statuses, change.slot: chosen})
    wanted = wanted_statuses(with_them, present.draft)
    refused = status_choices.errors_of(connection, with_them, present.draft, wanted)
    gone = {when: "" for slot, when in refused if slot == change.slot}
    return replace(draft, statuses={**draft.statuses, change.slot: replace(chosen, **gone)})


def _bring_values_back(
    organization: Organization,
    user: User,
    connection: JiraConnection,
    event: AuditEvent,
    change: Chosen,
    now: datetime,
) -> None:
    """Save the values again that went with the mapping, which is there again."""
    kept = event.details["before"].get("values", {}).get(change.part)
    if kept is None:
        return
    _read_mappings_anew(connection)
    mapping = mappings_on_site(connection).get(change.slot)
    if mapping is not None:
        save_values.restore(organization, user, connection, mapping, kept, now)


def _came_back(
    organization: Organization, connection: JiraConnection, event: AuditEvent, change: Change
) -> list[str]:
    """What went with the project, and now is as it was before, too."""
    went = went_with(event.details, change)
    if not went:
        return []
    _read_mappings_anew(connection)
    present = _present(organization, connection)
    return [each.part for each in went if present.value_of(each) == each.before]


def _read_mappings_anew(connection: JiraConnection) -> None:
    db.session.flush()
    db.session.expire(connection, ["mappings"])


def _present(organization: Organization, connection: JiraConnection) -> Present:
    draft = saved_draft(organization, switches.taken_over(organization.settings))
    connects = db.session.execute(
        select(AuditEvent.id, AuditEvent.details)
        .where(
            AuditEvent.organization_id == organization.id,
            AuditEvent.action.in_(["jira.connected", "jira.reconnected"]),
        )
        .order_by(AuditEvent.id)
    )
    sites = {event_id: details["cloud_id"] for event_id, details in connects}
    mappings = db.session.scalars(
        select(ProjectMapping)
        .where(ProjectMapping.is_on_site_of(connection))
        .options(selectinload(ProjectMapping.values))
    )
    values = {row.team_id or DEFAULT: save_values.described(row) for row in mappings}
    return Present(draft, connection.cloud_id, sites, values)


def _undo_value(
    organization: Organization,
    user: User,
    connection: JiraConnection,
    change: Valued,
    now: datetime,
) -> None:
    rows = {row.team_id or DEFAULT: row for row in connection.mappings}
    mapping = rows.get(change.slot)
    if mapping is None:
        raise NoLongerFits
    kept = save_values.described(mapping)
    if change.before is None:
        del kept["values"][change.field_id]
    else:
        kept["values"][change.field_id] = change.before
    save_values.restore(organization, user, connection, mapping, kept, now)


_CHANGES = {
    "jira.settings-saved": changes_of,
    "jira.field-values-saved": value_changes_of,
}
