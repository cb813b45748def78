"""Reads the rows that the webhook's health is decided from."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

from flask import current_app
from sqlalchemy import func, select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    JiraConnection,
    Reconciliation,
    Webhook,
    WebhookDelivery,
    WebhookState,
    WebhookTest,
    WorkKind,
)
from app.models.obstacles import obstacle_to_upkeep
from app.services.counts import counted
from app.services.grants.pauses import paused_until
from app.services.webhooks import arrival_advice, desired, webhook_tests
from app.services.webhooks.health import (
    DAY,
    Deliveries,
    Facts,
    Health,
    HealthState,
    Looks,
    Progress,
    SentTest,
    poll_seconds,
    state_of,
)


def health_of(connection: JiraConnection) -> Health:
    """The webhook's health now. Reads rows only."""
    now = utcnow()
    webhooks = _webhooks(connection)
    active = next((row for row in webhooks if row.state is WebhookState.ACTIVE), None)
    deliveries = _deliveries(connection, webhooks, now)
    facts = _facts(connection, active, deliveries, now)
    concerned = facts.wanted or bool(webhooks)
    upkeep, reading = connection.works[WorkKind.WEBHOOK], connection.works[WorkKind.READING]
    state = state_of(facts, now)
    changing = _changing(connection, state, bool(webhooks), now)
    health = Health(
        state=state,
        held_by=facts.held_by,
        paused_until=paused_until(connection, now),
        changing=changing,
        expires_at=facts.expires_at,
        error=upkeep.error if concerned else None,
        next_try_at=_later(upkeep.due_at, now),
        deliveries=deliveries,
        looks=_looks(connection),
        test=facts.test,
        advice=_advice(connection, active, state, changing),
        offers_test=facts.wanted and connection.connected,
        address=desired.address(),
    )
    since = min(filter(None, (upkeep.due_at, reading.due_at)), default=None)
    return replace(health, poll_seconds=poll_seconds(health, since, now))


def _facts(
    connection: JiraConnection, active: Webhook | None, deliveries: Deliveries, now: datetime
) -> Facts:
    settings = connection.organization.settings
    wanted = settings is not None and settings.webhooks_enabled
    return Facts(
        wanted=wanted,
        held_by=obstacle_to_upkeep(connection, now) or "",
        due=_is_due(connection, now),
        registered_at=active.registered_at if active else None,
        expires_at=active.expires_at if active else None,
        error=connection.works[WorkKind.WEBHOOK].error if wanted else None,
        last_delivery_at=deliveries.last_at,
        test=_sent_test(connection, active, now) if wanted else None,
    )


def _webhooks(connection: JiraConnection) -> Sequence[Webhook]:
    return db.session.scalars(
        select(Webhook)
        .where(
            Webhook.connection_id == connection.id,
            Webhook.cloud_id == connection.cloud_id,
        )
        .order_by(Webhook.id.desc())
    ).all()


def _deliveries(
    connection: JiraConnection, webhooks: Sequence[Webhook], now: datetime
) -> Deliveries:
    of_ours = WebhookDelivery.connection_id == connection.id
    last = db.session.scalar(select(func.max(WebhookDelivery.received_at)).where(of_ours))
    in_a_day = select(WebhookDelivery.id).where(of_ours, WebhookDelivery.received_at > now - DAY)
    life = max((each.token_life for each in webhooks), default=0)
    return Deliveries(last, counted(in_a_day), life)


def _sent_test(
    connection: JiraConnection, active: Webhook | None, now: datetime
) -> SentTest | None:
    """The newest test, unless it was of another registration than the one that stands."""
    test = webhook_tests.newest(connection.id)
    if test is None or (active is not None and test.requested_at < active.registered_at):
        return None
    began = test.written_at or test.requested_at
    seconds = (test.delivered_at - began).total_seconds() if test.delivered_at else None
    key = test.link.issue_key if test.link else None
    return SentTest(_progress(test, now), test.requested_at, key or "", seconds, test.error)


def _progress(test: WebhookTest, now: datetime) -> Progress:
    if test.delivered_at is not None:
        return Progress.ARRIVED
    if test.error is not None:
        return Progress.FAILED
    return Progress.WATCHING if webhook_tests.is_under_way(test, now) else Progress.MISSING


def _looks(connection: JiraConnection) -> Looks:
    of_ours = select(Reconciliation).where(
        Reconciliation.connection_id == connection.id,
        Reconciliation.generation == connection.generation,
    )
    newest = of_ours.order_by(Reconciliation.id.desc()).limit(1)
    running = db.session.scalar(newest.where(Reconciliation.finished_at.is_(None)))
    finished = db.session.scalar(newest.where(Reconciliation.finished_at.is_not(None)))
    return Looks(
        finished.finished_at if finished else None,
        finished.caught if finished else 0,
        running is not None,
        connection.works[WorkKind.READING].due_at,
    )


def _changing(
    connection: JiraConnection, state: HealthState, registered: bool, now: datetime
) -> bool:
    if state is HealthState.OFF:
        return registered and connection.connected
    return state is not HealthState.WAITING and _is_due(connection, now)


def _is_due(connection: JiraConnection, now: datetime) -> bool:
    due_at = connection.works[WorkKind.WEBHOOK].due_at
    return due_at is not None and due_at <= now


def _later(moment: datetime | None, now: datetime) -> datetime | None:
    return moment if moment is not None and moment > now else None


def _advice(
    connection: JiraConnection, active: Webhook | None, state: HealthState, changing: bool
) -> Sequence[str]:
    if changing or state in {HealthState.OFF, HealthState.WAITING}:
        return ()
    keys = desired.project_keys_of(connection)
    jira = urlsplit(current_app.config["ATLASSIAN_API_URL"]).hostname or ""
    around = arrival_advice.Circumstances(
        public_url=current_app.config["PUBLIC_URL"],
        at_atlassian=jira.endswith(".atlassian.com") and state is not HealthState.ARRIVING,
        expired=active is not None and state is HealthState.NOT_REGISTERED,
        uncovered=sorted(set(keys.listed).difference(active.project_keys)) if active else (),
        unseen=keys.unlisted,
        registered=active.project_keys if active else (),
        silent=state is HealthState.SILENT,
        account=connection.account_name or "the connected account",
    )
    return tuple(arrival_advice.advice(around))
