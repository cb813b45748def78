"""From what happened to what we do about it: the table of design.md §4, as pure functions.

Jira's texts are translated and misleading, so everything is decided by the error's class, its
status, the fields it names and what `mypermissions` answered (jira-platform.md §3).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from app.jira.errors import (
    JiraError,
    JiraRateLimited,
    JiraRefused,
    JiraTurnedAway,
    JiraUnauthorized,
)
from app.models import AssigneeNote, FailureCode, LinkState, Operation, Outcome
from app.services.back_offs import asked_wait
from app.services.fields.table import ASSIGNEE, BY_ID
from app.services.grants.pauses import Pause, pause_of


@dataclass(frozen=True)
class Try:
    """What was tried, and what is known about it."""

    operation: Operation
    failures_before: int
    now: datetime
    # What `mypermissions` answered, or None when it was not asked or did not answer.
    permissions: Mapping[str, bool] | None = None
    sent_account: bool = False
    # Somebody else's account, because the owner is not matched.
    sent_substitute: bool = False
    # Looked up where the permissions forbid it, or where the screen could not be read.
    archived: bool = False
    type_gone: bool = False


@dataclass(frozen=True)
class Delays:
    """Seconds before retry 1, 2, 3 and before the first probe; `jitter` multiplies the former."""

    retries: Sequence[float]
    first_probe: float
    jitter: float = 1.0


@dataclass(frozen=True)
class Decision:
    state: LinkState
    outcome: Outcome
    code: FailureCode | None = None
    fields: tuple[str, ...] = ()
    counts_as_try: bool = False
    not_before: datetime | None = None
    still_due: bool = True
    pause: Pause | None = None
    assignee_note: AssigneeNote | None = None
    drops_metadata: bool = False

    @property
    def gives_up(self) -> bool:
        """Whether it is not tried again by itself, though its issue is there, or may be made."""
        return self.state is LinkState.ERROR


def outcome_of(error: JiraError, tried: Try, delays: Delays) -> Decision:
    """What becomes of a link after `error`."""
    if isinstance(error, JiraRateLimited):
        pause = pause_of(error, tried.now)
        return Decision(LinkState.WAITING, Outcome.RATE_LIMITED, pause=pause)
    if isinstance(error, JiraUnauthorized):
        return Decision(LinkState.WAITING, Outcome.UNAUTHORIZED)
    if isinstance(error, JiraRefused):
        return _refused(error, tried, delays)
    if isinstance(error, JiraTurnedAway):
        return _retry(error, tried, delays, Outcome.REFUSED, FailureCode.TURNED_AWAY)
    if tried.operation is Operation.CREATE and error.outcome_unknown:
        wait = max(timedelta(seconds=delays.first_probe), asked_wait(error))
        return Decision(
            LinkState.UNKNOWN,
            Outcome.UNKNOWN,
            FailureCode.JIRA_UNAVAILABLE,
            counts_as_try=True,
            not_before=tried.now + wait,
        )
    return _retry(error, tried, delays, Outcome.UNAVAILABLE, FailureCode.JIRA_UNAVAILABLE)


def with_fresh_tries(
    decision: Decision, error: JiraError, now: datetime, delays: Delays
) -> Decision:
    """The same of a last try during which the action item was changed: the first of fresh ones."""
    again = _again(error, 0, now, delays)
    return replace(decision, state=LinkState.RETRYING, not_before=again, still_due=True)


def after_empty_probes(failures: int, delays: Delays) -> LinkState:
    """Both probes found nothing: create again, unless the tries are used up."""
    return LinkState.ERROR if failures > len(delays.retries) else LinkState.WAITING


def _refused(error: JiraRefused, tried: Try, delays: Delays) -> Decision:
    if ASSIGNEE.id in error.field_errors and error.status == 400:
        return _assignee_refused(tried)
    code = _code(error, tried)
    if code is None:
        return _gone(tried)
    drops = error.status == 400 and bool(error.field_errors)
    fields = tuple(sorted(error.field_errors))
    decided = _retry(error, tried, delays, Outcome.REFUSED, code)
    return replace(decided, fields=fields, drops_metadata=drops)


def _assignee_refused(tried: Try) -> Decision:
    """An issue never fails for its assignee: again at once, unassigned, then without the field."""
    note = AssigneeNote.NOT_ASSIGNABLE if tried.sent_account else AssigneeNote.NOT_ON_SCREEN
    if tried.sent_substitute:
        note = AssigneeNote.SUBSTITUTE_REFUSED
    return Decision(LinkState.WAITING, Outcome.REFUSED, assignee_note=note)


def _gone(tried: Try) -> Decision:
    """404 on an issue that we had: deleted, if we may see its project at all (design.md §2)."""
    if tried.permissions and tried.permissions.get("BROWSE_PROJECTS"):
        return Decision(LinkState.DELETED, Outcome.REFUSED, still_due=False)
    return Decision(LinkState.UNSEEN, Outcome.REFUSED, FailureCode.MAY_NOT_BROWSE, still_due=False)


def _code(error: JiraRefused, tried: Try) -> FailureCode | None:
    """The product's own term; None for an issue that is not there any more."""
    if tried.operation is Operation.UPDATE:
        return _update_code(error, tried)
    if tried.type_gone:
        return FailureCode.ISSUE_TYPE_GONE
    return _permission_code(error, tried) or _create_code(error)


