"""Keeping what Jira's webhooks say until it is applied: one row for each connection it is for.

Nothing personal of a body is kept: a row holds an issue's id, and the issue is read again.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select, update

from app import queue
from app.extensions import db
from app.jira import deliveries
from app.jira.deliveries import Hint, UnusableDelivery, host_of
from app.models import ConnectionState, JiraConnection, Webhook, WebhookDelivery
from app.models.prepared import prepared
from app.models.writing import add_of
from app.services.inbound import arrival_rate
from app.services.inbound.arrival_rate import TooManyDeliveries
from app.services.owed import reconciliations
from app.services.webhooks import webhook_tests

__all__ = ["Addressed", "Delivery", "Stored", "UnusableDelivery", "addressed", "read", "store_all"]

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
    """A connection that a delivery may be for, and the webhook by which it is.

    recent: how many deliveries it got within the last seconds.
    """

    id: int
    organization_id: int
    cloud_id: str
    site_url: str
    webhook_id: int
    token_life: int
    recent: int


class Stored(NamedTuple):
    """A delivery that was kept.

    new: for how many connections it is; none if it was kept before, or is for nobody.
    organization_ids: those that it is for.
    """

    new: int
    organization_ids: frozenset[int]


def read(body: bytes, identifier: str | None, *, retried: bool, token_life: int = 0) -> Delivery:
    """Understand a delivery, or raise `UnusableDelivery`.

    `identifier` is Jira's, where it sent one that a column can hold; else the body stands for
    itself, so that a try again is still known as one. `retried`: Jira said that it is one.
    """
    hint = deliveries.read_hint(body)
    if identifier is None or not _IDENTIFIER.fullmatch(identifier):
        identifier = f"sha256:{hashlib.sha256(body).hexdigest()}"
    return Delivery(hint, identifier, retried, token_life)


@dataclass(frozen=True)
class Addressed:
    """Deliveries, and whom each is for."""

    deliveries: Sequence[Delivery]
    receivers: Sequence[Sequence[Receiver]]

    @property
    def recent(self) -> Counter[int]:
        """How many deliveries each connection got lately."""
        return Counter({each.id: each.recent for whom in self.receivers for each in whom})

    def __iter__(self) -> Iterator[tuple[Delivery, Sequence[Receiver]]]:
        return iter(zip(self.deliveries, self.receivers, strict=True))


def addressed(deliveries: Sequence[Delivery], now: datetime) -> Addressed:
    """Whom deliveries are for: one statement that reads, however many there are. `now`: aware
    UTC."""
    return Addressed(deliveries, _receivers(deliveries, now))


def store_all(found: Addressed, now: datetime) -> list[Stored | TooManyDeliveries]:
    """Keep deliveries for every connection that they are for; after the commit their bells ring.

    For each, what became of it, or that one of its connections has got more than it may. However
    many there are, it takes one statement more. `now` is aware UTC. Raises SQLAlchemy's errors.
    """
    too_many = arrival_rate.count([each.id for _, whom in found for each in whom], now)
    taken = [
        (delivery, [] if too_many & {each.id for each in whom} else whom)
        for delivery, whom in found
    ]
    for delivery, whom in taken:
        _note_life(whom, delivery)
    keys = [(each.id, delivery) for delivery, whom in taken for each in whom]
    new = _insert(keys, found.recent, now)
    return [
        TooManyDeliveries() if whom and not kept else _stored(delivery, kept, new)
        for (delivery, kept), whom in zip(taken, found.receivers, strict=True)
    ]


def _stored(delivery: Delivery, kept: Sequence[Receiver], new: Counter[tuple[int, str]]) -> Stored:
    return Stored(
        sum(new[each.id, delivery.identifier] for each in kept),
        frozenset(each.organization_id for each in kept),
    )


def _note_life(receivers: Sequence[Receiver], delivery: Delivery) -> None:
    """The longest that a token of a webhook lived: whoever captured one had so much time."""
    if all(each.token_life >= delivery.token_life for each in receivers):
        return
    longer = (
        Webhook.connection_id.in_([each.id for each in receivers]),
        Webhook.webhook_id.in_(delivery.hint.webhook_ids),
        Webhook.token_life < delivery.token_life,
    )
    db.session.execute(update(Webhook).where(*longer).values(token_life=delivery.token_life))


def _insert(
    keys: Sequence[tuple[int, Delivery]], recent: Counter[int], now: datetime
) -> Counter[tuple[int, str]]:
    """Which of them are new, by connection and identifier. Of one delivery many times, one is."""
    rows: dict[tuple[int, str], dict[str, Any]] = {}
    for connection_id, delivery in keys:
        row = _row(connection_id, delivery, now, gathered=recent[connection_id] >= BURST)
        if rows.setdefault((connection_id, delivery.identifier), row) is row:
            recent[connection_id] += 1
    new = _inserted(list(rows.values()))
    by_key = {(connection_id, each.identifier): each for connection_id, each in keys}
    for key in sorted(new):
        _note_new(key[0], by_key[key], now, gathered=rows[key]["not_before"] is not None)
    return Counter(new)


def _row(
    connection_id: int, delivery: Delivery, now: datetime, *, gathered: bool
) -> dict[str, Any]:
    """gathered: in a burst, until the end of the current ten seconds; the ticker rings then."""
    end = (now.timestamp() // GATHERED_FOR + 1) * GATHERED_FOR
    return {
        "connection_id": connection_id,
        "identifier": delivery.identifier,
        "event": delivery.hint.event,
        "issue_id": delivery.hint.issue_id,
        "retried": delivery.retried,
        "received_at": now,
        "not_before": datetime.fromtimestamp(end, UTC) if gathered else None,
    }


def _note_new(connection_id: int, delivery: Delivery, now: datetime, *, gathered: bool) -> None:
    hint = delivery.hint
    if hint.property_key == webhook_tests.PROPERTY_KEY and hint.test:
        webhook_tests.delivered(connection_id, hint.test, now)
    if delivery.retried:
        # Its first try found us away, or unable to store it: others may never have come.
        connection = db.session.get_one(JiraConnection, connection_id)
        reconciliations.owe_after_gap(connection, now)
    if not gathered:
        queue.ring_after_commit(connection_id)


def _columns_of(model: Any) -> Any:
    """A table's own columns: a row of an entity takes twice as long, and a burst brings many."""
    return model.__table__.c


