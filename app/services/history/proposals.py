"""What the page before an undo says: what would change, and whether it fits Jira today."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from app.models import AuditEvent, JiraConnection, Organization
from app.services.grants.asking import usable_connection
from app.services.history import undo
from app.services.history.changed_fields import (
    Change,
    Chosen,
    StatusChosen,
    Value,
    Valued,
    went_with,
)
from app.services.history.entry_words import label_of, value_of
from app.services.history.names import Names
from app.services.history.undo import Fit, Present
from app.services.labels import Chip, Sentence
from app.services.settings.drafts import Choice
from app.services.settings.project_choices import Problem

_WHY_NOT = {
    Fit.NOT_CONNECTED: "Jira is not connected, so nothing can be undone now.",
    Fit.OTHER_SITE: "Another Jira site is connected now. The change was made for the one before.",
    Fit.NO_MAPPING: "It went with its project. Undo that change, and it comes back, too.",
    Fit.CHANGED_SINCE: "It was changed again since, so there is nothing to undo.",
}
_READY = Chip("ready", "circle-check", "Ready")
_CHECKING = Chip("syncing", "refresh", "Checking…", spin=True)
_GONE = Chip("blocked", "alert-circle", "Does not fit")


class Further(StrEnum):
    """Where one may want to go from here."""

    HERE = "here"
    JIRA = "jira"


@dataclass(frozen=True)
class Row:
    """A setting, and what it is in the two columns of the table."""

    setting: str
    values: tuple[str, str]


@dataclass(frozen=True)
class Proposal:
    """What there is to say of one undo.

    title: what it takes back. columns: the headings of the rows' values. polls: Jira is being asked
    just now. further: where a link beside the sentence leads, and what it says. back: what the one
    that leaves all as it is says. token: another one as soon as anything of it is.
    """

    title: str
    columns: tuple[str, str]
    rows: Sequence[Row]
    fits: bool
    sentence: Sentence
    chip: Chip | None = None
    polls: bool = False
    note: str = ""
    token: str = field(init=False)

    @property
    def further(self) -> tuple[Further, str] | None:
        if self.fits:
            return None
        if self.polls:
            return Further.HERE, "Look again"
        return Further.JIRA, "Open the Jira settings"

    @property
    def back(self) -> str:
        return "Keep it as it is" if self.fits or self.polls else "Back"

    def __post_init__(self) -> None:
        facts = repr((self.fits, self.sentence, self.chip, self.rows))
        object.__setattr__(self, "token", hashlib.sha256(facts.encode()).hexdigest()[:16])


def proposal_of(
    organization: Organization, event: AuditEvent, change: Change, names: Names
) -> Proposal:
    """Word the undo of `change`, which `event` recorded, as things stand."""
    connection, present = usable_connection(organization), undo.present_of(organization)
    fit = present.fit_of(event.id, change)
    if connection is None or fit is not Fit.STILL:
        return _lost(change, fit, present, names)
    title = label_of(change, names)
    rows = _rows(change, (change.after, change.before), names)
    columns = ("Now", "After the undo")
    found = undo.judged(connection, change)
    if not isinstance(found, Problem):
        said, note = _checked(connection, change), _note(event, change, names)
        return Proposal(title, columns, rows, True, said, _READY, note=note)
    if undo.is_coming(connection, change):
        words = Sentence("Jira is being asked what it has today.")
        return Proposal(title, columns, rows, False, words, _CHECKING, polls=True)
    return Proposal(title, columns, rows, False, Sentence(found.sentence), _GONE)


def _lost(change: Change, fit: Fit, present: Present, names: Names) -> Proposal:
    """What the change made of it stands no more: the difference is shown."""
    now = present.value_of(change) if fit is Fit.CHANGED_SINCE else change.after
    rows = _rows(change, (change.after, now), names) if fit is Fit.CHANGED_SINCE else []
    columns = ("The change made it", "Now")
    return Proposal(label_of(change, names), columns, rows, False, Sentence(_WHY_NOT[fit]))


def _rows(change: Change, values: tuple[Value, Value], names: Names) -> list[Row]:
    one, other = values
    if isinstance(one, Choice) and isinstance(other, Choice):
        pairs = [(names.project, "Project"), (names.issue_type, "Issue Type")]
        none = value_of(change, Choice(), names)
        return [
            Row(label, (_called(one, of, none), _called(other, of, none))) for of, label in pairs
        ]
    values_said = (value_of(change, one, names), value_of(change, other, names))
    return [Row(label_of(change, names), values_said)]


def _called(choice: Choice, name: Callable[[Choice], str], none: str) -> str:
    if not choice.syncs:
        return "Do not sync"
    return name(choice) if choice.project_id else none


def _checked(connection: JiraConnection, change: Change) -> Sentence:
    if isinstance(change, Chosen) and change.before.project_id:
        return Sentence(
            "As Jira listed it at",
            connection.projects_fetched_at,
            ". Later changes of other settings stay.",
        )
    return Sentence("Later changes of other settings stay.")


def _note(event: AuditEvent, change: Change, names: Names) -> str:
    if isinstance(change, StatusChosen):
        return "Issues that were moved stay where they are."
    if isinstance(change, Valued):
        return "Issues that exist stay as they are. New ones have it so from then on."
    stay = "Issues that exist stay linked where they are."
    if isinstance(change, Chosen) and change.before.project_id:
        new = f"{stay} New ones go to {names.project(change.before)}."
        went = any(each.before for each in went_with(event.details, change))
        with_it = "Its field values and statuses come back with it."
        return f"{new} {with_it}" if went else new
    return stay
