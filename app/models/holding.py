"""Locks the rows of connections and of their work, in the one order (design.md §2.3).

Whoever writes work of a connection in the same transaction as its backfill, retrospectives, action
items or issue links holds the connection first: nobody then waits for rows the other way round.
"""

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm.attributes import set_committed_value

from app.extensions import db
from app.models.identity import Organization
from app.models.jira import JiraConnection
from app.models.prepared import Values, prepared
from app.models.work import JiraWork


def hold(connection_id: int, *conditions: ColumnElement[bool]) -> JiraConnection | None:
    """The connection with its work, read anew and locked until the commit.

    None if it meets the conditions no longer.
    """
    connection, values = _of_id(connection_id)
    held = _held(connection.where(*conditions) if conditions else connection, values)
    return held[0] if held else None


def hold_of(organization: Organization) -> JiraConnection | None:
    """As `hold`, the organization's connection; None if it never had one."""
    own = JiraConnection.organization_id == organization.id
    held = hold_all(select(JiraConnection).where(own))
    return held[0] if held else None


def hold_all(selected: Select[JiraConnection]) -> list[JiraConnection]:
    """As `hold`, for all that are selected: the connections by id, and then their work.

    Not stronger than needed: what points at a connection can be added meanwhile.
    """
    return _held(_locked(selected), {})


def _held(locked: Select[JiraConnection], values: Values) -> list[JiraConnection]:
    connections = db.session.scalars(locked, values).all()
    works = db.session.scalars(*_works_of([each.id for each in connections])).all()
    for connection in connections:
        own = [work for work in works if work.connection_id == connection.id]
        set_committed_value(connection, "works", own)
    return list(connections)


@prepared
def _of_id(connection_id: int) -> Select[JiraConnection]:
    return _locked(select(JiraConnection).where(JiraConnection.id == connection_id))


def _locked(selected: Select[JiraConnection]) -> Select[JiraConnection]:
    return (
        selected.order_by(JiraConnection.id)
        .with_for_update(of=JiraConnection, key_share=True)
        .execution_options(populate_existing=True)
    )


@prepared
def _works_of(connection_ids: list[int]) -> Select[JiraWork]:
    return (
        select(JiraWork)
        .where(JiraWork.connection_id.in_(connection_ids))
        .order_by(JiraWork.connection_id, JiraWork.kind)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
