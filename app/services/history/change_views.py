"""A page of the history: its lines, and what can be done about each."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.models import AuditEvent, Organization, User
from app.services.history import change_pages, undo
from app.services.history.change_pages import EventPage, Wanted
from app.services.history.changed_fields import Change, decides_mapping
from app.services.history.entry_words import Words, value_of, words_of
from app.services.history.names import Names, names_for
from app.services.history.undo import Fit, Present


@dataclass(frozen=True)
class Line:
    """A field that somebody changed. `part` names it, where it can be undone.

    now: what the field is by now, where that is something else. undone: the mark of its undoing.
    """

    event: AuditEvent
    words: Words
    part: str = ""
    now: str = ""
    undone: AuditEvent | None = None


@dataclass(frozen=True)
class History:
    """One page of it, and by whom there are changes at all."""

    wanted: Wanted
    lines: Sequence[Line]
    page: EventPage
    people: Sequence[User]


def history_of(
    organization: Organization,
    wanted: Wanted,
    *,
    before: int | None = None,
    after: int | None = None,
) -> History:
    """The page of changes older than the id `before`, or newer than `after`, or the newest."""
    page = change_pages.page_of(organization, wanted, before=before, after=after)
    lines = lines_of(organization, page.events)
    return History(wanted, lines, page, change_pages.who_changed(organization))


def lines_of(organization: Organization, events: Sequence[AuditEvent]) -> list[Line]:
    """The lines of some changes, newest first."""
    if not events:
        return []
    names, present = names_for(organization, events), undo.present_of(organization)
    marks = change_pages.undone_since(organization, events[-1].id)
    return [
        _line(event, words, names, present, marks)
        for event in events
        for words in words_of(event.action, event.details, names)
    ]


def _line(
    event: AuditEvent,
    words: Words,
    names: Names,
    present: Present,
    marks: dict[tuple[int, str], AuditEvent],
) -> Line:
    change = words.change
    if change is None or not decides_mapping(change):
        return Line(event, words)
    if mark := marks.get((event.id, change.part)):
        return Line(event, words, undone=mark)
    fit = present.fit_of(event.id, change)
    if fit is Fit.STILL:
        return Line(event, words, part=change.part)
    return Line(event, words, now=_now(fit, change, names, present))


def _now(fit: Fit, change: Change, names: Names, present: Present) -> str:
    if fit is not Fit.CHANGED_SINCE:
        return ""
    return value_of(change, present.value_of(change), names)
