"""Writing down what each step has done, when to look again, and why something failed."""

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Select, delete, select, update

from app import chance
from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraError, JiraRateLimited, JiraRefused, JiraUnauthorized
from app.models import JiraConnection, Webhook, WebhookState, WorkKind
from app.services import back_offs
from app.services.grants import clients, pauses, verdicts
from app.services.owed import reconciliations
from app.services.webhooks import desired, owed, upkeep_lease
from app.services.webhooks.desired import DesiredWebhook
from app.services.webhooks.plan import LIFE, Delete, Keep, Recorded, Refresh, SeenWebhooks
from app.services.work.leases import Lease

DAILY = timedelta(days=1)
SHORTEST_PAUSE = timedelta(seconds=2)
MAY_NOT = "This connection may not manage webhooks. Reconnect Jira to allow it."

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class View:
    """What is desired and recorded, and for which debt: one that comes later is another."""

    webhooks: SeenWebhooks
    due_at: datetime | None


def view(lease: Lease) -> View:
    """What is desired and recorded now; what Jira lists is still to be filled in."""
    connection = upkeep_lease.hold(lease)
    if desired.is_wanted(connection) and desired.project_keys_of(connection).unlisted:
        owed.read_projects_anew(connection)
    rows = db.session.scalars(_registered_by(lease).order_by(Webhook.id)).all()
    recorded = [
        Recorded(
            row.webhook_id, row.url, frozenset(row.project_keys), row.state is WebhookState.ACTIVE
        )
        for row in rows
        if row.connection_id == lease.connection_id
    ]
    elsewhere = {row.webhook_id for row in rows if row.connection_id != lease.connection_id}
    webhooks = SeenWebhooks(
        desired.webhook_of(connection), recorded, frozenset(elsewhere), (), utcnow()
    )
    return View(webhooks, connection.works[WorkKind.WEBHOOK].due_at)


def registered(lease: Lease, webhook: DesiredWebhook, webhook_id: int) -> None:
    """A new webhook stands: the others have had their time, and what they missed is looked for."""
    connection = upkeep_lease.hold(lease)
    _activate(connection, webhook, webhook_id, utcnow() + LIFE)
    log.info("webhook registered", extra=_ids(lease, webhook_id))


def kept(lease: Lease, step: Keep) -> None:
    """The webhook stands already; one that was not remembered counts as registered now."""
    connection = upkeep_lease.hold(lease)
    row = db.session.scalar(_own(lease).where(Webhook.webhook_id == step.webhook_id))
    if row is None or row.state is not WebhookState.ACTIVE:
        _activate(connection, step.desired, step.webhook_id, step.expires_at or utcnow() + LIFE)
    elif step.expires_at is not None:
        row.expires_at = step.expires_at


def refreshed(lease: Lease, step: Refresh, expires_at: datetime | None) -> None:
    """The webhook lives on; without Jira's word for it, for the 30 days that Jira promises."""
    upkeep_lease.hold(lease)
    db.session.execute(
        update(Webhook)
        .where(Webhook.connection_id == lease.connection_id, Webhook.webhook_id == step.webhook_id)
        .values(expires_at=expires_at or utcnow() + LIFE)
    )


def deleted(lease: Lease, step: Delete) -> None:
    """Jira knows these no more."""
    upkeep_lease.hold(lease)
    db.session.execute(
        delete(Webhook).where(
            Webhook.connection_id == lease.connection_id,
            Webhook.webhook_id.in_(step.webhook_ids),
        )
    )


def finished(lease: Lease, seen: View) -> None:
    """All is as desired: look again within a day, or when something else is desired.

    Nothing is said of a change that came while the work was going on: its debt stays.
    """
    connection = upkeep_lease.hold(lease)
    work = connection.works[WorkKind.WEBHOOK]
    work.settle()
    if seen.webhooks.desired is None:
        connection.works[WorkKind.READING].due_at = None
    if work.due_at == seen.due_at:
        work.due_at = None if seen.webhooks.desired is None else _tomorrow()
    db.session.flush()


def failed(lease: Lease, seen: View, error: JiraError) -> None:
    """Say why the webhook is not as desired, and when that is tried again, or as Jira asks.

    Where only a reconnect helps, the connection says so instead, and `LeaseLost` is raised.
    A change that came meanwhile is tried at once, and told about then.
    """
    log.warning("webhook not kept", extra=_ids(lease, error=str(error)))
    if isinstance(error, JiraUnauthorized) and error.reason != "scope":
        verdicts.give_up(lease, error)
    connection = upkeep_lease.hold(lease)
    if isinstance(error, JiraRateLimited):
        _pause(lease, error)
        return
    work = connection.works[WorkKind.WEBHOOK]
    if work.due_at != seen.due_at:
        return
    work.due_at = utcnow() + _delay(work.failures, error)
    work.failures += 1
    work.error = _sentence(error)
    db.session.flush()
    if isinstance(error, JiraRefused):
        # A project of the filter may have gone out of sight since the list was read.
        owed.read_projects_anew(connection)


def _activate(
    connection: JiraConnection, webhook: DesiredWebhook, webhook_id: int, until: datetime
) -> None:
    now = utcnow()
    rows = db.session.scalars(select(Webhook).filter_by(connection_id=connection.id)).all()
    for other in rows:
        other.state = WebhookState.RETIRED
    row = next((each for each in rows if each.webhook_id == webhook_id), None)
    if row is None:
        row = Webhook(
            connection_id=connection.id, cloud_id=connection.cloud_id, webhook_id=webhook_id
        )
        db.session.add(row)
    row.account_id, row.url = connection.account_id, webhook.url
    row.project_keys, row.state = list(webhook.project_keys), WebhookState.ACTIVE
    row.registered_at, row.expires_at = now, until
    # What changed while nothing was heard is looked for at once.
    reconciliations.owe(connection, now)


def _pause(lease: Lease, error: JiraRateLimited) -> None:
    """As a push would: the connection waits, or the whole installation."""
    pause = pauses.pause_of(error, utcnow())
    # "At once" would be again and again.
    until = max(pause.until, utcnow() + SHORTEST_PAUSE)
    pauses.pause_all(lease.connection_id, replace(pause, until=until))


def _delay(failures: int, error: JiraError) -> timedelta:
    """How long to wait after one more failure; what Atlassian asks for is the minimum."""
    wait = back_offs.WEBHOOK_UPKEEP.after(failures + 1)
    return max(wait * chance.uniform(1.0, 1.1), back_offs.asked_wait(error))


def _tomorrow() -> datetime:
    """A little sooner than a day from now, each time another, so that connections spread."""
    return utcnow() + DAILY * chance.uniform(0.9, 1.0)


def _sentence(error: JiraError) -> str:
    if isinstance(error, JiraUnauthorized):
        return MAY_NOT
    if isinstance(error, JiraRefused) and error.sentence:
        return f"Jira refused the webhook. It said: “{error.sentence}”"
    return clients.sentence_of(error)


def _registered_by(lease: Lease) -> Select[Webhook]:
    """What is recorded of the account's webhooks on the site, whichever connection it is for."""
    return select(Webhook).where(
        Webhook.cloud_id == lease.cloud_id, Webhook.account_id == lease.account_id
    )


def _own(lease: Lease) -> Select[Webhook]:
    return _registered_by(lease).where(Webhook.connection_id == lease.connection_id)


def _ids(lease: Lease, webhook_id: int | None = None, **more: object) -> dict[str, object]:
    known = {} if webhook_id is None else {"webhook_id": webhook_id}
    return {"connection_id": lease.connection_id, **known, **more}