def _inserted(rows: list[dict[str, Any]]) -> list[tuple[int, str]]:
    connection_id, identifier = WebhookDelivery.connection_id, WebhookDelivery.identifier
    once_by = (connection_id.key, identifier.key)
    kept = add_of(WebhookDelivery, rows, connection_id, identifier, once_by=once_by)
    return [(row.connection_id, row.identifier) for row in kept]


def _receivers(deliveries: Sequence[Delivery], now: datetime) -> list[Sequence[Receiver]]:
    """Whom each hint is for, by id ascending.

    Jira numbers its webhooks for each site, so another site's may have the same number: the address
    of the issue tells them apart. A site that no connection is known by says nothing (it was
    renamed, or Jira left the address out): then the number alone decides, and a wrong guess costs
    one read through that connection's own grant.
    """
    webhook_ids = sorted({each for one in deliveries for each in one.hint.webhook_ids})
    holding = _holding(webhook_ids, now)
    return [_on_site(_of_webhooks(holding, each.hint), each.hint) for each in deliveries]


def _of_webhooks(holding: Sequence[Receiver], hint: Hint) -> Sequence[Receiver]:
    """One for each connection. Of several webhooks the one whose tokens lived shortest."""
    found: dict[int, Receiver] = {}
    for each in holding:
        if each.webhook_id in hint.webhook_ids:
            found.setdefault(each.id, each)
    return list(found.values())


def _on_site(found: Sequence[Receiver], hint: Hint) -> Sequence[Receiver]:
    if all(_is_at(hint, each) for each in found):
        return found
    sites = _sites_of(hint)
    return [each for each in found if each.cloud_id in sites] if sites else found


def _is_at(hint: Hint, receiver: Receiver) -> bool:
    """Whether the hint's site, if it names one, is this connection's as we know it."""
    if hint.cloud_id is not None:
        return hint.cloud_id == receiver.cloud_id
    return hint.host is None or host_of(receiver.site_url) == hint.host


def _holding(webhook_ids: list[int], now: datetime) -> Sequence[Receiver]:
    """The connections that have a grant and registered one of these on the site they are on."""
    since = now - timedelta(seconds=BURST_WITHIN)
    return [Receiver(*row) for row in db.session.connection().execute(*_held(webhook_ids, since))]


@prepared
def _held(webhook_ids: list[int], since: datetime) -> Select[Any]:
    connection, webhook = _columns_of(JiraConnection), _columns_of(Webhook)
    delivery = _columns_of(WebhookDelivery)
    recent = (
        select(func.count())
        .where(
            delivery.connection_id == connection.id,
            delivery.received_at > since,
        )
        .scalar_subquery()
    )
    same_site = and_(
        webhook.connection_id == connection.id, webhook.cloud_id == connection.cloud_id
    )
    return (
        select(
            connection.id,
            connection.organization_id,
            connection.cloud_id,
            connection.site_url,
            webhook.webhook_id,
            webhook.token_life,
            recent,
        )
        .where(
            same_site,
            webhook.webhook_id.in_(webhook_ids),
            connection.state != ConnectionState.DISCONNECTED,
        )
        .order_by(connection.id, webhook.token_life)
    )


def _sites_of(hint: Hint) -> set[str]:
    """The cloud ids of the sites that connections know by what the hint says."""
    if hint.cloud_id is not None:
        named = JiraConnection.cloud_id == hint.cloud_id
    else:
        addresses = (f"https://{hint.host}", f"http://{hint.host}")
        named = func.lower(JiraConnection.site_url).in_(addresses)
    return set(db.session.scalars(select(JiraConnection.cloud_id).where(named)))
