"""The tries of an entry of the sync log, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from app.models import Operation, Outcome, SyncAttempt, SyncEntry
from app.services.back_offs import RETRIES

# What uses up one of the retries; the rest is waited out or looked up.
_COUNTED = {Outcome.UNAVAILABLE, Outcome.UNKNOWN, Outcome.INTERRUPTED, Outcome.REFUSED}
_GOOD = {Outcome.SUCCEEDED, Outcome.ADOPTED}
_QUIET = {Outcome.NOT_FOUND, Outcome.RATE_LIMITED, Outcome.UNAUTHORIZED}


@dataclass(frozen=True)
class TryLine:
    """One try: `tone` ok, bad or next; `quote` is Jira's own sentence.

    `at` None is now: it waits for a person. `duration_ms` is how long Jira took.
    """

    tone: str
    words: str
    at: datetime | None
    duration_ms: int | None = None
    trace_id: str = ""
    quote: str = ""

    @property
    def icon(self) -> str:
        return {"ok": "circle-check", "bad": "circle-x"}.get(self.tone, "circle-dashed")


def lines_of(
    entry: SyncEntry, *, waits_for_person: bool = False, next_try_at: datetime | None = None
) -> tuple[TryLine, ...]:
    """The tries of `entry` from the first to the last, and what comes next."""
    names = _names(entry.attempts)
    lines = [_line(attempt, name) for attempt, name in zip(entry.attempts, names, strict=True)]
    if waits_for_person:
        lines.append(TryLine("next", "Waits for you. Choose Retry once it is mended.", None))
    elif next_try_at is not None:
        lines.append(TryLine("next", "Next try.", next_try_at))
    return tuple(lines)


def _names(attempts: Sequence[SyncAttempt]) -> list[str]:
    """ "First try", "Retry 2 of 3"; after somebody asked for more, "Retry 5"."""
    names, pushes, failures = [], 0, 0
    for attempt in attempts:
        if attempt.operation is Operation.PROBE:
            names.append("Looked in Jira")
            continue
        of = f" of {RETRIES}" if failures <= RETRIES else ""
        names.append(f"Retry {failures}{of}" if failures else "Again" if pushes else "First try")
        pushes += 1
        failures += attempt.outcome in _COUNTED
    return names


def _line(attempt: SyncAttempt, name: str) -> TryLine:
    tone = "ok" if attempt.outcome in _GOOD else "next" if attempt.outcome in _QUIET else "bad"
    said = attempt.message if attempt.outcome is Outcome.REFUSED else None
    return TryLine(
        tone,
        f"{name}: {_became(attempt)}",
        attempt.started_at,
        attempt.duration_ms,
        attempt.trace_id or "",
        said or "",
    )


def _became(attempt: SyncAttempt) -> str:
    status = attempt.status
    match attempt.outcome:
        case Outcome.SUCCEEDED:
            done = _DONE[attempt.operation]
            return f"{done}, answered with {status}" if status else done
        case Outcome.REFUSED:
            return f"refused with {status}" if status else "refused"
        case Outcome.UNAVAILABLE:
            return f"answered with {status}" if status else "no answer"
        case Outcome.UNKNOWN:
            fact = f"answered with {status}" if status else "no answer"
            return f"{fact}, so the outcome was not known"
        case _:
            return _FIXED[attempt.outcome]


_DONE = {
    Operation.CREATE: "created",
    Operation.UPDATE: "updated",
    Operation.LINK: "linked",
    Operation.TRANSITION: "moved",
}
_FIXED = {
    Outcome.ADOPTED: "found the issue of an earlier try and linked it",
    Outcome.NOT_FOUND: "no issue was created by the earlier try",
    Outcome.RATE_LIMITED: "asked to slow down (429). No retry is used up",
    Outcome.UNAUTHORIZED: "Atlassian did not accept our access. No retry is used up",
    Outcome.INTERRUPTED: "interrupted before Jira answered, so the outcome was not known",
}
