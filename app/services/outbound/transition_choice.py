"""Whether an issue still owes a status, and by which transition it gets there: pure decisions.

Rules in Jira and people there are not fought: once the issue has been on the right side of done, or
somebody has decided otherwise since, nothing more is sent (design.md §2.11).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from app.jira.types import Issue, Transition, TransitionField
from app.models import FailureCode, OwedCategory
from app.models.issue_status import DONE
from app.models.owed_status import OwnTransition

RESOLUTION = "resolution"
# Jira's clock and ours, and the two times of one transition (jira-platform.md §5.3).
SAME_MOMENT = timedelta(seconds=1)
# What Jira says of its own time leaves out what is less (jira-platform.md §3).
WHOLE_SECONDS = timedelta(seconds=1)
# So many of ours in so long: more would be a quarrel.
MOST, WITHIN = 2, timedelta(minutes=10)


class Result(StrEnum):
    """What is to be done about an owed status."""

    MET = "met"
    VOID = "void"  # somebody has decided otherwise in Jira, after it was owed
    LATER = "later"  # we have moved the issue often enough for now
    OWED = "owed"


@dataclass(frozen=True)
class Owed:
    """What is owed, since when (aware UTC), and what we have sent ourselves of late.

    longest_request: after it a request without an answer has had its effect, if any.
    """

    category: OwedCategory
    since: datetime
    own: Sequence[OwnTransition]
    longest_request: timedelta


@dataclass(frozen=True)
class Target:
    """The status that was chosen for it; None: nobody has.

    known: the issue is of the project and type that it was chosen for. Elsewhere ids are others.
    resolution_id: what was chosen to go along; None: nobody has. It is the whole site's.
    """

    status_id: str | None
    known: bool
    resolution_id: str | None = None


@dataclass(frozen=True)
class Choice:
    """The transition to send with what its screen asks, or what is in the way.

    asked: the names of the fields that only a person can fill.
    """

    transition: Transition | None = None
    fields: dict[str, Any] | None = None
    failure: FailureCode | None = None
    asked: tuple[str, ...] = ()


def result_of(owed: Owed, issue: Issue, now: datetime) -> Result:
    """Judge what is owed by the issue as just read. `now`: aware UTC."""
    if owed.category.is_met_by(issue.status_category or ""):
        return Result.MET
    changed = issue.status_changed
    late = changed is not None and changed > owed.since + SAME_MOMENT
    own = is_echo(owed.own, issue, owed.longest_request)
    if changed and late and not own and not _is_first(issue, changed):
        return Result.VOID
    return Result.LATER if free_at(owed.own, now) > now else Result.OWED


def _is_first(issue: Issue, changed: datetime) -> bool:
    """Whether it has had its category since it was created: nobody has decided that."""
    return issue.created is not None and changed <= issue.created + SAME_MOMENT


def free_at(own: Sequence[OwnTransition], now: datetime) -> datetime:
    """When the next may leave."""
    recent = sorted(each.left_at for each in own if each.left_at > now - WITHIN)
    return recent[-MOST] + WITHIN if len(recent) >= MOST else now


def choose(owed: OwedCategory, target: Target, offered: Sequence[Transition]) -> Choice:
    """Take the transition to the chosen status; of several, the one that asks least."""
    if not offered:
        return Choice(failure=FailureCode.NONE_OFFERED)
    fitting = [each for each in offered if owed.is_met_by(each.status_category or "")]
    ways = [each for each in fitting if each.status_id == target.status_id]
    if not ways and not target.known:
        if len({each.status_id for each in fitting}) > 1:
            return Choice(failure=FailureCode.SEVERAL_STATUSES)
        ways = fitting
    if not ways:
        return Choice(failure=FailureCode.NO_TRANSITION)
    chosen = target.resolution_id if owed is OwedCategory.DONE else None
    answered = [_answered(owed, way, chosen) for way in ways]
    return min(answered, key=lambda choice: len(choice.asked))


def _answered(owed: OwedCategory, way: Transition, chosen: str | None) -> Choice:
    """The transition with its screen filled in, as far as that can be done without a person."""
    fields, asked = {}, []
    for field in way.fields:
        resolution = _resolution(field, way, chosen) if owed is OwedCategory.DONE else None
        if field.id == RESOLUTION and resolution is not None:
            fields[RESOLUTION] = {"id": resolution}
        elif field.required and not field.has_default:
            asked.append(field)
    if asked:
        names = tuple(field.name for field in asked)
        alone = {field.id for field in asked} == {RESOLUTION} and owed is OwedCategory.DONE
        code = _lacking_resolution(chosen) if alone else FailureCode.SCREEN_ASKS_MORE
        return Choice(failure=code, asked=names)
    return Choice(transition=way, fields=fields)


def _lacking_resolution(chosen: str | None) -> FailureCode:
    if chosen is None:
        return FailureCode.RESOLUTION_NOT_CHOSEN
    return FailureCode.RESOLUTION_NOT_LISTED


def _resolution(field: TransitionField, way: Transition, chosen: str | None) -> str | None:
    """Its default, else the chosen one, else the only one; where none was chosen, the one that is
    called as the status. Never a guess."""
    if field.id != RESOLUTION:
        return None
    if field.default_id is not None:
        return field.default_id
    ids = [each.id for each in field.allowed_values if each.id is not None]
    if chosen in ids:
        return chosen
    named = [
        each.id
        for each in field.allowed_values
        if each.id and each.name.casefold() == (way.status_name or "").casefold()
    ]
    if len(ids) == 1:
        return ids[0]
    return named[0] if len(named) == 1 and chosen is None else None


def is_echo(owed: Sequence[OwnTransition], issue: Issue, longest_request: timedelta) -> bool:
    """Whether the issue's category, as just read, is what a transition of ours has made it."""
    changed, category = issue.status_changed, issue.status_category
    if changed is None:
        return False
    return any(
        (each.category == DONE) is (category == DONE) and within(each, changed, longest_request)
        for each in owed
    )


def within(own: OwnTransition, changed: datetime, longest_request: timedelta) -> bool:
    """Whether it happened while that transition was under way.

    By Jira's own clock, where its answers have said what it shows: ours may be wrong.
    """
    ended = own.answered_at or own.left_at + longest_request
    began = own.left_at
    if own.before is not None:
        began, lasted = own.before, ended - own.left_at
        ended = (own.after or own.before + lasted) + WHOLE_SECONDS
    return began - SAME_MOMENT <= changed <= ended + SAME_MOMENT
