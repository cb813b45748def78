"""What makes upkeep due, what is due now, and what is forgotten with a registration."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, delete, or_, select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    JiraConnection,
    JiraWork,
    Reconciliation,
    Webhook,
    WebhookDelivery,
    WebhookState,
    WebhookTest,
    WorkKind,
)
from app.models.obstacles import installation_goes_on, may_change
from app.models.prepared import prepared
from app.services.owed import metadata_reads
from app.services.owed.webhook_upkeep import owe_upkeep
from app.services.webhooks import desired
from app.services.work import owed as work_owed

MOVED_AT_ONCE = 20


def owed_connections(now: datetime) -> list[int]:
    """The ids of connections whose upkeep is due at `now` (aware UTC) and that nobody works on."""
    due = due_now(now).where(installation_goes_on(now))
    found = db.session.scalars(due.order_by(JiraConnection.id)).all()
    busy = _busy_accounts(now) if found else set()
    return [row.id for row in found if (row.cloud_id, row.account_id) not in busy]


def due_now(now: datetime) -> Select[JiraConnection]:
    """The connections whose upkeep is due at `now` (aware UTC) and may be done."""
    return (
        select(JiraConnection)
        .join(JiraConnection.organization)
        .where(
            JiraConnection.id.in_(work_owed.due(WorkKind.WEBHOOK, now)),
            *may_change(now, even_suspended=True),
        )
    )


def owe_after_a_move(now: datetime) -> int:
    """Make upkeep due where a webhook calls an earlier PUBLIC_URL; nobody answers there.

    For the ticker: a few at a time, so that an installation of thousands does not flood its
    queue. After a failure the next try keeps its time. `now` is aware UTC. Returns how many.
    """
    address = desired.address()
    elsewhere = or_(Webhook.url < address, Webhook.url > address)  # by an index, unlike !=
    lost = set(db.session.scalars(select(Webhook.connection_id).where(elsewhere)))
    if not lost:
        return 0
    found = db.session.scalars(
        select(JiraWork)
        .where(
            JiraWork.kind == WorkKind.WEBHOOK,
            JiraWork.due_at > now,
            JiraWork.failures == 0,
            JiraWork.connection_id.in_(lost),
        )
        .order_by(JiraWork.connection_id)
        .limit(MOVED_AT_ONCE)
        .with_for_update(key_share=True, skip_locked=True)
    ).all()
    for work in found:
        work.due_at = now
    db.session.flush()
    return len(found)


def projects_changed(connection: JiraConnection) -> None:
    """The project list has other keys now, or links have: the filter may have to follow.

    Renamed projects have another key; projects out of sight cannot stay in a filter.
    """
    if not desired.is_wanted(connection):
        return
    keys = desired.project_keys_of(connection)
    if set(_heard_of(connection.id) or ()) != set(keys.listed):
        owe_upkeep(connection)
    elif keys.unlisted:
        read_projects_anew(connection)


def issues_linked(connection: JiraConnection, issue_keys: Iterable[str]) -> None:
    """Issues were created or found: their project may be none that the webhook tells of.

    A mapping may have changed since they were sent off.
    """
    active = _heard_of(connection.id)
    projects = {key.rpartition("-")[0] for key in issue_keys}
    if active is not None and not projects <= set(active):
        owe_upkeep(connection)


def read_projects_anew(connection: JiraConnection) -> None:
    """A key that the project list lacks may be new: have the list read, unless that is recent.

    The filter follows the list (`projects_changed`).
    """
    fetched_at = connection.projects_fetched_at
    if fetched_at is not None and fetched_at < utcnow() - metadata_reads.PROJECTS_STAY_FRESH:
        metadata_reads.want_projects(connection)


def _busy_accounts(now: datetime) -> set[tuple[str, str]]:
    """The sites and accounts that somebody keeps webhooks for at `now` (aware UTC)."""
    held = select(JiraConnection.cloud_id, JiraConnection.account_id).where(
        JiraConnection.id.in_(work_owed.leased(WorkKind.WEBHOOK, now))
    )
    return {(cloud_id, account_id) for cloud_id, account_id in db.session.execute(held)}


def _heard_of(connection_id: int) -> list[str] | None:
    """The projects that the active webhook tells of; None without one."""
    return db.session.scalar(*_active_keys(connection_id))


@prepared
def _active_keys(connection_id: int) -> Select[list[str]]:
    return select(Webhook.project_keys).where(
        Webhook.connection_id == connection_id, Webhook.state == WebhookState.ACTIVE
    )


def forget_other_registrations(connection: JiraConnection) -> None:
    """Forget webhooks that another account, or this one on another site, registered.

    Nothing can be done about them: Jira shows and deletes webhooks for the account alone that
    registered them, with a grant that is gone. They end by themselves within 30 days, and if that
    account connects again meanwhile, its upkeep deletes them (jira-platform.md §1.7).
    """
    db.session.execute(
        delete(Webhook).where(
            Webhook.connection_id == connection.id,
            or_(
                Webhook.cloud_id != connection.cloud_id, Webhook.account_id != connection.account_id
            ),
        )
    )


def forget(connection: JiraConnection) -> None:
    """Forget every webhook of the connection, what they delivered, and what is owed to them.

    A job that is at it keeps its lease until it notices, so that its last words are its own.
    """
    for table in (Webhook, WebhookDelivery, WebhookTest, Reconciliation):
        db.session.execute(delete(table).where(table.connection_id == connection.id))
    upkeep = connection.works[WorkKind.WEBHOOK]
    upkeep.settle()
    upkeep.due_at = connection.works[WorkKind.READING].due_at = None
    db.session.flush()
