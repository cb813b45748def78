"""Let issues that people chose say whose they are: read, write our property, read it back.

Read first, because somebody else may have come before; read back, because somebody may have come
in between. Killed at any point, the next drain does the same again (design.md §3.7).
"""

import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeVar

from app.clock import utcnow
from app.drain.current import Current, delays
from app.drain.going_on import may_go_on
from app.drain.looking import FIELDS
from app.extensions import db
from app.jira.client import JiraClient, recorded_calls
from app.jira.errors import (
    JiraError,
    JiraRateLimited,
    JiraRefused,
    JiraUnauthorized,
    JiraUnavailable,
)
from app.jira.types import Call, FetchedIssues, Issue
from app.models import Operation
from app.services.linking import unmarked
from app.services.linking.unmarked import Unmarked
from app.services.outbound import fence, outcomes, probe
from app.services.outbound.plan import PROPERTY

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer")


class Written(NamedTuple):
    """An issue that says whose it is, as far as was answered. call: None, if it did already."""

    unmarked: Unmarked
    call: Call | None = None


def mark(current: Current, client: JiraClient, chosen: Sequence[Unmarked]) -> None:
    """All of it for links that were just claimed. Raises JiraUnauthorized."""
    there = _read(current, client, chosen)
    written = [_write(current, client, each, issue) for each, issue in there]
    calls = {each.unmarked: each.call for each in written if each is not None}
    for each, issue in _read(current, client, list(calls)):
        if each.is_marked(issue):
            unmarked.marked(current.lease, each, issue, calls[each])
            log.info("issue marked", extra=current.ids(link=each.link_id))
        else:
            unmarked.belongs_elsewhere(current.lease, each)
        db.session.commit()


def fail_without_token(current: Current, chosen: Sequence[Unmarked], error: JiraError) -> None:
    """Nothing could be asked, because no token could be had to ask with. Commits."""
    if not isinstance(error, JiraRateLimited):
        error = JiraUnavailable(error.operation, status=error.status, trace_id=error.trace_id)
    for each in chosen:
        _fail(current, each, error)


def _read(
    current: Current, client: JiraClient, chosen: Sequence[Unmarked]
) -> list[tuple[Unmarked, Issue]]:
    """The issues that are there. What is not, or cannot be read, is recorded."""
    if not chosen or not may_go_on(current, fence.may_read):
        return []
    try:
        found, call = _asked(lambda: _fetched(client, chosen))
    except JiraUnauthorized:
        raise
    except JiraError as error:
        for each in chosen:
            _fail(current, each, error)
        return []
    issues = {issue.id: issue for issue in found}
    for each in chosen:
        if each.issue_id in found.unreadable:
            _fail(current, each, JiraUnavailable("bulk_fetch"), call)
        elif each.issue_id not in issues:
            _fail_absent(current, client, each, call)
    return [(each, issues[each.issue_id]) for each in chosen if each.issue_id in issues]


def _fetched(client: JiraClient, chosen: Sequence[Unmarked]) -> FetchedIssues:
    ids = [each.issue_id for each in chosen]
    return client.bulk_fetch(ids, fields=FIELDS, properties=[PROPERTY])


def _write(current: Current, client: JiraClient, each: Unmarked, issue: Issue) -> Written | None:
    """What is to be read back. An earlier try may have written it already."""
    allowed = unmarked.may_be_marked(current.lease, each, issue)
    db.session.commit()
    if not allowed:
        unmarked.belongs_elsewhere(current.lease, each)
        db.session.commit()
        return None
    if each.is_marked(issue):
        return Written(each)
    if not may_go_on(current, fence.may_send):
        return None
    try:
        _, call = _asked(lambda: client.set_issue_property(each.issue_id, PROPERTY, each.mark))
    except JiraUnauthorized:
        raise
    except JiraError as error:
        _fail(current, each, error)
        return None
    return Written(each, call)


def _asked(ask: Callable[[], _Answer]) -> tuple[_Answer, Call | None]:
    with recorded_calls() as calls:
        answer = ask()
    return answer, calls[-1] if calls else None


def _fail_absent(current: Current, client: JiraClient, each: Unmarked, call: Call | None) -> None:
    """Deleted, if its project may be seen at all; else out of sight."""
    try:
        seen = each.project_id is not None and probe.browsable(client, each.project_id)
    except JiraUnauthorized:
        raise
    except JiraError as error:
        _fail(current, each, error)
        return
    gone = JiraRefused("bulk_fetch", status=404)
    _fail(current, each, gone, call, {probe.BROWSE: seen})


def _fail(
    current: Current,
    each: Unmarked,
    error: JiraError,
    call: Call | None = None,
    permissions: dict[str, bool] | None = None,
) -> None:
    tried = outcomes.Try(Operation.UPDATE, each.tries, utcnow(), permissions)
    decision = outcomes.outcome_of(error, tried, delays())
    unmarked.failed(current.lease, each, error, decision, call)
    db.session.commit()
    log.info("issue not marked", extra=current.ids(link=each.link_id, error=str(error)))
