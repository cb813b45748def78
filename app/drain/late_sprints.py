"""Set the active sprint of issues that were created without it, in turn (design.md §2.10)."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

from app.clock import utcnow
from app.drain.current import Current
from app.drain.field_values import remember_sprints
from app.drain.going_on import has_right, may_go_on
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

log = logging.getLogger(__name__)

# What was read longer ago does not tell any more whether an issue is in none.
READ_AGAIN = timedelta(seconds=5)
# What is to be set in an issue, by the id of the sprint.
Wanted = tuple[OwedSprint, int]


def due(current: Current) -> list[OwedSprint]:
    """What is owed now, with the right to send it; mostly nothing is, which takes one question."""
    owed = owed_sprints.of_next_round(current.lease)
    return owed if owed and has_right(current, fence.may_send) else []


def set_them(current: Current, client: JiraClient, owed: Sequence[OwedSprint]) -> bool:
    """Look which sprint is active, and which issues are in none; these get it. False where Jira
    cannot be asked now. Raises JiraUnauthorized."""
    return all(_set_in(current, client, group) for group in _by_project(current, owed))


def _by_project(current: Current, owed: Sequence[OwedSprint]) -> list[list[OwedSprint]]:
    """One question is asked for each; what nobody wants any more is given up."""
    groups: dict[tuple[str, str], list[OwedSprint]] = {}
    for each in owed:
        if each.chosen is None:
            owed_sprints.give_up(current.lease, each)
        else:
            groups.setdefault((each.project_id, each.chosen.field_id), []).append(each)
    db.session.commit()
    return list(groups.values())


def _set_in(current: Current, client: JiraClient, group: Sequence[OwedSprint]) -> bool:
    """False where nothing more may be asked or sent now."""
    sprints = _known(current, group)
    if sprints is None:
        if not may_go_on(current, fence.may_send):
            return False
        try:
            sprints = _ask(current, client, group[0])
        except JiraError as error:
            return _not_read(current, group, error)
    fresh = active_sprints.fresh_until(current.lease.connection_id, group[0].project_id)
    numbers = [(each, _number(current, each, sprints, fresh)) for each in group]
    db.session.commit()
    wanted = [(each, number) for each, number in numbers if number is not None]
    return not wanted or _set_each(current, client, wanted)


def _set_each(current: Current, client: JiraClient, wanted: Sequence[Wanted]) -> bool:
    """They leave one by one: those that are left are read again after some seconds."""
    found: dict[str, Issue] = {}
    read_at: datetime | None = None
    for at, (each, number) in enumerate(wanted):
        if not may_go_on(current, fence.may_send):
            return False
        if read_at is None or utcnow() - read_at > READ_AGAIN:
            left, read_at = wanted[at:], utcnow()
            try:
                found = _read(client, left)
            except JiraError as error:
                return _not_read(current, [one for one, _ in left], error)
        if not _settle(current, client, each, number, found):
            return False
        db.session.commit()
    return True


def _number(
    current: Current, each: OwedSprint, sprints: Sequence[Sprint], fresh: datetime | None
) -> int | None:
    """The sprint that it is to have; None where that is recorded: there is none, or several."""
    assert each.chosen is not None
    try:
        return chosen_sprint(each.chosen.value, sprints)
    except NotSent as none:
        if none.lack is Lack.SEVERAL_SPRINTS:
            owed_sprints.give_up(current.lease, each, NoteReason.SEVERAL_SPRINTS)
        else:
            _look_again(current, each, fresh)
    return None


def _look_again(current: Current, each: OwedSprint, fresh: datetime | None) -> None:
    """Once Jira may be asked again, and at the end of the ten minutes at the latest."""
    now = utcnow()
    if each.until - now < AGAIN:
        owed_sprints.give_up(current.lease, each)
        return
    owed_sprints.put_off(current.lease, each, min(max(fresh or now, now + AGAIN), each.until))


def _known(current: Current, group: Sequence[OwedSprint]) -> Sequence[Sprint] | None:
    """Those of their project, as read in the last ten minutes; None: Jira is to be asked."""
    connection_id, project_id = current.lease.connection_id, group[0].project_id
    known = active_sprints.known(connection_id, [project_id]).get(project_id)
    fresh = active_sprints.fresh_until(connection_id, project_id)
    db.session.commit()
    refused_at = max((each.created_at for each in group if each.refused), default=None)
    # What a create was refused with may have been closed by then.
    older = fresh is None or (refused_at is not None and fresh - active_sprints.FRESH <= refused_at)
    return None if older else known


def _ask(current: Current, client: JiraClient, each: OwedSprint) -> Sequence[Sprint]:
    """Raises JiraError where Jira did not say."""
    assert each.chosen is not None
    try:
        read = client.active_sprints(each.project_id, each.chosen.field_id)
    except JiraRefused as error:
        # An answer, too: asking again would be refused again.
        log.warning("sprints refused", extra=current.ids(error=str(error)))
        read = []
    return remember_sprints(current, each.project_id, read)


def _read(client: JiraClient, wanted: Sequence[Wanted]) -> dict[str, Issue]:
    fields = sorted({each.chosen.field_id for each, _ in wanted if each.chosen})
    found = client.bulk_fetch([each.issue_id for each, _ in wanted], fields=fields)
    return {issue.id: issue for issue in found}


def _not_read(current: Current, group: Sequence[OwedSprint], error: JiraError) -> bool:
    """All of them wait: False, since Jira is not asked for others either."""
    if isinstance(error, JiraUnauthorized):
        raise error
    log.warning("owed sprints not read", extra=current.ids(error=str(error)))
    pauses.pause_if_asked(current.lease.connection_id, error)
    for each in group:
        owed_sprints.put_off(current.lease, each, utcnow() + AGAIN)
    db.session.commit()
    return False


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
