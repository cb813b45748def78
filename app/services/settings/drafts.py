"""The shape of the Jira settings form: what is saved, what somebody wants, how they differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, Organization, ProjectMapping
from app.services.settings.value_rows import ValueDraft

# What stands for a project where a team's action items are not synced.
DO_NOT_SYNC = "do-not-sync"
# The slot of the organization's default; every other slot is a team's id.
DEFAULT = 0


@dataclass(frozen=True)
class Choice:
    """A project and an issue type by their ids in Jira. Empty: none, or the default's.

    syncs: otherwise neither, and the team's action items are left out.
    """

    project_id: str = ""
    issue_type_id: str = ""
    syncs: bool = True


NOTHING, LEFT_OUT = Choice(), Choice(syncs=False)


@dataclass(frozen=True)
class StatusChoice:
    """The statuses, by id, of issues whose action items are completed or reopened here.

    Empty: the issue is left as it is. resolution: by id, what goes along with `completed`; empty:
    whichever Jira suggests.
    """

    completed: str = ""
    reopened: str = ""
    resolution: str = ""

    def of(self, part: str) -> str:
        """The one for `completed`, `reopened` or `resolution`."""
        chosen: str = getattr(self, part)
        return chosen

    @classmethod
    def saved(cls, row: ProjectMapping) -> "StatusChoice":
        """What a mapping has."""
        return cls(
            row.completed_status_id or "",
            row.reopened_status_id or "",
            row.completed_resolution_id or "",
        )


@dataclass(frozen=True)
class Returning:
    """What comes back from Jira: nothing without webhooks, status with them, the rest by choice.

    taken_over: the ids of the synced fields that follow Jira.
    """

    webhooks: bool = False
    taken_over: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Draft:
    """What the form says. `version` is that of the settings it was filled in from.

    values: the default's field values; None: the form has left them out, and they stay.
    """

    version: int
    overrides: bool
    choices: Mapping[int, Choice] = field(default_factory=dict)
    returning: Returning = Returning()
    statuses: Mapping[int, StatusChoice] = field(default_factory=dict)
    values: ValueDraft | None = None

    def choice(self, slot: int) -> Choice:
        """What is chosen for the slot; nothing where nobody has chosen."""
        return self.choices.get(slot, Choice())

    @property
    def sends_somewhere(self) -> bool:
        """Whether there is a default project, or teams choose their own."""
        teams_choose = self.overrides and any(one.project_id for one in self.choices.values())
        return bool(self.choice(DEFAULT).project_id) or teams_choose


def saved_draft(organization: Organization, taken_over: frozenset[str]) -> Draft:
    """The settings as they are, in the shape of the form.

    taken_over: the ids of the fields whose switch is on.
    """
    settings = organization.settings
    connection = organization.connection
    rows = mappings_on_site(connection) if connection else {}
    left_out = [team.id for team in organization.teams if team.do_not_sync]
    return Draft(
        version=settings.version if settings else 0,
        overrides=bool(settings and settings.per_team_overrides),
        choices={
            **{slot: Choice(row.project_id, row.issue_type_id) for slot, row in rows.items()},
            **dict.fromkeys(left_out, LEFT_OUT),
        },
        returning=Returning(bool(settings and settings.webhooks_enabled), taken_over),
        statuses={
            slot: chosen
            for slot, row in rows.items()
            if (chosen := StatusChoice.saved(row)) != StatusChoice()
        },
    )


def mappings_on_site(connection: JiraConnection) -> dict[int, ProjectMapping]:
    """The mappings to the connected site by slot, whether overrides are on or not."""
    return {row.team_id or DEFAULT: row for row in connection.mappings}


def mappings_elsewhere(connection: JiraConnection) -> dict[int, ProjectMapping]:
    """The mappings to a site that was connected before: readable, and not used."""
    rows = db.session.scalars(
        select(ProjectMapping).where(
            ProjectMapping.organization_id == connection.organization_id,
            ~ProjectMapping.is_on_site_of(connection),
        )
    )
    return {row.team_id or DEFAULT: row for row in rows}


def changed_slots(draft: Draft, saved: Draft) -> dict[int, Choice]:
    """The choices that differ from what is saved. A slot that the form left out stays as it is."""
    return {slot: choice for slot, choice in draft.choices.items() if choice != saved.choice(slot)}


def status_of(draft: Draft, saved: Draft, slot: int) -> StatusChoice:
    """What is to be saved of it. A slot that the form left out stays as it is, unless its project
    or type is another: there the ids mean nothing."""
    if slot in draft.statuses:
        return draft.statuses[slot]
    other = slot in changed_slots(draft, saved)
    return StatusChoice() if other else saved.statuses.get(slot, StatusChoice())


def wanted_statuses(draft: Draft, saved: Draft) -> dict[int, StatusChoice]:
    """The same of each slot that goes somewhere; one that leaves its issues alone is absent."""
    choices, nothing = {**saved.choices, **draft.choices}, StatusChoice()
    goes = [slot for slot, choice in choices.items() if choice.project_id]
    found = {slot: status_of(draft, saved, slot) for slot in goes}
    return {slot: chosen for slot, chosen in found.items() if chosen != nothing}


def differs(draft: Draft, saved: Draft) -> bool:
    """Whether saving the draft would change anything."""
    switched = draft.overrides != saved.overrides or draft.returning != saved.returning
    moved = wanted_statuses(draft, saved) != saved.statuses
    return switched or moved or bool(changed_slots(draft, saved))
