"""Who takes over what somebody leaves behind: the page that asks, and what its form says."""

from flask import render_template, request

from app.identifiers import is_number
from app.models import Membership
from app.services.departures import legacies
from app.services.departures.leaving import Choices
from app.services.departures.legacy_words import words_of
from app.services.mail import outbox
from app.web.access import signed_in_user

ITEMS, FACILITATOR = "items-", "facilitator-"  # and the team's id


def page(template: str, membership: Membership, *, leaves: str, error: str) -> str:
    """Team by team, what is left; `leaves` as `legacy_words` has it."""
    sends_mail = outbox.is_set_up()
    left = legacies.legacies_of(membership, signed_in_user())
    return render_template(
        template,
        member=membership,
        legacies=[(each, words_of(each, leaves=leaves, sends_mail=sends_mail)) for each in left],
        error=error,
        sends_mail=sends_mail,
    )


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