def _permission_code(error: JiraRefused, tried: Try) -> FailureCode | None:
    permissions = tried.permissions
    if error.status not in {400, 403, 404} or permissions is None:
        return None
    if not permissions.get("BROWSE_PROJECTS"):
        return FailureCode.PROJECT_GONE
    if tried.archived:
        return FailureCode.PROJECT_ARCHIVED
    if not permissions.get("CREATE_ISSUES"):
        return FailureCode.MAY_NOT_CREATE
    return None


def _create_code(error: JiraRefused) -> FailureCode:
    named = set(error.field_errors)
    if "project" in named or error.status == 404:
        return FailureCode.PROJECT_GONE
    if "issuetype" in named:
        return FailureCode.ISSUE_TYPE_GONE
    if error.status == 403:
        return FailureCode.MAY_NOT_CREATE
    if named - BY_ID.keys():
        return FailureCode.REQUIRED_FIELD
    return _common_code(error)


def _update_code(error: JiraRefused, tried: Try) -> FailureCode | None:
    if error.status == 404:
        return None
    may_edit = tried.permissions is None or tried.permissions.get("EDIT_ISSUES", True)
    if error.status == 403 or (error.status == 400 and not may_edit):
        return FailureCode.PROJECT_ARCHIVED if tried.archived else FailureCode.MAY_NOT_EDIT
    return _common_code(error)


def _common_code(error: JiraRefused) -> FailureCode:
    by_status = {409: FailureCode.CONFLICT, 413: FailureCode.TOO_LARGE}
    if error.status in by_status:
        return by_status[error.status]
    return FailureCode.FIELD_REFUSED if error.field_errors else FailureCode.REFUSED


def _retry(
    error: JiraError, tried: Try, delays: Delays, outcome: Outcome, code: FailureCode
) -> Decision:
    """Retry with back-off and jitter, `Retry-After` as the minimum; after the last, sync error."""
    if tried.failures_before >= len(delays.retries):
        return Decision(LinkState.ERROR, outcome, code, counts_as_try=True, still_due=False)
    again = _again(error, tried.failures_before, tried.now, delays)
    return Decision(LinkState.RETRYING, outcome, code, counts_as_try=True, not_before=again)


def _again(error: JiraError, failures_before: int, now: datetime, delays: Delays) -> datetime:
    """When it is tried again (aware UTC): not before Jira wants it."""
    wait = timedelta(seconds=delays.retries[failures_before] * delays.jitter)
    return now + max(wait, asked_wait(error))
