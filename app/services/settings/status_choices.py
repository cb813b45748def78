"""Which status an issue gets when its action item is completed or reopened here: the choices.

Judged by what the last look at the project has read: a status belongs to a project and a type. What
goes along where a screen asks for a resolution is one of the site's.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from app.models import JiraConnection, OwedCategory, ProjectMapping
from app.services.labels import Chip
from app.services.mapping.check_words import NOT_CHECKED
from app.services.mapping.checks import FindingCode
from app.services.outbound import owed_statuses
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
GONE = Chip("limited", "alert-triangle", "Choose another")
COMPLETED, REOPENED, RESOLUTION = "completed", "reopened", "resolution"
PARTS = (COMPLETED, REOPENED, RESOLUTION)
CATEGORIES = {COMPLETED: OwedCategory.DONE, REOPENED: OwedCategory.OPEN}
LABELS = {
    COMPLETED: "When completed here",
    REOPENED: "When reopened here",
    RESOLUTION: "Resolution when completed here",
}
# What each is called where nothing is chosen.
NOTHING_CHOSEN = {
    **dict.fromkeys(CATEGORIES, "Leave the issue as it is"),
    RESOLUTION: "Whichever Jira suggests",
}
_GONE = "{project} has no such status for it any more. Choose another."
_RESOLUTION_GONE = "Jira has no such resolution any more. Choose another."


@dataclass(frozen=True)
class Pick:
    """One choice: what there is, what is chosen, what is saved.

    when: `completed`, `reopened` or `resolution`. known: Jira has told what there is. gone: chosen,
    and not among the options.
    """

    when: str
    label: str
    options: Sequence[StatusOption]
    chosen: str
    saved: str
    known: bool
    gone: StatusOption | None = None

    @property
    def nothing(self) -> str:
        """What stands for no choice."""
        return NOTHING_CHOSEN[self.when]


@dataclass(frozen=True)
class StatusRow:
    """The row of a slot: whose issues, of which type and project. known: Jira has told of them.

    resolution: None where there is none to choose from, and none is chosen.
    """

    slot: Slot
    name: str
    place: str
    known: bool
    picks: Sequence[Pick]
    resolution: Pick | None = None

    @property
    def differs(self) -> bool:
        """Whether what is chosen is not what the check is of."""
        unsaved = any(pick.chosen != pick.saved for pick in self.picks)
        return unsaved and not self.slot.changed

    @property
    def check(self) -> Chip | None:
        """What the last check said of what is saved; None where there is nothing to say."""
        chosen = [*self.picks, *([self.resolution] if self.resolution else [])]
        is_chosen = self.known and any(pick.chosen for pick in self.picks)
        if is_chosen and any(pick.gone and pick.known for pick in chosen):
            return GONE
        moved = is_chosen if self.slot.changed else any(pick.saved for pick in self.picks)
        if not self.known or not moved:
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


def rows_of(form: Form, connection: JiraConnection) -> list[StatusRow]:
    """The default's, and those of teams that go elsewhere."""
    slots = form.slots if form.draft.overrides else [form.default]
    resolutions = _resolutions(connection)
    return [_row(slot, form, resolutions) for slot in slots if slot.issue_type is not None]


def resolutions_unread(connection: JiraConnection) -> bool:
    """Whether nobody has asked for the site's resolutions yet."""
    return connection.resolutions is None


def names_of(connection: JiraConnection, part: str) -> dict[str, str]:
    """What may be chosen for a part of the mappings is called, by id."""
    if part == RESOLUTION:
        return {each.id: each.name for each in _resolutions(connection) or ()}
    known = Choices(connection)
    return {
        each.id: each.name for row in connection.mappings for each in _statuses(known, row).values()
    }


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
    resolutions = {each.id for each in _resolutions(connection) or ()}
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
        resolution = chosen.resolution
        if resolution and resolution not in resolutions and resolution != kept.resolution:
            found[slot, RESOLUTION] = _RESOLUTION_GONE
    return found


def store(connection: JiraConnection, wanted: Mapping[int, StatusChoice], now: datetime) -> None:
    """Write what is chosen to the mappings; each that now moves otherwise is checked again."""
    known = Choices(connection)
    resolutions = {each.id: each for each in _resolutions(connection) or ()}
    resolved_otherwise = False
    for slot, row in mappings_on_site(connection).items():
        chosen, before = wanted.get(slot, StatusChoice()), StatusChoice.saved(row)
        for when in CATEGORIES:
            _set(row, f"{when}_status", chosen.of(when), _statuses(known, row))
        _set(row, "completed_resolution", chosen.resolution, resolutions)
        resolved_otherwise |= before.resolution != chosen.resolution
        if replace(before, resolution="") != replace(chosen, resolution=""):
            row.check_wanted_at, row.check_unasked = now, False
            metadata_reads.ring(connection)
    if resolved_otherwise:
        owed_statuses.resolution_chosen(connection.id, now)


def _set(
    row: ProjectMapping, part: str, chosen_id: str, options: Mapping[str, StatusOption]
) -> None:
    if chosen_id == (getattr(row, f"{part}_id") or ""):
        return  # and the name that is known of it
    setattr(row, f"{part}_id", chosen_id or None)
    name = options[chosen_id].name if chosen_id in options else chosen_id or None
    setattr(row, f"{part}_name", name)


def _statuses(known: Choices, row: ProjectMapping) -> dict[str, StatusOption]:
    found = [each for each in known.types(row.project_id) if each.id == row.issue_type_id]
    return {status.id: status for each in found for status in each.statuses or ()}


def _resolutions(connection: JiraConnection) -> list[StatusOption] | None:
    """Those of the site; None while nobody has read them."""
    if connection.resolutions is None:
        return None
    return [StatusOption(each["id"], each["name"], "") for each in connection.resolutions]


def _row(slot: Slot, form: Form, resolutions: Sequence[StatusOption] | None) -> StatusRow:
    assert slot.issue_type is not None
    options = slot.issue_type.statuses
    chosen = status_of(form.draft, form.saved, slot.number)
    saved = form.saved.statuses.get(slot.number, StatusChoice())

    def pick(part: str, listed: Sequence[StatusOption] | None) -> Pick:
        return _pick(part, listed, chosen.of(part), saved.of(part), slot)

    picks = [pick(when, _of(when, options)) for when in CATEGORIES]
    resolution = pick(RESOLUTION, resolutions) if resolutions or chosen.resolution else None
    name = slot.team.name if slot.team else "Default"
    project = slot.project.key if slot.project else "its project"
    place = f"{slot.issue_type.name} in {project}"
    return StatusRow(slot, name, place, options is not None, picks, resolution)


def _of(when: str, options: Iterable[StatusOption] | None) -> list[StatusOption] | None:
    """Those on the right side of done; None while nobody has read them."""
    category = CATEGORIES[when]
    return None if options is None else [one for one in options if category.is_met_by(one.category)]


def _pick(
    part: str, options: Sequence[StatusOption] | None, chosen: str, saved: str, slot: Slot
) -> Pick:
    gone = None
    if chosen and chosen not in {each.id for each in options or ()}:
        kept = slot.mapping if chosen == saved else None
        attribute = "completed_resolution" if part == RESOLUTION else f"{part}_status"
        name = getattr(kept, f"{attribute}_name", None)
        gone = StatusOption(chosen, name or "Another one", "")
    whose = f"{slot.team.name}, " if slot.number != DEFAULT and slot.team else ""
    label = f"{whose}{LABELS[part]}"
    return Pick(part, label, options or (), chosen, saved, options is not None, gone)
