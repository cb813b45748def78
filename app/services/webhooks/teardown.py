"""Deleting a connection's webhooks at Jira when it ends: they outlive the grant.

Source: jira-platform.md §1.7.
"""

import logging
from dataclasses import dataclass, field
from datetime import datetime

from cryptography.fernet import InvalidToken
from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import Session

from app import clock
from app.extensions import db
from app.jira.client import JiraClient
from app.jira.errors import JiraError
from app.models import ConnectionState, JiraConnection, Webhook
from app.services.grants import tokens
from app.services.transactions import refuse_open_transaction
from app.services.webhooks.plan import is_address_of_ours

# All that a person waits for Atlassian while disconnecting, in seconds.
PATIENCE = 5.0
CONNECT_PATIENCE = 1.0

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class LastCall:
    """What it takes to delete webhooks for a connection whose tokens are about to go, encrypted.

    `access_token` is None where it has expired: the other one leads to a new one.
    """

    connection_id: int
    cloud_id: str
    account_id: str
    webhook_ids: tuple[int, ...]
    access_token: str | None = field(repr=False)
    refresh_token: str = field(repr=False)


def prepare(connection: JiraConnection, now: datetime) -> LastCall | None:
    """What `delete_webhooks` needs, while the connection still stands; None if its grant is dead.

    None, too, on hold: what was restored may not know whose they are. They end by themselves
    within 30 days. `now`: aware UTC.
    """
    if not connection.connected or connection.on_hold or not connection.refresh_token:
        return None
    expires_at = connection.access_expires_at
    ids = db.session.scalars(
        select(Webhook.webhook_id).where(
            Webhook.connection_id == connection.id,
            Webhook.cloud_id == connection.cloud_id,
            Webhook.account_id == connection.account_id,
        )
    )
    return LastCall(
        connection_id=connection.id,
        cloud_id=connection.cloud_id,
        account_id=connection.account_id,
        webhook_ids=tuple(ids),
        access_token=connection.access_token if expires_at and expires_at > now else None,
        refresh_token=connection.refresh_token,
    )


def delete_webhooks(call: LastCall) -> None:
    """Delete our webhooks at Jira: at most 5 seconds, and whatever fails is only logged.

    Those that are recorded first; then whatever calls us that nobody recorded, unless somebody
    else uses the account on this site: it may be theirs, and their own upkeep knows. The
    connection no longer counts as connected when this is called. No transaction may be open.
    """
    deadline = clock.monotonic() + PATIENCE
    try:
        token = _access_token(call, deadline)
        if token is not None:
            _delete(call, token, deadline)
    except (JiraError, InvalidToken) as error:
        log.warning(
            "webhooks not deleted",
            extra={"connection_id": call.connection_id, "error": str(error) or "tokens unreadable"},
        )


def _access_token(call: LastCall, deadline: float) -> str | None:
    """The token in the clear. An expired one is replaced where a webhook is known to stand.

    The new pair is not kept: it ends with this.
    """
    if call.access_token is not None:
        return tokens.decrypt(call.access_token)
    if not call.webhook_ids:
        return None
    oauth = tokens.oauth(timeout=_timeout(deadline))
    return oauth.refresh(tokens.decrypt(call.refresh_token)).access_token


def _delete(call: LastCall, token: str, deadline: float) -> None:
    if call.webhook_ids:
        _client(call, token, deadline).delete_webhooks(call.webhook_ids)
    if not _has_time(deadline):
        return
    listed = _client(call, token, deadline).webhooks()
    strays = [webhook.id for webhook in listed if is_address_of_ours(webhook.url)]
    if strays and _has_time(deadline) and not _account_in_use(call):
        _client(call, token, deadline).delete_webhooks(strays)


def _account_in_use(call: LastCall) -> bool:
    """Whether a connection uses the account on this site by now, in a session of its own."""
    with Session(db.engine) as session:
        other = select(JiraConnection.id).where(
            JiraConnection.cloud_id == call.cloud_id,
            JiraConnection.account_id == call.account_id,
            JiraConnection.state != ConnectionState.DISCONNECTED,
        )
        return session.scalar(other.limit(1)) is not None


def _client(call: LastCall, token: str, deadline: float) -> JiraClient:
    return JiraClient(
        api_url=current_app.config["ATLASSIAN_API_URL"],
        cloud_id=call.cloud_id,
        access_token=token,
        before_request=refuse_open_transaction,
        timeout=_timeout(deadline),
    )


def _has_time(deadline: float) -> bool:
    return deadline - clock.monotonic() > CONNECT_PATIENCE


def _timeout(deadline: float) -> tuple[float, float]:
    return CONNECT_PATIENCE, max(deadline - clock.monotonic() - CONNECT_PATIENCE, 0.1)
