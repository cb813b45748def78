"""After a disconnect nothing is due any more; a reconnect takes up what had been begun."""

from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, IssueLink, JiraConnection, LinkState
from app.services.outbound import connection_state

_MOVING = [state for state in LinkState if state.moving]


def resume(connection: JiraConnection) -> None:
    """Let what the disconnect of `connection` cut off go on. The caller holds its row.

    An edit that had not gone out is compared again, and a create without a known outcome is
    looked for; also where they had given up in an outage, which the disconnect forgot. What had
    never left is as if it had never been asked for: a person may ask again, or sync past action
    items.
    """
    for link in db.session.scalars(
        select(IssueLink)
        .join(IssueLink.action_item)
        .where(
            IssueLink.connection_id == connection.id,
            IssueLink.active,
            IssueLink.due_at.is_(None),
            IssueLink.state.in_(_MOVING) | connection_state.gave_up_in_outage(),
            ~ActionItem.let_go | IssueLink.stamped_at.is_not(None),
        )
        .order_by(IssueLink.id)
        .with_for_update(of=IssueLink)
        .execution_options(populate_existing=True)
    ):
        if link.created or link.stamped:
            if link.state is LinkState.ERROR:
                connection_state.rearm(link)
            link.due_at = link.due_since = utcnow()
            link.revision += 1
        else:
            link.close(withdrawn=True)
    db.session.flush()
