"""Pausing syncing, and resuming it: Owner and Admins, with a reason that everybody reads."""

from datetime import datetime

from app.extensions import db
from app.models import Organization, Suspension, User, WorkKind
from app.models.holding import hold_of
from app.queue import ring_after_commit
from app.services import audit
from app.services.errors import JiraNotConnected, UnpackError
from app.services.grants.asking import require_connection
from app.services.owed import reconciliations

LONGEST_REASON = 200


class SyncingPaused(UnpackError):
    sentence = "Syncing is paused already."


class ReasonMissing(UnpackError):
    sentence = "Say why. Everybody reads it at their action items."


class ReasonTooLong(UnpackError):
    sentence = f"Use at most {LONGEST_REASON} characters."


def suspend(organization: Organization, user: User, reason: str, now: datetime) -> None:
    """Let nothing more be pushed or read from `now` (aware UTC) on, until somebody resumes it.

    What has left by then is recorded. Raises `ReasonMissing`, `ReasonTooLong`, `SyncingPaused`,
    `PlanWithoutJira` and `JiraNotConnected`.
    """
    reason = " ".join(reason.split())
    if not reason:
        raise ReasonMissing
    if len(reason) > LONGEST_REASON:
        raise ReasonTooLong
    connection = require_connection(organization, locked=True)
    if connection.suspended:
        raise SyncingPaused
    connection.suspension = Suspension(since=now, by=user, reason=reason)
    audit.record(organization, user, "jira.paused", at=now, reason=reason)


def resume(organization: Organization, user: User, now: datetime) -> bool:
    """Let what waits go out, and look at every linked issue once. False: it was not paused.

    `now` is aware UTC. Raises `JiraNotConnected` where there never was a connection.
    """
    connection = hold_of(organization)
    if connection is None:
        raise JiraNotConnected
    if connection.suspension is None:
        return False
    since = connection.suspension.since
    connection.suspension = None
    if connection.works[WorkKind.READING].due_at is not None:
        reconciliations.owe(connection, now)
    audit.record(
        organization, user, "jira.resumed", at=now, since=since.isoformat(timespec="seconds")
    )
    db.session.flush()
    ring_after_commit(connection.id)
    return True
