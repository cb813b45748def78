"""The rows of the settings form: a choice, what can be chosen, and what the last check said."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.extensions import db
from app.models import (
    JiraConnection,
    JiraProject,
    Organization,
    ProjectMapping,
    Team,
    WorkKind,
)
from app.services.fields import switches
from app.services.mapping.checks import FindingCode
from app.services.metadata import owed
from app.services.settings.drafts import (
    DEFAULT,
    NOTHING,
    Choice,
    Draft,
    changed_slots,
    mappings_elsewhere,
    mappings_on_site,
    saved_draft,
)
from app.services.settings.project_choices import Choices, ProjectOption, TypeOption

PATIENCE = timedelta(minutes=1)
MOST_OPTIONS = 5000


@dataclass(frozen=True)
class Slot:
    """One row of the form. `mapping` is what is saved for it, `former` what was on another site.

    `project` and `issue_type` are what the draft chooses, also where Jira has them no more
    (`project_gone`, `type_gone`).
    """

    number: int
    team: Team | None
    choice: Choice
    changed: bool
    mapping: ProjectMapping | None
    former: ProjectMapping | None
    project: ProjectOption | None
    project_gone: bool
    types: Sequence[TypeOption]
    issue_type: TypeOption | None
    type_gone: bool
    types_coming: bool

    @property
    def gone_words(self) -> str:
        """Why the chosen project is in no list: lists leave archived ones out, too."""
        found = self.checked.findings if self.checked else []
        archived = any(each["code"] == FindingCode.PROJECT_ARCHIVED for each in found)
        return "archived" if archived else "gone"

    @property
    def checked(self) -> ProjectMapping | None:
        """The saved mapping, when the draft is still the same choice."""
        return None if self.changed else self.mapping


@dataclass(frozen=True)
class Form:
    """All rows of the form, and what they are filled in from."""

    draft: Draft
    saved: Draft
    default: Slot
    teams: Sequence[Slot]
    projects: Sequence[ProjectOption]

    @property
    def lists_all(self) -> bool:
        """Whether each team's list holds every project; a page of many thousands is of no use."""
        return len(self.projects) * len(self.slots) <= MOST_OPTIONS

    def governing(self, slot: Slot) -> ProjectMapping | None:
        """The saved mapping that `slot` follows; None when what it chooses is not saved."""
        own = slot.choice.project_id and (slot.changed or slot.checked)
        return slot.checked if own else self.default.checked

    @property
    def slots(self) -> list[Slot]:
        return [self.default, *self.teams]


def form_of(
    organization: Organization, connection: JiraConnection, draft: Draft | None = None
) -> Form:
    """The form as `draft` fills it in, else as it is saved."""
    saved = saved_draft(organization, switches.taken_over(organization.settings))
    draft = draft or saved
    choices = Choices(connection)
    mappings, former = mappings_on_site(connection), mappings_elsewhere(connection)
    changed = changed_slots(draft, saved)

    def slot(number: int, team: Team | None) -> Slot:
        choice = draft.choice(number) if number in draft.choices else saved.choice(number)
        return _slot(
            number,
            team,
            choice,
            number in changed,
            mappings.get(number),
            former.get(number),
            choices,
        )

    return Form(
        draft=draft,
        saved=saved,
        default=slot(DEFAULT, None),
        teams=[slot(team.id, team) for team in organization.teams],
        projects=list(choices.projects.values()),
    )


def news_of(connection: JiraConnection, draft: Draft | None = None) -> str:
    """A token that changes whenever Jira's part of the form does: a poll that knows it gets 204.

    With `draft` it also changes with what is filled in, so that a swap that a browser had to leave
    out is made up for.
    """
    newest = db.session.execute(
        select(
            func.max(JiraProject.types_fetched_at),
            func.max(JiraProject.types_wanted_at),
            func.count(),
        ).where(JiraProject.connection_id == connection.id)
    ).one()
    checks = [
        (slot, row.check_state, row.checked_at, row.check_wanted_at, row.project_key)
        for slot, row in sorted(mappings_on_site(connection).items())
    ]
    reading = connection.works[WorkKind.METADATA]
    own = (
        connection.state,
        connection.generation,
        connection.paused_until,
        connection.suspension and connection.suspension.since,
        connection.projects_fetched_at,
        reading.due_at,
        reading.error,
        reading.not_before,
    )
    facts = (own, tuple(newest), checks, filled_in(draft) if draft else None)
    return _digest(*facts)


def poll_seconds(connection: JiraConnection, now: datetime) -> int | None:
    """How often the page asks for news; None when there is nothing to wait for.

    Every second at first; every five once Jira, or whoever should ask it, has been silent a while.
    """
    if not owed.something_is_owed(connection):
        return None
    since = owed.owed_since(connection)
    waiting_long = since is not None and now - since > PATIENCE
    return 5 if waiting_long or connection.works[WorkKind.METADATA].error else 1


def filled_in(draft: Draft) -> str:
    """A token of what is filled in."""
    chosen = [(slot, draft.choice(slot)) for slot in sorted(draft.choices)]
    slots = [(slot, one) for slot, one in chosen if one != NOTHING]
    return _digest(draft.version, draft.overrides, slots)


def _slot(
    number: int,
    team: Team | None,
    choice: Choice,
    changed: bool,
    mapping: ProjectMapping | None,
    former: ProjectMapping | None,
    choices: Choices,
) -> Slot:
    project = choices.projects.get(choice.project_id)
    types = choices.types(choice.project_id) if choice.project_id else []
    issue_type = choices.type(choice) if choice.issue_type_id else None
    gone = choices.loaded and project is None and bool(choice.project_id)
    own = mapping if mapping and mapping.project_id == choice.project_id else None
    if project is None and own is not None:
        project = ProjectOption(own.project_id, own.project_key, own.project_name, True)
    # Who may not create is shown no types at all: that is no word on any of them.
    known = project is not None and project.types_known and project.may_create
    type_gone = known and issue_type is None and bool(choice.issue_type_id) and not changed
    if issue_type is None and own is not None and not changed:
        issue_type = TypeOption(own.issue_type_id, own.issue_type_name)
    return Slot(
        number=number,
        team=team,
        choice=choice,
        changed=changed,
        mapping=mapping,
        former=former,
        project=project,
        project_gone=gone,
        types=types,
        issue_type=issue_type,
        type_gone=type_gone,
        types_coming=bool(project and project.types_coming),
    )


def _digest(*facts: object) -> str:
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]
