"""Keeping what Jira's webhooks say until it is applied: one row for each connection it is for.

Nothing personal of a body is kept: a row holds an issue's id, and the issue is read again.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from app import queue
from app.extensions import db
from app.jira import deliveries
from app.jira.deliveries import Hint, UnusableDelivery, host_of
from app.models import ConnectionState, JiraConnection, Webhook, WebhookDelivery
from app.services.inbound import arrival_rate
from app.services.owed import reconciliations
from app.services.webhooks import webhook_tests

__all__ = ["Delivery", "UnusableDelivery", "read", "store"]

# A bulk change in Jira, or our own pushes, send hundreds of deliveries within seconds. The first
# are looked into at once, for somebody may be watching; what follows is gathered, or each would
# be a request to Jira.
BURST, BURST_WITHIN = 4, 2.0  # deliveries of one connection, seconds
GATHERED_FOR = 10.0  # seconds at the most

_IDENTIFIER = re.compile(r"[!-~]{1,255}")


@dataclass(frozen=True)
class Delivery:
    """A hint as it arrived. `identifier` is the same in every try of one delivery."""

    hint: Hint
    identifier: str
    retried: bool
    token_life: int = 0  # seconds


class Receiver(NamedTuple):
    """A connection that a delivery may be for."""

    id: int
    cloud_id: str
    site_url: str


def read(body: bytes, identifier: str | None, *, retried: bool, token_life: int = 0) -> Delivery:
    """Understand a delivery, or raise `UnusableDelivery`.

    `identifier` is Jira's, where it sent one that a column can hold; else the body stands for
    itself, so that a try again is still known as one. `retried`: Jira said that it is one.
    """
    hint = deliveries.read_hint(body)
    if identifier is None or not _IDENTIFIER.fullmatch(identifier):
        identifier = f"sha256:{hashlib.sha256(body).hexdigest()}"
    return Delivery(hint, identifier, retried, token_life)


def store(delivery: Delivery, now: datetime) -> int:
    """Keep the delivery for every connection it is for; after the commit their bells ring.

    Returns for how many it is new: none if it was kept before, or if nobody has such a webhook.
    `now` is aware UTC. Raises SQLAlchemy's errors when the database cannot keep it, and
    `TooManyDeliveries` when one of the connections has got more than it may.
    """
    receivers = _receivers(delivery.hint)
    for each in receivers:
        arrival_rate.count(each.id, now)
    _note_life(receivers, delivery)
    return sum(_keep(each.id, delivery, now) for each in receivers)


def _note_life(receivers: Sequence[Receiver], delivery: Delivery) -> None:
    """The longest that a token of a webhook lived: whoever captured one had so much time."""
    longer = (
        Webhook.connection_id.in_([each.id for each in receivers]),
        Webhook.webhook_id.in_(delivery.hint.webhook_ids),
        Webhook.token_life < delivery.token_life,
    )
    if db.session.scalar(select(Webhook.id).where(*longer).limit(1)) is not None:
        db.session.execute(update(Webhook).where(*longer).values(token_life=delivery.token_life))


def _keep(connection_id: int, delivery: Delivery, now: datetime) -> bool:
    not_before = _gathered_until(connection_id, now)
    if not _insert(connection_id, delivery, now, not_before):
        return False
    hint = delivery.hint
    if hint.property_key == webhook_tests.PROPERTY_KEY and hint.test:
        webhook_tests.delivered(connection_id, hint.test, now)
    if delivery.retried:
        # Its first try found us away, or unable to store it: others may never have come.
        connection = db.session.get_one(JiraConnection, connection_id)
        reconciliations.owe_after_gap(connection, now)
    if not_before is None:
        queue.ring_after_commit(connection_id)
    return True


def _gathered_until(connection_id: int, now: datetime) -> datetime | None:
    """In a burst, the end of the current ten seconds, the same for all; else nothing.

    The ticker rings then.
    """
    since = now - timedelta(seconds=BURST_WITHIN)
    recent = select(WebhookDelivery.id).where(
        WebhookDelivery.connection_id == connection_id, WebhookDelivery.received_at > since
    )
    if db.session.scalar(recent.limit(1).offset(BURST - 1)) is None:
        return None
    end = (now.timestamp() // GATHERED_FOR + 1) * GATHERED_FOR
    return datetime.fromtimestamp(end, UTC)


def _insert(
    connection_id: int, delivery: Delivery, now: datetime, not_before: datetime | None
) -> bool:
    """Whether the row is new. Of the same delivery many times at once, one is."""
    table = WebhookDelivery.__table__
    insert = postgresql.insert if _on_postgresql() else sqlite.insert
    once = insert(table).on_conflict_do_nothing(index_elements=["connection_id", "identifier"])
    values = {
        "connection_id": connection_id,
        "identifier": delivery.identifier,
        "event": delivery.hint.event,
        "issue_id": delivery.hint.issue_id,
        "retried": delivery.retried,
        "received_at": now,
        "not_before": not_before,
    }
    return db.session.execute(once.returning(table.c.id), values).scalar() is not None


def _on_postgresql() -> bool:
    return db.session.get_bind().dialect.name == "postgresql"


def _receivers(hint: Hint) -> Sequence[Receiver]:
    """Whom the hint is for, by id ascending.

    Jira numbers its webhooks for each site, so another site's may have the same number: the address
    of the issue tells them apart. A site that no connection is known by says nothing (it was
    renamed, or Jira left the address out): then the number alone decides, and a wrong guess costs
    one read through that connection's own grant.
    """
    found = _holding(hint.webhook_ids)
    if all(_is_at(hint, each) for each in found):
        return found
    sites = _sites_of(hint)
    return [each for each in found if each.cloud_id in sites] if sites else found


def _is_at(hint: Hint, receiver: Receiver) -> bool:
    """Whether the hint's site, if it names one, is this connection's as we know it."""
    if hint.cloud_id is not None:
        return hint.cloud_id == receiver.cloud_id
    return hint.host is None or host_of(receiver.site_url) == hint.host


def _holding(webhook_ids: Sequence[int]) -> Sequence[Receiver]:
    """The connections that have a grant and registered one of these on the site they are on."""
    registered = select(Webhook.connection_id).where(
        Webhook.webhook_id.in_(webhook_ids), Webhook.cloud_id == JiraConnection.cloud_id
    )
    selected = select(JiraConnection.id, JiraConnection.cloud_id, JiraConnection.site_url).where(
        JiraConnection.id.in_(registered), JiraConnection.state != ConnectionState.DISCONNECTED
    )
    rows = db.session.execute(selected.order_by(JiraConnection.id))
    return [Receiver(*row) for row in rows]


def _sites_of(hint: Hint) -> set[str]:
    """The cloud ids of the sites that connections know by what the hint says."""
    if hint.cloud_id is not None:
        named = JiraConnection.cloud_id == hint.cloud_id
    else:
        addresses = (f"https://{hint.host}", f"http://{hint.host}")
        named = func.lower(JiraConnection.site_url).in_(addresses)
    return set(db.session.scalars(select(JiraConnection.cloud_id).where(named)))
