"""What the Members page says of an invitation, as a table."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.services.organizations.invitation_words import InvitationFacts, state_of

NOW = utcnow()
LATER, BEFORE = NOW + timedelta(days=2), NOW - timedelta(days=2)


@pytest.mark.parametrize(
    ("facts", "state", "words", "day"),
    [
        (InvitationFacts(LATER, open=True, unsent=False), "waiting", "Until", LATER),
        (InvitationFacts(LATER, open=True, unsent=True), "error", "E-mail not sent yet", None),
        (InvitationFacts(BEFORE, open=False, unsent=True), "idle", "Ended", BEFORE),
        (
            InvitationFacts(LATER, open=False, unsent=False),
            "idle",
            "Ended: who sent it is no admin any more",
            None,
        ),
    ],
)
def test_each_state_has_its_words(facts, state, words, day):
    found = state_of(facts, NOW)

    assert (found.chip.state, found.chip.words, found.day) == (state, words, day)
