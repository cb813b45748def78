"""Set the active sprint of issues that were created without it, in turn (design.md §2.10)."""

import logging
from collections.abc import Sequence

from app.clock import utcnow
from app.drain.current import Current
from app.extensions import db
from app.jira.client import JiraClient, recorded_calls
from app.jira.errors import JiraError, JiraRateLimited, JiraRefused, JiraUnauthorized
from app.jira.types import Issue
from app.models.field_note import NoteReason
from app.services.field_values.field_kind import Lack, NotSent, Sprint
from app.services.field_values.field_kinds import chosen_sprint
from app.services.grants import pauses
from app.services.mapping import active_sprints
from app.services.outbound import fence, owed_sprints
from app.services.outbound.owed_sprints import AGAIN, OwedSprint
from app.services.outbound.send import TooLate, leaving_by
from app.services.work import leases
from app.stopping import stop_requested

log = logging.getLogger(__name__)

# What is to be set in an issue, by the id of the sprint.
Wanted = tuple[OwedSprint, int]


def due(current: Current) -> list[OwedSprint]:
    """What is owed now, and the right to send it."""
    may = leases.renew(current.lease) and fence.may_send(current.lease)
    return owed_sprints.of_next_round(current.lease) if may else []


def set_them(current: Current, client: JiraClient, owed: Sequence[OwedSprint]) -> bool:
    """Look which sprint is active, and which issues are in none; these get it. False where Jira
    cannot be asked now. Raises JiraUnauthorized."""
    wanted: list[Wanted] = []
    for each in owed:
        number = _active(current, client, each)
        db.session.commit()
        if number is not None:
            wanted.append((each, number))
    if not wanted:
        return True
    try:
        found = _read(client, wanted)
    except JiraError as error:
        return _not_read(current, wanted, error)
    for each, number in wanted:
        if not _goes_on(current) or not _settle(current, client, each, number, found):
            return False
        db.session.commit()
    return True


def _active(current: Current, client: JiraClient, each: OwedSprint) -> int | None:
    """The sprint that it is to have; None where that is recorded: nobody wants it, or there is
    none, or Jira did not say."""
    lease = current.lease
    if each.chosen is None:
        owed_sprints.give_up(lease, each)
        return None
    sprints = _sprints(current, client, each)
    if sprints is None:
        owed_sprints.put_off(lease, each, utcnow() + AGAIN)
        return None
    try:
        return chosen_sprint(each.chosen.value, sprints)
    except NotSent as none:
        if none.lack is Lack.SEVERAL_SPRINTS:
            owed_sprints.give_up(lease, each, NoteReason.SEVERAL_SPRINTS)
        else:
            _look_again(current, each)
    return None


def _look_again(current: Current, each: OwedSprint) -> None:
    """Once Jira may be asked again, and at the end of the ten minutes at the latest."""
    now = utcnow()
    if each.until - now < AGAIN:
        owed_sprints.give_up(current.lease, each)
        return
    fresh = active_sprints.fresh_until(current.lease.connection_id, each.project_id)
    owed_sprints.put_off(current.lease, each, min(max(fresh or now, now + AGAIN), each.until))


def _sprints(current: Current, client: JiraClient, each: OwedSprint) -> Sequence[Sprint] | None:
    """Those of its project, asked for at most once in ten minutes; None where Jira did not say."""
    connection_id, project_id = current.lease.connection_id, each.project_id
    known = active_sprints.known(connection_id, [project_id])
    fresh = active_sprints.fresh_until(connection_id, project_id)
    db.session.commit()
    since_then = fresh is not None and fresh - active_sprints.FRESH > each.created_at
    if project_id in known and (since_then or not each.refused):
        return known[project_id]
    assert each.chosen is not None
    try:
        read = client.active_sprints(project_id, each.chosen.field_id)
    except JiraUnauthorized:
        raise
    except JiraError as error:
        pauses.pause_if_asked(connection_id, error)
        log.warning("sprints not read", extra=current.ids(error=str(error)))
        return None
    found = [Sprint(one.id, one.name, one.board_id) for one in read]
    if leases.hold_grant(current.lease):
        active_sprints.store(connection_id, project_id, found)
    return found


def _read(client: JiraClient, wanted: Sequence[Wanted]) -> dict[str, Issue]:
    fields = sorted({each.chosen.field_id for each, _ in wanted if each.chosen})
    found = client.bulk_fetch([each.issue_id for each, _ in wanted], fields=fields)
    return {issue.id: issue for issue in found}


def _not_read(current: Current, wanted: Sequence[Wanted], error: JiraError) -> bool:
    if isinstance(error, JiraUnauthorized):
        raise error
    pauses.pause_if_asked(current.lease.connection_id, error)
    for each, _ in wanted:
        owed_sprints.put_off(current.lease, each, utcnow() + AGAIN)
    db.session.commit()
    return False


def _goes_on(current: Current) -> bool:
    may = not stop_requested() and leases.renew(current.lease) and fence.may_send(current.lease)
    db.session.commit()
    return may


def _settle(
    current: Current, client: JiraClient, each: OwedSprint, number: int, found: dict[str, Issue]
) -> bool:
    """False when nothing more may leave now."""
    assert each.chosen is not None
    issue = found.get(each.issue_id)
    if issue is None:
        owed_sprints.put_off(current.lease, each, utcnow() + AGAIN)
        return True
    if issue.fields.get(each.chosen.field_id):
        owed_sprints.in_one_already(current.lease, each)
        return True
    return _send(current, client, each, number)


def _send(current: Current, client: JiraClient, each: OwedSprint, number: int) -> bool:
    assert each.chosen is not None
    # From before the look: whoever is frozen after it must not send when awake again.
    leave_by = utcnow() + fence.margin(current.lease)
    if not (fence.may_send(current.lease) and owed_sprints.leaves(current.lease, each)):
        db.session.rollback()
        return False
    db.session.commit()
    with recorded_calls() as calls, leaving_by(leave_by):
        try:
            client.edit_issue(each.issue_id, {each.chosen.field_id: number})
        except TooLate:
            return False
        except JiraError as error:
            return _failed(current, each, error)
    owed_sprints.arrived(current.lease, each, calls[0] if calls else None)
    return True


def _failed(current: Current, each: OwedSprint, error: JiraError) -> bool:
    """False when Jira asked everything to wait, or does not answer."""
    if isinstance(error, JiraUnauthorized):
        raise error
    log.info("sprint not set", extra=current.ids(link=each.link_id, error=str(error)))
    if isinstance(error, JiraRefused):
        owed_sprints.refused(current.lease, each, error)
        return True
    pauses.pause_if_asked(current.lease.connection_id, error)
    if not isinstance(error, JiraRateLimited):
        owed_sprints.unanswered(current.lease, each, error, utcnow() + AGAIN)
    db.session.commit()
    return False
