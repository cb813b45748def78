"""What a form says of who takes over what somebody leaves behind."""

from flask import request

from app.services.departures.leaving import Choices
from app.web.parameters import is_number

ITEMS, FACILITATOR = "items-", "facilitator-"  # and the team's id


def choices_from_request() -> Choices:
    """By team; whether they may be chosen is the service's business."""
    return Choices(heirs=_by_team(ITEMS), successors=_by_team(FACILITATOR))


def _by_team(prefix: str) -> dict[int, int]:
    """A value that is no number is nobody's."""
    return {
        int(name.removeprefix(prefix)): int(value) if is_number(value) else 0
        for name, value in request.form.items()
        if name.startswith(prefix) and is_number(name.removeprefix(prefix)) and value
    }
