"""What the engine will do next for a link, and when. Reads rows, decides as the engine does."""

from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from app.models import ConnectionState, IssueLink, JiraConnection, LinkState, WorkKind
from app.models.obstacles import Obstacle, obstacle
from app.services.back_offs import RETRIES
from app.services.grants.pauses import paused_until
from app.services.linking import finishing
from app.services.mapping.mappings import does_not_sync, mapping_for
from app.services.points import waiting_words
from app.services.work import lengths

_STOPPED = {
    ConnectionState.NEEDS_RECONNECT: "waits until an admin connects Jira again",
    ConnectionState.SITE_UNAVAILABLE: "waits until the site answers, which is looked at by itself",
    ConnectionState.MISCONFIGURED: (
        "waits for the operator: the client secret or the keys are wrong; `flask doctor`"
    ),
    ConnectionState.DISCONNECTED: "waits until an admin connects Jira again",
}
_AT_REST = {
    LinkState.ERROR: "gave up: waits for Retry, an edit, or the end of an outage",
    LinkState.SYNCED: "nothing is owed: what changes here or in Jira makes it due",
    LinkState.DELETED: "its issue is gone from Jira: waits for Create again",
    LinkState.UNSEEN: "its issue cannot be seen: the next reconciliation looks again",
}


@dataclass(frozen=True)
class NextStep:
    """`at` (aware UTC): when it comes, as far as a clock decides it; None where it is not a clock.

    `now`: a drain may take the link at this moment.
    """

    words: str
    at: datetime | None = None
    now: bool = False


def next_step(link: IssueLink, now: datetime) -> NextStep:
    """What comes next for the link, at `now` (aware UTC)."""
    return _over(link) or _held(link, now) or _later(link, now) or _in_a_drain(link, now)


def _over(link: IssueLink) -> NextStep | None:
    """Nothing of it is to be sent."""
    looks = NextStep(
        "a second look, whether Jira holds two issues", link.recheck_at
    ) if link.recheck_at else None  # fmt: skip
    if not link.active:
        return looks or NextStep("nothing: this link is closed")
    if link.action_item.let_go and not link.stamped:
        how = "deleted" if link.action_item.deleted_at is not None else "dropped"
        return NextStep(f"nothing: its action item was {how}")
    if link.due_at is None:
        return looks or NextStep(_AT_REST.get(link.state, "nothing is owed"))
    return None


def _held(link: IssueLink, now: datetime) -> NextStep | None:
    """Something else has to happen first."""
    connection = link.connection
    why = obstacle(connection, now)
    if why is Obstacle.PLAN:
        return NextStep("waits for a plan with Jira")
    if why is Obstacle.CONNECTION:
        return NextStep(_STOPPED[connection.state])
    if why is Obstacle.HOLD:
        return NextStep("waits on hold, after a restore, for `flask jira release`")
    if why is Obstacle.SUSPENSION:
        return NextStep("waits until an admin resumes syncing (Jira settings, Pause)")
    if why is Obstacle.PAUSE:
        return NextStep("goes on when the pause that Jira asked for ends", _pause(connection, now))
    return _unwanted(link) if not link.stamped else _elsewhere(link)


def _unwanted(link: IssueLink) -> NextStep | None:
    """Nobody wants it sent at the moment."""
    if does_not_sync(link.action_item.retrospective.team):
        return NextStep("waits: its team does not sync (Jira settings, Per-Team Overrides)")
    finished = finishing.now_of(link.action_item) if not link.created else None
    if finished is not None:
        return NextStep("waits for somebody who creates its issue in Jira by hand", finished.until)
    return _elsewhere(link)


def _elsewhere(link: IssueLink) -> NextStep | None:
    if link.is_elsewhere:
        return NextStep("waits until the site that its issue is on is connected again")
    return None


def _pause(connection: JiraConnection, now: datetime) -> datetime | None:
    return paused_until(connection, now)


def _later(link: IssueLink, now: datetime) -> NextStep | None:
    """A clock decides."""
    assert link.due_at is not None
    connection, work = link.connection, link.connection.works[WorkKind.DRAIN]
    at = max(link.due_at, link.not_before or link.due_at)
    if at > now:
        return NextStep(_deed(link), at)
    if until := waiting_words.waits_until(link, connection, now):
        return NextStep(f"{_deed(link)}, once an hour's points are there again", until)
    near = connection.near_limit_until
    if near is not None and near > now and not _awaited(link):
        return NextStep(f"{_deed(link)}, once Jira's limit is not near any more", near)
    if work.not_before is not None and work.not_before > now:
        return NextStep(
            f"{_deed(link)}; a drain ended with an unexpected error (see the workers' log)",
            work.not_before,
        )
    return None


def _in_a_drain(link: IssueLink, now: datetime) -> NextStep:
    work = link.connection.works[WorkKind.DRAIN]
    until = work.lease_until
    if until is not None and now < until <= lengths.latest_end(now):
        whose = "this link" if link.claim_id == work.lease_id else "the connection"
        return NextStep(f"{_deed(link)}: a drain is at {whose} just now", now=True)
    left = "; a drain that died had it" if link.claim_id else ""
    return NextStep(
        f"{_deed(link)}, with the next tick{left}. If this stays so: `flask doctor`", now=True
    )


def _deed(link: IssueLink) -> str:
    if link.stamped:
        probes = len(current_app.config["SYNC_PROBE_DELAYS"])
        return f"probe {link.empty_probes + 1} of {probes}: does Jira have the issue?"
    if link.created:
        return "an update of what was changed here"
    if mapping_for(link.action_item.retrospective.team) is None:
        return "nothing: its team has no project yet; choosing one in the settings lets it go"
    return f"a create, try {link.tries + 1} of {RETRIES + 1}"


def _awaited(link: IssueLink) -> bool:
    """A create that somebody waits for goes before the others while little of the limit is left."""
    return not link.created and (link.backfill_id is None or link.stamped)
