"""Marking issue links due: the only thing that any trigger does (design.md §2)."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import JSON, Integer, insert, literal, select

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.models import (
    Backfill,
    FailureCode,
    IssueLink,
    JiraConnection,
    LinkState,
)
from app.models.given_rows import given_rows
from app.queue import ring_after_commit


def mappings_changed(organization_id: int) -> None:
    """Let go what waited for a project, now that an admin has chosen one."""
    waiting = db.session.scalars(
        select(IssueLink)
        .join(IssueLink.connection)
        .where(
            JiraConnection.organization_id == organization_id,
            IssueLink.active,
            IssueLink.failure_code == FailureCode.NOT_MAPPED,
        )
        .order_by(IssueLink.id)
        .with_for_update(of=IssueLink)
        .execution_options(populate_existing=True)
    )
    for link in waiting:
        arm(link)
        link.revision += 1
        ring_after_commit(link.connection_id)


def open_links(
    item_ids: Iterable[int],
    connection: JiraConnection,
    due_at: datetime,
    backfill: Backfill | None = None,
) -> Sequence[int]:
    """Ask for the first push of action items without a link, at `due_at` (aware UTC), in one
    statement however many they are; the ids of their links.

    backfill: what they are a part of; None: people wait for them.
    """
    given = [(item_id, new_public_id()) for item_id in item_ids]
    if not given:
        return []
    row = given_rows(literal(given, JSON), db.engine.dialect.name)
    opened = IssueLink.__table__.c
    values = {
        opened.action_item_id: row[0].as_integer(),
        opened.public_id: row[1].as_string(),
        opened.connection_id: literal(connection.id),
        opened.backfill_id: literal(backfill.id if backfill else None, Integer),
        opened.change_number: literal(1),
        opened.revision: literal(2),
        opened.due_at: literal(due_at, opened.due_at.type),
        opened.due_since: literal(due_at, opened.due_since.type),
    }
    statement = insert(IssueLink).from_select(list(values), select(*values.values()))
    link_ids = db.session.scalars(statement.returning(IssueLink.id)).all()
    ring_after_commit(connection.id)
    return link_ids


def mark_due(link: IssueLink, due_at: datetime) -> None:
    """Ask for a push of `link` at `due_at` (aware UTC). Never clears a stamp."""
    mark_all_due([link], due_at)


def mark_all_due(links: Iterable[IssueLink], due_at: datetime) -> None:
    """The same of several, which are written together."""
    for link in links:
        _mark_due(link, due_at)
        ring_if_due(link.connection_id, due_at)
    db.session.flush()


def ring_if_due(connection_id: int, due_at: datetime) -> None:
    """Ring after the commit. For what is due later the ticker rings once it is: a job that came
    before would find nothing to do."""
    if due_at <= utcnow():
        ring_after_commit(connection_id)


def _mark_due(link: IssueLink, due_at: datetime) -> None:
    link.change_number += 1
    link.revision += 1
    link.due_at = due_at
    link.due_since = link.due_since or due_at
    if link.state in {LinkState.SYNCED, LinkState.ERROR}:
        link.state = LinkState.WAITING


def arm(link: IssueLink) -> None:
    """Fresh tries. A stamp and the time of its next probe stay as they are (design.md §3.4)."""
    link.tries = 0
    link.failure_code = link.failure_message = link.failure_fields = None
    if not link.stamped:
        link.not_before = None
    if link.state in {LinkState.RETRYING, LinkState.UNSEEN}:
        link.state = LinkState.WAITING
