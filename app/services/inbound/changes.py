"""What an issue, as just read, means for its link and its action item: pure decisions.

A change against what is stored is acted on, never the state alone (design.md §2): an item that a
person opened again stays open until the issue changes once more.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from app.jira.types import Issue
from app.models import CompletedIn, LinkState

DONE = "done"
ABSENT = {LinkState.DELETED, LinkState.UNSEEN}
# Jira writes the two times of one transition a few milliseconds apart (jira-platform.md §5.3).
SAME_MOMENT = timedelta(seconds=1)


class Absence(StrEnum):
    """Why a read did not return an issue."""

    DELETED = "deleted"
    UNSEEN = "unseen"  # the account may not browse its project: the connection's trouble


@dataclass(frozen=True)
class Known:
    """What our rows say of an issue and its action item. `category` and `updated` are Jira's.

    updated: as of the last read; None: it has not been read since it is linked. opened_at: when a
    person last opened the item again here; None: nobody did. Aware UTC.
    """

    state: LinkState
    issue_key: str | None
    category: str | None
    updated: datetime | None
    complete: bool
    completed_in: CompletedIn | None
    opened_at: datetime | None = None


@dataclass(frozen=True)
class Change:
    """What follows from a read. `late`: it tells of an older state than is known, so nothing."""

    late: bool = False
    completes_at: datetime | None = None
    reopens: bool = False
    moved_to: str | None = None
    reappears: bool = False

    @property
    def any(self) -> bool:
        """Whether a person would notice."""
        return bool(self.completes_at or self.reopens or self.moved_to or self.reappears)

    @property
    def of_nobody(self) -> "Change":
        """The same, where we have changed the status ourselves: nobody has completed anything."""
        return replace(self, completes_at=None, reopens=False)


def change_of(known: Known, issue: Issue, now: datetime) -> Change:
    """What the read of `issue` changes, as if nothing of it were our own. `now`: aware UTC."""
    if known.updated and issue.updated and issue.updated < known.updated:
        return Change(late=True)
    return Change(
        completes_at=_completes_at(known, issue, now),
        reopens=_reopens(known, issue),
        moved_to=issue.key if issue.key != known.issue_key else None,
        reappears=known.state in ABSENT,
    )


def disappears(known: Known, absence: Absence) -> bool:
    """Whether an absence is news. What was deleted stays so until it is seen again."""
    return known.state.value not in {absence.value, Absence.DELETED.value}


def _completes_at(known: Known, issue: Issue, now: datetime) -> datetime | None:
    if issue.status_category != DONE or known.complete:
        return None
    if known.category == DONE and not _left_and_came_back(known, issue):
        return None
    if _opened_since(known, issue, now):
        return None
    return min(issue.status_changed or now, now)


def _opened_since(known: Known, issue: Issue, now: datetime) -> bool:
    """Whether a person opened the item later than the issue changed, of which we hear only now.

    What is said to be opened in the future was opened while our clock was wrong.
    """
    if known.opened_at is None or issue.status_changed is None or known.opened_at > now:
        return False
    return issue.status_changed <= known.opened_at + SAME_MOMENT


def _reopens(known: Known, issue: Issue) -> bool:
    """Only what Jira completed; what a person completed here is never undone."""
    left = known.category == DONE and issue.status_category not in {DONE, None}
    return left and known.complete and known.completed_in is CompletedIn.JIRA


def _left_and_came_back(known: Known, issue: Issue) -> bool:
    """Whether the category changed since the last read, although it is the same again.

    What nobody has read has its category by a transition of ours: any other change came after it.
    """
    if issue.status_changed is None:
        return False
    return known.updated is None or issue.status_changed > known.updated + SAME_MOMENT
