"""What keeps a grant alive by itself: an idle one is refreshed, and an unavailable site looked for.

Atlassian forgets a grant that was not used for 90 days (jira-platform.md §1.4).
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, update

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError, JiraRefused, JiraUnauthorized
from app.jira.types import Site
from app.models import (
    ConnectionState,
    IssueLink,
    JiraConnection,
    JiraWork,
    Organization,
    Plan,
    WorkKind,
)
from app.models.holding import hold
from app.models.obstacles import installation_paused
from app.queue import ring_after_commit
from app.services.grants import clients, pauses, tokens, verdicts
from app.services.grants.tokens import AccessToken
from app.services.outbound import connection_state
from app.services.owed import metadata_reads, reconciliations, webhook_upkeep
from app.services.work import owed as work_owed

IDLE = timedelta(days=60)
EVERY = timedelta(minutes=15)
# Of what an outage of Atlassian has stopped at once, a few a second.
MOST_PER_TICK = 5

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Claimed:
    """The right to ask once for a connection, as it was when it was claimed."""

    connection_id: int
    generation: int
    site_unavailable: bool


def owed_connections(now: datetime) -> list[int]:
    """The ids of a few connections to look after at `now` (aware UTC), the oldest wait first."""
    if installation_paused(now):
        return []
    asked_last = select(JiraWork.not_before).where(
        JiraWork.connection_id == JiraConnection.id, JiraWork.kind == WorkKind.GRANT
    )
    waiting_since = func.coalesce(asked_last.scalar_subquery(), JiraConnection.state_changed_at)
    found = (
        select(JiraConnection.id)
        .join(JiraConnection.organization)
        .where(_owed(now))
        .order_by(waiting_since, JiraConnection.id)
        .limit(MOST_PER_TICK)
    )
    return list(db.session.scalars(found))


def claim(connection_id: int) -> Claimed | None:
    """Become the one that asks; None if that is not owed any more. To be committed at once.

    Whatever comes of it, the next who asks does so 15 minutes later.
    """
    now = utcnow()
    owed = select(JiraConnection.id).join(JiraConnection.organization).where(_owed(now))
    row = hold(connection_id)
    if row is None or db.session.scalar(owed.where(JiraConnection.id == row.id)) is None:
        return None
    row.works[WorkKind.GRANT].not_before = now + EVERY
    db.session.flush()
    unavailable = row.state is ConnectionState.SITE_UNAVAILABLE
    return Claimed(row.id, row.generation, unavailable)


def look_after(claimed: Claimed) -> Site | None:
    """Refresh the grant where that is due; return the site if it was unavailable and is back.

    No transaction may be open. Raises the errors of `app.jira`; a dead grant then says so itself.
    """
    if not claimed.site_unavailable:
        tokens.access_token_of(claimed.connection_id)
        return None
    return verdicts.ask(claimed.connection_id, _site, looks=False)


def record_failure(claimed: Claimed, error: JiraError) -> None:
    """Write down what only a person can mend, and a pause; anything else is asked again later."""
    log.warning(
        "grant not looked after",
        extra={"connection_id": claimed.connection_id, "error": str(error)},
    )
    pauses.pause_if_asked(claimed.connection_id, error)
    if isinstance(error, JiraUnauthorized) and (row := _unavailable(claimed)):
        # Turned down again right after a good refresh.
        row.state, row.state_changed_at = ConnectionState.NEEDS_RECONNECT, utcnow()
        row.works[WorkKind.NOTICES].due_at = row.state_changed_at
    db.session.flush()


def record_return(claimed: Claimed, site: Site) -> None:
    """The site is there again: everything that waited for it goes out, under its present name."""
    row = _unavailable(claimed)
    if row is None:
        return
    now = utcnow()
    row.state, row.state_changed_at = ConnectionState.CONNECTED, now
    row.works[WorkKind.NOTICES].due_at = row.works[WorkKind.GRANT].not_before = None
    _rename(row, site)
    connection_state.end_outage(row)
    reconciliations.owe_after_gap(row, now)
    webhook_upkeep.owe_upkeep(row)
    metadata_reads.ring(row)
    db.session.flush()
    ring_after_commit(row.id)
    log.info("site is back", extra={"connection_id": row.id})


def _owed(now: datetime) -> ColumnElement[bool]:
    due = or_(_unavailable_for_long(now), _idle(now))
    return and_(not_(JiraConnection.is_paused(now)), work_owed.may_begin(WorkKind.GRANT, now), due)


def _unavailable_for_long(now: datetime) -> ColumnElement[bool]:
    return and_(
        JiraConnection.state == ConnectionState.SITE_UNAVAILABLE,
        JiraConnection.state_changed_at <= now - EVERY,
        Organization.plan != Plan.FREE,
    )


def _idle(now: datetime) -> ColumnElement[bool]:
    """Also on Free: a downgrade keeps the grant (design.md §2)."""
    refreshed = func.coalesce(JiraConnection.refreshed_at, JiraConnection.connected_at)
    alive = (ConnectionState.CONNECTED, ConnectionState.SITE_UNAVAILABLE)
    return and_(JiraConnection.state.in_(alive), refreshed <= now - IDLE)


def _site(token: AccessToken) -> Site | None:
    """The connection's site, if the grant reaches it and it answers: a suspended one is listed."""
    listed = [each for each in tokens.oauth().sites(token.value) if each.cloud_id == token.cloud_id]
    if not listed:
        return None
    client = clients.client_for(token)
    try:
        client.myself()
    except JiraRefused:
        return None
    except JiraUnauthorized as error:
        if error.reason != "site":
            raise
        return None
    finally:
        client.close()
    return listed[0]


def _unavailable(claimed: Claimed) -> JiraConnection | None:
    """The row, locked, while it waits for its site and nobody has reconnected."""
    return hold(
        claimed.connection_id,
        JiraConnection.generation == claimed.generation,
        JiraConnection.state == ConnectionState.SITE_UNAVAILABLE,
    )


def _rename(row: JiraConnection, site: Site) -> None:
    """Sites are renamed; the cloud id is the identity. Keys follow to the new address."""
    row.site_name = site.name
    if site.url == row.site_url or not site.url.startswith(("https://", "http://")):
        return
    row.site_url = site.url
    db.session.execute(
        update(IssueLink)
        .where(IssueLink.connection_id == row.id, IssueLink.cloud_id == row.cloud_id)
        .values(site_url=site.url, revision=IssueLink.revision + 1)
    )
