"""Moving a retrospective through its phases."""

from typing import Any, cast

from sqlalchemy import CursorResult, update

from app.clock import utcnow
from app.extensions import db
from app.models import Phase, Retrospective
from app.services.errors import UnpackError
from app.services.outbound import links


class PhaseAlreadyMoved(UnpackError):
    """Somebody else moved the retrospective since the page was shown."""


class PhaseOutOfReach(UnpackError):
    sentence = "A retrospective moves one phase at a time, forward or back."


def move_phase(retrospective: Retrospective, *, shown: Phase, to: Phase) -> int:
    """Move `retrospective` from the phase that the person saw to one beside it.

    Entering Commit makes its action items due in Jira; returns how many that were. The row is
    locked until the caller commits, so that no item is added in between and two people who press
    at once move it once (design.md §2). Raises `PhaseOutOfReach` and `PhaseAlreadyMoved`.
    """
    if to not in {shown.previous, shown.following}:
        raise PhaseOutOfReach
    if not _move(retrospective, shown, to):
        db.session.refresh(retrospective)
        raise PhaseAlreadyMoved(
            f"Somebody already moved this retrospective to {retrospective.phase.label}."
        )
    if to is not Phase.COMMIT:
        return 0
    return links.commit_action_items(retrospective)


def lock(retrospective: Retrospective) -> None:
    """Hold the row until the transaction ends, and read it anew."""
    # Its row alone: it may have been read together with its team, and is read so again.
    db.session.refresh(retrospective, with_for_update={"of": Retrospective})


def _move(retrospective: Retrospective, shown: Phase, to: Phase) -> bool:
    values: dict[str, object] = {"phase": to}
    if to is Phase.COMMIT and retrospective.committed_at is None:
        values["committed_at"] = utcnow()
    result = db.session.execute(
        update(Retrospective)
        .where(Retrospective.id == retrospective.id, Retrospective.phase == shown)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    # Items that somebody added while we waited for the row are read too.
    db.session.expire(retrospective)
    return cast("CursorResult[Any]", result).rowcount == 1
