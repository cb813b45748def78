"""Where a retrospective may be moved to, and what its buttons say."""

import pytest

from app.models import Phase
from app.services.retrospectives.phase_moves import moves_of


@pytest.mark.parametrize(
    ("phase", "back", "forward"),
    [
        (Phase.DRAFT, None, "Continue to Check-in"),
        (Phase.VOTE, "Back to Group", "Continue to Discuss"),
        (Phase.DISCUSS, "Back to Vote", "Continue to Commit"),
        (Phase.COMMIT, "Back to Discuss", "Close retrospective"),
        (Phase.CLOSED, "Back to Commit", None),
    ],
)
def test_each_phase_has_its_ways(phase, back, forward):
    moves = moves_of(phase, previewed=False)

    assert (moves.back and moves.back.words, moves.forward and moves.forward.words) == (
        back,
        forward,
    )


@pytest.mark.parametrize("previewed", [True, False])
def test_commit_is_reached_by_its_preview_or_asks_for_what_nobody_has_seen(previewed):
    forward = moves_of(Phase.DISCUSS, previewed=previewed).forward

    assert forward is not None
    assert (forward.by_preview, forward.unseen) == (previewed, not previewed)


def test_no_other_phase_has_a_preview():
    others = [phase for phase in Phase if phase not in {Phase.DISCUSS, Phase.CLOSED}]

    for phase in others:
        forward = moves_of(phase, previewed=True).forward
        assert forward is not None
        assert not forward.by_preview
        assert not forward.unseen
