"""The second half of a round: read issues whose time it is, and write down what changed."""

import logging
from collections.abc import Container, Sequence

from app import clock
from app.clock import utcnow
from app.drain.current import Current
from app.drain.going_on import has_right, may_go_on
from app.extensions import db
from app.jira.client import JiraClient, recorded_calls
from app.jira.errors import JiraError, JiraRefused, JiraUnauthorized
from app.jira.issues import ISSUES_PER_REQUEST
from app.models import JiraConnection, WorkKind
from app.services.fields.table import READ_BACK
from app.services.grants import pauses
from app.services.inbound import apply, due_reads, pending, recent_looks, reconciliation
from app.services.inbound.apply import Seen
from app.services.inbound.changes import Absence
from app.services.inbound.pending import Reading
from app.services.outbound import connection_state, fence
from app.services.outbound.seen_statuses import STATUS
from app.services.webhooks import owed as webhooks_owed

FIELDS = (*STATUS, *(field.id for field in READ_BACK), "updated")
BROWSE = "BROWSE_PROJECTS"
# What was delivered comes first again after so many requests.
REQUESTS_PER_ROUND = 3
# However slow Jira is, the drain ends long before its job is ended.
READ_SECONDS = 20.0

log = logging.getLogger(__name__)


def owed(current: Current) -> bool:
    """Whether there is anything to read, and the right to ask for it."""
    reads = due_reads.reads_are_due(current.lease.connection_id, utcnow())
    return reads and has_right(current, fence.may_read)


def read_back(current: Current, client: JiraClient) -> bool:
    """Read and write what is owed, a few requests of it. False when Jira cannot be read now.

    Raises JiraUnauthorized.
    """
    until = clock.monotonic() + READ_SECONDS
    try:
        with recorded_calls() as calls:
            went_well = (
                _delivered(current, client, until)
                and _look_around(current, client, until)
                and _look_at_the_latest(current, client)
            )
    except JiraUnauthorized:
        raise
    except JiraError as error:
        db.session.rollback()
        wait(current, error)
        return False
    if calls:
        connection_state.note_answers(current.lease, calls)
        db.session.commit()
    return went_well


def _delivered(current: Current, client: JiraClient, until: float) -> bool:
    """Read the issues that deliveries named. False when there is no right to go on."""
    found = pending.unapplied(current.lease, utcnow())
    if found is None:
        db.session.commit()
        return True
    readings = pending.readings(current.lease, found.issue_ids)
    ours = {each.issue_id for each in readings}
    strangers = [issue_id for issue_id in found.issue_ids if issue_id not in ours]
    pending.applied(current.lease, strangers, found.last_id, utcnow())
    db.session.commit()
    for start in range(0, len(readings), ISSUES_PER_REQUEST):
        if clock.monotonic() > until:
            break
        asked = readings[start : start + ISSUES_PER_REQUEST]
        seen = _read(current, client, asked)
        if seen is None or apply.apply(current.lease, seen, utcnow()) is None:
            db.session.rollback()
            return False
        settled = {each.reading.issue_id for each in seen}
        pending.applied(current.lease, settled, found.last_id, utcnow())
        pending.put_off(current.lease, {each.issue_id for each in asked} - settled, utcnow())
        db.session.commit()
    return True


def _look_around(current: Current, client: JiraClient, until: float) -> bool:
    """Go on with the reconciliation, if one is owed. False when there is no right to go on."""
    for _ in range(REQUESTS_PER_ROUND):
        if clock.monotonic() > until:
            break
        look = reconciliation.going_on(current.lease, utcnow())
        asked = reconciliation.next_slice(current.lease, look) if look else []
        if look is not None and not asked:
            _finish(current, look.id)
        look_id = look.id if look is not None else 0
        db.session.commit()
        if not asked:
            return True
        seen = _read(current, client, asked)
        noticed = apply.apply(current.lease, seen, utcnow()) if seen is not None else None
        if noticed is None:
            db.session.rollback()
            return False
        known = pending.delivered(current.lease, noticed)
        caught = sum(issue_id not in known for issue_id in noticed)
        reconciliation.advance(look_id, asked, caught)
        db.session.commit()
    return True


def _look_at_the_latest(current: Current, client: JiraClient) -> bool:
    """One request, if it is time for it. False when there is no right to go on."""
    asked = recent_looks.next_look(current.lease, utcnow())
    db.session.commit()
    if not asked:
        return True
    seen = _read(current, client, asked)
    if seen is None or apply.apply(current.lease, seen, utcnow()) is None:
        db.session.rollback()
        return False
    db.session.commit()
    return True


def _finish(current: Current, look_id: int) -> None:
    """Issues that moved out of the webhook's filter are told of by nobody but a look."""
    reconciliation.finish(look_id, utcnow())
    connection = db.session.get_one(JiraConnection, current.lease.connection_id)
    if connection.works[WorkKind.WEBHOOK].error is None:
        webhooks_owed.projects_changed(connection)


def _read(current: Current, client: JiraClient, asked: Sequence[Reading]) -> list[Seen] | None:
    """What became of each issue, but for those that Jira could not return just now.

    None when there is no right to ask any more.
    """
    if not may_go_on(current, fence.may_read):
        return None
    issues = client.bulk_fetch([each.issue_id for each in asked], fields=FIELDS)
    found = {issue.id: issue for issue in issues}
    return [
        Seen(each, found.get(each.issue_id), _absence(current, client, each, found))
        for each in asked
        if each.issue_id not in issues.unreadable
    ]


def _absence(
    current: Current, client: JiraClient, reading: Reading, found: Container[str]
) -> Absence | None:
    """Jira leaves out without a word what is gone and what the account may not see."""
    if reading.issue_id in found:
        return None
    seen = reading.project_key is not None and _browsable(current, client, reading.project_key)
    return Absence.DELETED if seen else Absence.UNSEEN


def _browsable(current: Current, client: JiraClient, project_key: str) -> bool:
    """Asked once per drain, by the project that the issue was last known in."""
    if project_key not in current.browsable:
        try:
            answer = client.permissions([BROWSE], project_key=project_key)
        except JiraRefused:
            answer = {}  # a project that cannot be seen is refused, not answered with "no"
        current.browsable[project_key] = answer.get(BROWSE, False)
    return current.browsable[project_key]


def wait(current: Current, error: JiraError) -> None:
    """What was to be read stays owed until the pause, or the outage, is over."""
    if not pauses.pause_if_asked(current.lease.connection_id, error):
        connection_state.note_unread(current.lease, error)
    db.session.commit()
    log.warning("issues not read", extra=current.ids(error=str(error)))
