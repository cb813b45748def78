"""Which status an issue gets when its action item is completed or reopened here: the choices.

Judged by what the last look at the project has read: a status belongs to a project and a type.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from app.models import JiraConnection, OwedCategory, ProjectMapping
from app.services.labels import Chip
from app.services.mapping.check_words import NOT_CHECKED
from app.services.mapping.checks import FindingCode
from app.services.owed import metadata_reads
from app.services.settings.drafts import (
    DEFAULT,
    Draft,
    StatusChoice,
    changed_slots,
    mappings_on_site,
    status_of,
)
from app.services.settings.form import Form, Slot
from app.services.settings.project_choices import Choices, StatusOption

READY = Chip("ready", "circle-check", "Ready")
MAY_NOT_MOVE = Chip("limited", "alert-triangle", "May not move")
COMPLETED, REOPENED = "completed", "reopened"
CATEGORIES = {COMPLETED: OwedCategory.DONE, REOPENED: OwedCategory.OPEN}
LABELS = {COMPLETED: "When completed here", REOPENED: "When reopened here"}
_GONE = "{project} has no such status for it any more. Choose another."


@dataclass(frozen=True)
class Pick:
    """One choice: what there is, what is chosen, what is saved.

    when: `completed` or `reopened`. gone: chosen, and not among the options.
    """

    when: str
    label: str
    options: Sequence[StatusOption]
    chosen: str
    saved: str
    gone: StatusOption | None = None


@dataclass(frozen=True)
class StatusRow:
    """The row of a slot: whose issues, of which type and project. known: Jira has told of them."""

    slot: Slot
    name: str
    place: str
    known: bool
    picks: Sequence[Pick]

    @property
    def check(self) -> Chip | None:
        """What the last check said of it; None where there is nothing to say."""
        if not self.known or not any(pick.chosen for pick in self.picks):
            return None
        checked = self.slot.checked
        if checked is None or checked.check_wanted_at:
            return NOT_CHECKED
        codes = [each["code"] for each in checked.findings]
        return MAY_NOT_MOVE if FindingCode.MAY_NOT_MOVE in codes else READY

    @property
    def unchecked(self) -> str:
        """Why there is nothing to say."""
        return "Nothing is moved" if self.known else "Jira has not told us its statuses yet"


def rows_of(form: Form) -> list[StatusRow]:
    """The default's, and those of teams that go elsewhere."""
    slots = form.slots if form.draft.overrides else [form.default]
    return [_row(slot, form) for slot in slots if slot.issue_type is not None]


def unread(connection: JiraConnection) -> set[str]:
    """The projects whose types nobody has asked for their statuses yet."""
    known = Choices(connection)
    return {
        row.project_id
        for row in connection.mappings
        for each in known.types(row.project_id)
        if each.id == row.issue_type_id and each.statuses is None
    }


def errors_of(
    connection: JiraConnection, draft: Draft, saved: Draft, wanted: Mapping[int, StatusChoice]
) -> dict[tuple[int, str], str]:
    """What cannot be saved, by slot and part. What is saved already may stay, known or not."""
    known, changed = Choices(connection), changed_slots(draft, saved)
    found: dict[tuple[int, str], str] = {}
    for slot, chosen in wanted.items():
        choice = draft.choice(slot) if slot in draft.choices else saved.choice(slot)
        kept = StatusChoice() if slot in changed else saved.statuses.get(slot, StatusChoice())
        issue_type = known.type(choice)
        options = (issue_type.statuses if issue_type else None) or ()
        for when, category in CATEGORIES.items():
            status_id = chosen.of(when)
            fits = {each.id for each in options if category.is_met_by(each.category)}
            if status_id and status_id not in fits and status_id != kept.of(when):
                project = known.projects.get(choice.project_id)
                found[slot, when] = _GONE.format(project=project.key if project else "The project")
    return found


def store(connection: JiraConnection, wanted: Mapping[int, StatusChoice], now: datetime) -> None:
    """Write what is chosen to the mappings; each that now moves otherwise is checked again."""
    known = Choices(connection)
    for slot, row in mappings_on_site(connection).items():
        chosen = wanted.get(slot, StatusChoice())
        before = (row.completed_status_id, row.reopened_status_id)
        for when in CATEGORIES:
            _set(row, when, chosen.of(when), _statuses(known, row))
        if before != (row.completed_status_id, row.reopened_status_id):
            row.check_wanted_at, row.check_unasked = now, False
            metadata_reads.ring(connection)


def _set(
    row: ProjectMapping, when: str, status_id: str, options: Mapping[str, StatusOption]
) -> None:
    if status_id == (getattr(row, f"{when}_status_id") or ""):
        return  # and the name that is known of it
    setattr(row, f"{when}_status_id", status_id or None)
    name = options[status_id].name if status_id in options else status_id or None
    setattr(row, f"{when}_status_name", name)


def _statuses(known: Choices, row: ProjectMapping) -> dict[str, StatusOption]:
    found = [each for each in known.types(row.project_id) if each.id == row.issue_type_id]
    return {status.id: status for each in found for status in each.statuses or ()}


def _row(slot: Slot, form: Form) -> StatusRow:
    assert slot.issue_type is not None
    options = slot.issue_type.statuses
    chosen = status_of(form.draft, form.saved, slot.number)
    saved = form.saved.statuses.get(slot.number, StatusChoice())
    picks = [
        _pick(when, options or (), chosen.of(when), saved.of(when), slot) for when in CATEGORIES
    ]
    name = slot.team.name if slot.team else "Default"
    project = slot.project.key if slot.project else "its project"
    place = f"{slot.issue_type.name} in {project}"
    return StatusRow(slot, name, place, options is not None, picks)


def _pick(when: str, options: Iterable[StatusOption], chosen: str, saved: str, slot: Slot) -> Pick:
    fitting = [each for each in options if CATEGORIES[when].is_met_by(each.category)]
    gone = None
    if chosen and chosen not in {each.id for each in fitting}:
        known = slot.mapping if chosen == saved else None
        name = getattr(known, f"{when}_status_name", None)
        gone = StatusOption(chosen, name or "Another status", "")
    whose = f"{slot.team.name}, " if slot.number != DEFAULT and slot.team else ""
    return Pick(when, f"{whose}{LABELS[when]}", fitting, chosen, saved, gone)
