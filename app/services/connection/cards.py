"""What the Jira card and the settings page say of a connection, and the numbers on them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, select

from app.models import (
    TROUBLED,
    ActionItem,
    ConnectionState,
    IssueLink,
    JiraConnection,
    Organization,
    PendingGrant,
)
from app.services.connection import consent
from app.services.connection.connect import waiting_grant
from app.services.counts import Count, counted
from app.services.grants.pauses import paused_until
from app.services.labels import Sentence
from app.services.outbound.links import failed_count, synced_since
from app.services.points import waiting_words

WEEK = timedelta(days=7)
# Every moment is after it: unlike IS NOT NULL, that is a range of an index, on SQLite too.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


class CardState(StrEnum):
    NOT_SET_UP = "not-set-up"
    FREE = "free"
    NOT_CONNECTED = "not-connected"
    CONNECTING = "connecting"
    CONNECTED = "connected"
    NEEDS_RECONNECT = "needs-reconnect"
    SITE_UNAVAILABLE = "site-unavailable"
    MISCONFIGURED = "misconfigured"
    ON_HOLD = "on-hold"  # restored from a backup
    SUSPENDED = "suspended"  # an admin paused syncing
    PAUSED = "paused"  # by Jira
    DISCONNECTED = "disconnected"


@dataclass(frozen=True)
class Counts:
    """Action items by what became of them. `waiting` go out as soon as they can."""

    waiting: Count
    linked: Count
    failed: Count
    synced_this_week: Count


@dataclass(frozen=True)
class Card:
    """`paused_until`: the later of the connection's and the installation's pause, if any is on.

    points: what waits for points of an hour, if anything does.
    """

    state: CardState
    connection: JiraConnection | None
    pending: PendingGrant | None
    paused_until: datetime | None
    counts: Counts
    points: Sentence | None = None

    @property
    def in_trouble(self) -> bool:
        return self.connection is not None and self.state.value in TROUBLED

    @property
    def holds_grant(self) -> bool:
        return self.connection is not None and self.connection.holds_grant


def card_of(organization: Organization, now: datetime) -> Card:
    """The organization's card at `now` (aware UTC)."""
    connection, pending = organization.connection, waiting_grant(organization)
    until = paused_until(connection, now)
    state = state_of(
        set_up=consent.is_set_up(),
        plan_includes_jira=organization.plan.includes_jira,
        pending=pending is not None,
        connection=connection.state if connection else None,
        on_hold=connection is not None and connection.on_hold,
        suspended=connection is not None and connection.suspended,
        paused=until is not None,
    )
    counts = counts_of(organization, connection, now)
    points = waiting_words.of_connection(connection, now)
    return Card(state, connection, pending, until, counts, points)


def state_of(
    *,
    set_up: bool,
    plan_includes_jira: bool,
    pending: bool,
    connection: ConnectionState | None,
    on_hold: bool,
    suspended: bool,
    paused: bool,
) -> CardState:
    """Which of its states the card is in. Pure."""
    if not plan_includes_jira:
        return CardState.FREE
    if not set_up and connection in {None, ConnectionState.DISCONNECTED}:
        return CardState.NOT_SET_UP
    if pending:
        return CardState.CONNECTING
    if connection is None:
        return CardState.NOT_CONNECTED
    if connection is ConnectionState.CONNECTED and on_hold:
        return CardState.ON_HOLD
    if connection is ConnectionState.CONNECTED and suspended:
        return CardState.SUSPENDED
    if connection is ConnectionState.CONNECTED and paused:
        return CardState.PAUSED
    return CardState(connection.value)


def counts_of(
    organization: Organization, connection: JiraConnection | None, now: datetime
) -> Counts:
    """The numbers, which are the same wherever they are shown."""
    if connection is None:
        return Counts(Count(0), Count(0), Count(0), Count(0))
    return Counts(
        waiting=_count(connection, IssueLink.due_at > BEGINNING),
        linked=_count(connection, IssueLink.issue_key.is_not(None)),
        failed=failed_count(organization),
        synced_this_week=synced_since(connection, now - WEEK),
    )


def _count(connection: JiraConnection, condition: ColumnElement[bool]) -> Count:
    return counted(
        select(IssueLink.id)
        .join(ActionItem)
        .where(
            IssueLink.connection_id == connection.id,
            IssueLink.active,
            ~ActionItem.let_go,
            condition,
        )
    )
