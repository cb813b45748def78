"""Which way a retrospective may be moved, and what the buttons say. Pure."""

from dataclasses import dataclass

from app.models import Phase


@dataclass(frozen=True)
class Move:
    """A button. by_preview: it leads to the page before Commit, which moves the phase.

    unseen: nothing was to be previewed when the page was drawn; what was written since is
    previewed all the same.
    """

    to: Phase
    words: str
    onward: bool = True
    by_preview: bool = False
    unseen: bool = False


@dataclass(frozen=True)
class Moves:
    back: Move | None
    forward: Move | None


def moves_of(phase: Phase, previewed: bool) -> Moves:
    """previewed: whether Commit would reach Jira, so that a page shows beforehand what it does."""
    return Moves(_back(phase), _forward(phase, previewed))


def _back(phase: Phase) -> Move | None:
    to = phase.previous
    return Move(to, f"Back to {to.label}", onward=False) if to else None


def _forward(phase: Phase, previewed: bool) -> Move | None:
    to = phase.following
    if to is None:
        return None
    before_commit = phase is Phase.DISCUSS
    if before_commit and previewed:
        return Move(to, "Continue to Commit", by_preview=True)
    if phase is Phase.COMMIT:
        return Move(to, "Close retrospective", onward=False)
    return Move(to, f"Continue to {to.label}", unseen=before_commit)
