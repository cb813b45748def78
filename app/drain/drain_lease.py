"""Who may drain a connection: one process at a time, and only while Jira may be asked."""

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, WorkKind
from app.models.obstacles import obstacle_to_asking
from app.services.work import leases
from app.services.work.leases import Lease


def take(connection_id: int) -> Lease | None:
    """Take the connection's lease; None while another drain holds it or Jira may not be asked."""
    lease = leases.take(connection_id, WorkKind.DRAIN)
    if lease is None:
        return None
    row = db.session.get_one(JiraConnection, connection_id)
    if obstacle_to_asking(row, utcnow()) is not None:
        leases.release(lease)
        return None
    return lease
