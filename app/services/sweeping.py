"""What the ticker does once a second: it rings for whatever is due (DESIGN §2)."""

from datetime import datetime

from app import queue
from app.extensions import db
from app.services.sync import due


def tick(now: datetime) -> None:
    """Ring for every connection that has due links and no live drain. `now`: aware UTC."""
    connection_ids = due.due_connections(now)
    db.session.rollback()
    for connection_id in connection_ids:
        queue.ring(connection_id)
