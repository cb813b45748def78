"""Bring issues to the statuses that they owe, one after the other (design.md §2.11)."""

import logging
from collections.abc import Sequence
from datetime import timedelta

from app.clock import utcnow
from app.drain.current import Current, delays
from app.drain.going_on import has_right, may_go_on
from app.extensions import db
from app.jira.client import JiraClient, recorded_calls
from app.jira.errors import (
    JiraError,
    JiraRateLimited,
    JiraRefused,
    JiraTurnedAway,
    JiraUnauthorized,
)
from app.jira.types import Call, Issue
from app.models import FailureCode, Outcome
from app.services.back_offs import asked_wait
from app.services.grants import pauses
from app.services.mapping.mappings import Place
from app.services.outbound import due_transitions, fence, transition_records
from app.services.outbound.due_transitions import DueTransition
from app.services.outbound.seen_statuses import STATUS
from app.services.outbound.send import TooLate, leaving_by
from app.services.outbound.transition_choice import (
    Choice,
    Owed,
    Result,
    Target,
    choose,
    free_at,
    result_of,
)
from app.services.outbound.transition_records import Failure
from app.services.timeouts import longest_request

FIELDS = (*STATUS, "project", "issuetype", "updated")
# Of a link whose issue Jira names and cannot show just now.
UNREADABLE_WAIT = timedelta(minutes=1)

log = logging.getLogger(__name__)


def due(current: Current) -> list[DueTransition]:
    """What is owed now, with the right to send it; mostly nothing is, which takes one question."""
    owed = due_transitions.of_next_round(current.lease)
    return owed if owed and has_right(current, fence.may_send) else []


def bring(current: Current, client: JiraClient, owed: Sequence[DueTransition]) -> bool:
    """Read the issues, and move those that are still owed. False where Jira cannot be asked now.

    Raises JiraUnauthorized.
    """
    wanted = _still_wanted(current, owed)
    if not wanted:
        return True
    try:
        found = client.bulk_fetch([each.issue_id for each in wanted], fields=FIELDS)
    except JiraError as error:
        return _failed_together(current, wanted, error)
    issues = {issue.id: issue for issue in found}
    for each in wanted:
        if not may_go_on(current, fence.may_send):
            return False
        issue = issues.get(each.issue_id)
        if issue is None or issue.status_category is None:
            named = issue is not None or each.issue_id in found.unreadable
            _not_read(current, each, unreadable=named)
        elif not _settle(current, client, each, issue):
            return False
        db.session.commit()
    return True


def _still_wanted(current: Current, owed: Sequence[DueTransition]) -> list[DueTransition]:
    """Those for which an admin has still chosen a status."""
    for each in owed:
        if each.chosen is None:
            transition_records.not_wanted(current.lease, each)
    db.session.commit()
    return [each for each in owed if each.chosen is not None]


def _not_read(current: Current, each: DueTransition, *, unreadable: bool) -> None:
    """Whether it is gone is for those to find out who read what comes back."""
    if unreadable:
        transition_records.put_off(current.lease, each, utcnow() + UNREADABLE_WAIT)
    else:
        transition_records.failed(current.lease, each, Failure(FailureCode.MAY_NOT_BROWSE))


def _settle(current: Current, client: JiraClient, each: DueTransition, issue: Issue) -> bool:
    """False when nothing more may leave now."""
    now, lease = utcnow(), current.lease
    owed = Owed(each.owed, each.since, each.own, longest_request())
    result = result_of(owed, issue, now)
    if result is Result.OWED:
        return _move(current, client, each, issue)
    if result is Result.MET:
        transition_records.met(lease, each, issue)
    elif result is Result.VOID:
        transition_records.decided_in_jira(lease, each, issue)
    else:
        transition_records.put_off(lease, each, free_at(each.own, now), issue)
    return True


def _move(current: Current, client: JiraClient, each: DueTransition, issue: Issue) -> bool:
    """Ask for the ways, take the right one, and record what came of it."""
    with recorded_calls() as asked:
        try:
            offered = client.transitions(each.issue_id)
        except JiraError as error:
            return _failed(current, each, issue, error)
    choice = choose(each.owed, _target(each, issue), offered)
    if choice.failure is not None:
        failure = Failure(choice.failure, fields=choice.asked)
        transition_records.failed(current.lease, each, failure, issue)
        return True
    return _send(current, client, each, issue, choice, asked)


def _send(
    current: Current,
    client: JiraClient,
    each: DueTransition,
    issue: Issue,
    choice: Choice,
    asked: Sequence[Call],
) -> bool:
    assert choice.transition is not None
    # From before the look: whoever is frozen after it must not send when awake again.
    leave_by = utcnow() + fence.margin(current.lease)
    before = asked[-1].answered_at if asked else None
    if not (
        fence.may_send(current.lease)
        and transition_records.leaves(current.lease, each, choice.transition, before)
    ):
        db.session.rollback()
        return False
    db.session.commit()
    with recorded_calls() as calls, leaving_by(leave_by):
        try:
            client.transition(each.issue_id, choice.transition.id, choice.fields)
        except TooLate:
            return False
        except JiraError as error:
            return _failed(current, each, issue, error, sent=True)
    call = calls[0] if calls else None
    transition_records.arrived(current.lease, each, choice.transition, call)
    return True


def _target(each: DueTransition, issue: Issue) -> Target:
    """An id says nothing of issues elsewhere than where it was chosen for."""
    assert each.chosen is not None
    place = Place(issue.project_id or "", issue.issue_type_id or "")
    known = place == each.chosen.place
    return Target(each.chosen.id, known, each.chosen.resolution_id)


def _failed_together(current: Current, wanted: Sequence[DueTransition], error: JiraError) -> bool:
    for each in wanted:
        if not _failed(current, each, None, error):
            return False
        db.session.commit()
    return False


def _failed(
    current: Current,
    each: DueTransition,
    issue: Issue | None,
    error: JiraError,
    *,
    sent: bool = False,
) -> bool:
    """Three tries of its own, then said. False when Jira asked everything to wait."""
    if isinstance(error, JiraUnauthorized):
        raise error
    if isinstance(error, JiraRateLimited):
        pauses.pause_if_asked(current.lease.connection_id, error)
        db.session.commit()
        return False
    waits = delays()
    again = None
    if each.tries < len(waits.retries):
        wait = timedelta(seconds=waits.retries[each.tries] * waits.jitter)
        again = utcnow() + max(wait, asked_wait(error))
    refused = isinstance(error, JiraRefused)
    failure = Failure(_code_of(error), error.sentence if refused else "", (), again, True)
    outcome = (Outcome.REFUSED if refused else Outcome.UNAVAILABLE) if sent else None
    transition_records.failed(current.lease, each, failure, issue, outcome, error)
    log.info("not moved", extra=current.ids(link=each.link_id, error=str(error)))
    return refused


def _code_of(error: JiraError) -> FailureCode:
    if isinstance(error, JiraRefused):
        return FailureCode.STATUS_REFUSED
    if isinstance(error, JiraTurnedAway):
        return FailureCode.TURNED_AWAY
    return FailureCode.JIRA_UNAVAILABLE
