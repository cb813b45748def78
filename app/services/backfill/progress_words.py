"""What the pages say of a backfill, and which of its parts the page shows. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.models import Backfill, BackfillState, StopReason, User
from app.services.backfill.progress import Progress
from app.services.labels import Chip, plural


class Part(StrEnum):
    """What stands at the top of the page."""

    RUNNING = "running"
    DISCONNECTED = "disconnected"
    CHOICE = "choice"
    NOTHING_LEFT = "nothing-left"


@dataclass(frozen=True)
class ProgressWords:
    """The words, empty where there is nothing to say.

    left_out: what became of what was promised and is not of this backfill any more
    waits: which teams have no project, so that theirs waits
    ended: why it ended, before the time
    """

    figures: str
    chip: Chip
    left_out: str
    waits: str
    begun: str
    ended: str


def part_of(*, running: bool, holds_grant: bool, to_choose: bool) -> Part:
    """What the page shows: while one is running nothing is chosen, nor without a connection."""
    if running:
        return Part.RUNNING
    if not holds_grant:
        return Part.DISCONNECTED
    return Part.CHOICE if to_choose else Part.NOTHING_LEFT


def words_of(
    progress: Progress, paused_until: datetime | None = None, *, in_trouble: bool = False
) -> ProgressWords:
    """Word the progress. `paused_until` and `in_trouble` are what a running one waits for."""
    return ProgressWords(
        figures=_figures(progress),
        chip=_chip(progress, paused_until, in_trouble),
        left_out=_left_out(progress),
        waits=_waits(progress),
        begun=f"started by {_name(progress.run.started_by)}",
        ended=_ended(progress.run),
    )


def _figures(progress: Progress) -> str:
    done = f"{progress.done} of {progress.total} {'is' if progress.done == 1 else 'are'} in Jira"
    failed = f"{progress.failed} failed" if progress.failed else ""
    left = f"{progress.left} to go" if progress.left else ""
    return ", ".join(filter(None, [done, failed, left]))


def _chip(progress: Progress, paused_until: datetime | None, in_trouble: bool) -> Chip:
    if progress.run.state is BackfillState.FINISHED:
        return Chip("synced", "circle-check", "Finished")
    if not progress.running:
        return Chip("idle", "ban", "Stopped")
    if paused_until is not None:
        return Chip("paused", "player-pause", "Waiting until", at=paused_until)
    if in_trouble:
        return Chip("waiting", "clock", "Waiting for Jira")
    return Chip("syncing", "refresh", "Syncing…", spin=True)


def _left_out(progress: Progress) -> str:
    if not progress.other:
        return ""
    were = plural(progress.other, "was", "were")
    if progress.running:
        return f"{were} left out: synced by hand, completed or deleted since it began."
    if progress.run.state is BackfillState.FINISHED:
        return f"{were} left out: synced by hand, completed or deleted meanwhile."
    return f"{were} not sent."


def _waits(progress: Progress) -> str:
    teams = progress.without_project
    if not teams:
        return ""
    have = "has" if len(teams) == 1 else "have"
    return (
        f"{', '.join(teams)} {have} no project any more. Their action items wait until one is "
        "chosen."
    )


def _ended(run: Backfill) -> str:
    if run.state is not BackfillState.STOPPED:
        return ""
    if run.stop_reason is StopReason.PERSON or run.stop_reason is None:
        return f"Stopped by {_name(run.stopped_by)}"
    return _STOPPED[run.stop_reason]


def _name(user: User | None) -> str:
    return user.name if user else "somebody who has left"


_STOPPED = {
    StopReason.DISCONNECTED: "Stopped when Jira was disconnected",
    StopReason.OTHER_SITE: "Stopped when another Jira site was connected",
}
