"""Sync to Jira for all that fails for one cause."""

from collections.abc import Collection, Sequence

from sqlalchemy import select

from app.extensions import db
from app.models import ActionItem, Retrospective, User
from app.models.carry_over import ids_listed_in
from app.services.outbound import links
from app.services.panel import item_syncs


def request_syncs(
    retrospective: Retrospective, item_ids: Collection[int], by: User
) -> Sequence[ActionItem]:
    """Push those that the retrospective lists at once, and return them; other ids are none of it.

    Holds them by ascending id. In as many statements as for one of them.
    Raises what `links.request_sync` raises.
    """
    # Not with their people: PostgreSQL holds no row beside one that may be missing.
    held = db.session.scalars(
        select(ActionItem)
        .where(ActionItem.id.in_(ids_listed_in(retrospective.id)), ~ActionItem.let_go)
        .where(ActionItem.id.in_(item_ids))
        .order_by(ActionItem.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    if held:  # where there is nothing to push, nothing stands in its way
        item_syncs.record_requests(links.request_syncs(retrospective, held), retrospective, by)
    return held
