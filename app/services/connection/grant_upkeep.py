"""Whether a connection that cannot work may work again, and what keeps an idle grant alive.

A site that was unavailable, an installation that was set up wrongly and a Jira that did not answer
are each looked at after 1, 2, 5 and 10 minutes and then every 15: no item is tried for it.
Atlassian forgets a grant that was not used for 90 days (jira-platform.md §1.4).
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    and_,
    func,
    literal_column,
    not_,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError, JiraUnauthorized
from app.jira.types import Site
from app.models import (
    ENDS_WITHOUT_CONSENT,
    ConnectionState,
    JiraConnection,
    JiraWork,
    Organization,
    Plan,
    WorkKind,
)
from app.models.holding import hold
from app.models.obstacles import installation_goes_on
from app.models.prepared import prepared
from app.queue import ring_after_commit
from app.services import back_offs
from app.services.grants import pauses, site_names, tokens, verdicts
from app.services.grants.tokens import AccessToken
from app.services.outbound import connection_state
from app.services.owed import metadata_reads, reconciliations, webhook_upkeep
from app.services.work import owed as work_owed

IDLE = timedelta(days=60)
# Of what an outage of Atlassian has stopped at once, a few a second.
MOST_PER_TICK = 5
# Written out, because SQLite takes no parameter for the condition of an index.
_CONNECTED: ColumnElement[ConnectionState] = literal_column("'connected'")

log = logging.getLogger(__name__)


class Need(StrEnum):
    """Why a connection is looked after."""

    RETURN = "return"  # of its site, or of a right set-up
    ANSWER = "answer"  # of a Jira that did not answer
    REFRESH = "refresh"


@dataclass(frozen=True)
class Claimed:
    """The right to ask once for a connection, as it was when it was claimed."""

    connection_id: int
    generation: int
    need: Need


def owed_connections(now: datetime) -> list[int]:
    """The ids of a few connections to look after at `now` (aware UTC), the oldest wait first."""
    return list(db.session.scalars(*_owed_first(now)))


@prepared
def _owed_first(now: datetime) -> Select[int]:
    asked_last = select(JiraWork.not_before).where(
        JiraWork.connection_id == JiraConnection.id, JiraWork.kind == WorkKind.GRANT
    )
    waiting_since = func.coalesce(asked_last.scalar_subquery(), JiraConnection.state_changed_at)
    return (
        select(JiraConnection.id)
        .join(JiraConnection.organization)
        .where(JiraConnection.id.in_(_perhaps_owed(now)), _owed(now), installation_goes_on(now))
        .order_by(waiting_since, JiraConnection.id)
        .limit(MOST_PER_TICK)
    )


def claim(connection_id: int) -> Claimed | None:
    """Become the one that asks; None if that is not owed any more. To be committed at once.

    Whatever comes of it, the next who asks does so after the next wait.
    """
    now = utcnow()
    owed = select(JiraConnection.id).join(JiraConnection.organization).where(_owed(now))
    row = hold(connection_id)
    if row is None or db.session.scalar(owed.where(JiraConnection.id == row.id)) is None:
        return None
    work = row.works[WorkKind.GRANT]
    work.failures += 1
    work.not_before = now + back_offs.LOOK.after(work.failures + 1)
    db.session.flush()
    return Claimed(row.id, row.generation, _need(row))


@dataclass(frozen=True)
class Look:
    """Whether the need is met, and, where the site was asked for, what it is called by now."""

    well: bool
    site: Site | None = None


def look_after(claimed: Claimed) -> Look:
    """Ask Atlassian once for what the connection needs.

    No transaction may be open. Raises the errors of `app.jira`; a dead grant then says so itself.
    """
    if claimed.need is Need.REFRESH:
        tokens.access_token_of(claimed.connection_id)
        return Look(well=True)
    if claimed.need is Need.ANSWER:
        return Look(well=verdicts.ask(claimed.connection_id, verdicts.answers))
    site = verdicts.ask(claimed.connection_id, _site, looks=False)
    return Look(well=site is not None, site=site)


def record_failure(claimed: Claimed, error: JiraError) -> None:
    """Write down what only a person can mend, and a pause; anything else is asked again later."""
    log.warning(
        "grant not looked after",
        extra={"connection_id": claimed.connection_id, "error": str(error)},
    )
    pauses.pause_if_asked(claimed.connection_id, error)
    if isinstance(error, JiraUnauthorized) and error.reason != "installation":
        if claimed.need is Need.ANSWER:
            verdicts.give_up(claimed, error)
        elif claimed.need is Need.RETURN and (row := _as_claimed(claimed)):
            # Turned down again right after a good refresh.
            row.state, row.state_changed_at = ConnectionState.NEEDS_RECONNECT, utcnow()
            row.works[WorkKind.NOTICES].due_at = row.state_changed_at
    db.session.flush()


def record(claimed: Claimed, look: Look) -> None:
    """Write down what was found; where all is well, everything that waited for it goes out."""
    row = _as_claimed(claimed) if look.well else None
    if row is None:
        return
    row.works[WorkKind.GRANT].settle()
    if look.site is not None:
        site_names.follow(row, look.site.name, look.site.url)
    if claimed.need is Need.RETURN:
        _work_again(row)
    if claimed.need is not Need.REFRESH:
        connection_state.end_outage(row)
        ring_after_commit(row.id)
    db.session.flush()
    log.info("looked after", extra={"connection_id": row.id, "need": claimed.need})


def _work_again(row: JiraConnection) -> None:
    now = utcnow()
    row.state, row.state_changed_at = ConnectionState.CONNECTED, now
    row.works[WorkKind.NOTICES].due_at = None
    reconciliations.owe_after_gap(row, now)
    webhook_upkeep.owe_upkeep(row)
    metadata_reads.ring(row)


def _need(row: JiraConnection) -> Need:
    if row.state in ENDS_WITHOUT_CONSENT:
        return Need.RETURN
    return Need.ANSWER if row.outage_since else Need.REFRESH


def _owed(now: datetime) -> ColumnElement[bool]:
    due = or_(_stopped_for_a_while(now), _unanswered_for_a_while(now), _idle(now))
    return and_(not_(JiraConnection.is_paused(now)), work_owed.may_begin(WorkKind.GRANT, now), due)


def _perhaps_owed(now: datetime) -> CompoundSelect[int]:
    """The ids of all that may be owed it, each by its own index."""
    each = aliased(JiraConnection)
    stopped = select(each.id).where(
        each.state != _CONNECTED,
        each.state.in_(ENDS_WITHOUT_CONSENT),
        each.state_changed_at <= now - back_offs.LOOK.after(1),
    )
    unanswered = select(each.id).where(each.outage_since <= now - back_offs.LOOK.after(1))
    idle = select(each.id).where(func.coalesce(each.refreshed_at, each.connected_at) <= now - IDLE)
    return union_all(stopped, unanswered, idle)


def _stopped_for_a_while(now: datetime) -> ColumnElement[bool]:
    return and_(
        JiraConnection.state.in_(ENDS_WITHOUT_CONSENT),
        JiraConnection.state_changed_at <= now - back_offs.LOOK.after(1),
        Organization.plan != Plan.FREE,
    )


def _unanswered_for_a_while(now: datetime) -> ColumnElement[bool]:
    return and_(
        JiraConnection.state == ConnectionState.CONNECTED,
        JiraConnection.outage_since <= now - back_offs.LOOK.after(1),
        Organization.plan != Plan.FREE,
    )


def _idle(now: datetime) -> ColumnElement[bool]:
    """Also on Free: a downgrade keeps the grant (design.md §2)."""
    refreshed = func.coalesce(JiraConnection.refreshed_at, JiraConnection.connected_at)
    alive = (ConnectionState.CONNECTED, *ENDS_WITHOUT_CONSENT)
    return and_(JiraConnection.state.in_(alive), refreshed <= now - IDLE)


def _site(token: AccessToken) -> Site | None:
    """The connection's site, if the grant reaches it and it answers: a suspended one is listed."""
    listed = [each for each in tokens.oauth().sites(token.value) if each.cloud_id == token.cloud_id]
    try:
        return listed[0] if listed and verdicts.answers(token) else None
    except JiraUnauthorized as error:
        if error.reason != "site":
            raise
        return None


def _as_claimed(claimed: Claimed) -> JiraConnection | None:
    """The row, locked, while it has the same need and nobody has reconnected."""
    row = hold(claimed.connection_id, JiraConnection.generation == claimed.generation)
    return row if row is not None and _need(row) is claimed.need else None
