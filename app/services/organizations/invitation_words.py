"""What the Members page says of an invitation that nobody has accepted. Pure."""

from dataclasses import dataclass
from datetime import datetime

from app.services.labels import Chip


@dataclass(frozen=True)
class InvitationFacts:
    """ends_at: aware UTC; open: it can be accepted; unsent: its e-mail was tried in vain."""

    ends_at: datetime
    open: bool
    unsent: bool


@dataclass(frozen=True)
class InvitationState:
    """A chip, whose words a day follows where `day` is given (aware UTC)."""

    chip: Chip
    day: datetime | None = None


def state_of(facts: InvitationFacts, now: datetime) -> InvitationState:
    """Word it at `now` (aware UTC)."""
    if facts.open and facts.unsent:
        return InvitationState(Chip("error", "alert-circle", "E-mail not sent yet"))
    if facts.open:
        return InvitationState(Chip("waiting", "clock", "Until"), facts.ends_at)
    if facts.ends_at <= now:
        return InvitationState(Chip("idle", "circle-dashed", "Ended"), facts.ends_at)
    return InvitationState(Chip("idle", "circle-dashed", "Ended: who sent it is no admin any more"))
