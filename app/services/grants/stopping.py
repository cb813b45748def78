"""A connection stops working until a person, the operator or the site ends its trouble."""

from sqlalchemy import update
from sqlalchemy.orm import Session

from app.clock import utcnow
from app.models import ConnectionState, JiraConnection
from app.services.owed.telling import owe_telling
from app.services.transactions import rows_changed


def stop(
    session: Session,
    connection_id: int,
    generation: int,
    state: ConnectionState,
) -> bool:
    """Let a connected connection say what is wrong, and owe it to its admins that they are told.

    False, and nothing done, when it was reconnected or has stopped before. The caller commits.
    """
    now = utcnow()
    changed = rows_changed(
        session,
        update(JiraConnection)
        .where(
            JiraConnection.id == connection_id,
            JiraConnection.generation == generation,
            JiraConnection.state == ConnectionState.CONNECTED,
        )
        .values(state=state, state_changed_at=now),
    )
    if changed:
        session.execute(owe_telling(connection_id, now))
    return bool(changed)
