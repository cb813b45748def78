"""Owing it to Owner and Admins that they are told of a connection's trouble, once."""

from datetime import datetime

from sqlalchemy import Update, update

from app.models import JiraWork, WorkKind


def owe_telling(connection_id: int, since: datetime) -> Update:
    """The statement that owes it, for the session of whoever notices. `since`: aware UTC."""
    return (
        update(JiraWork)
        .where(JiraWork.connection_id == connection_id, JiraWork.kind == WorkKind.NOTICES)
        .values(due_at=since)
    )
