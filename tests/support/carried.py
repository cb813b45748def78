"""A team's next retrospective, with what it committed before."""

from datetime import date, timedelta
from typing import Any

from sqlalchemy.orm.attributes import flag_modified

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, CarryOver, IssueLink, LinkState, Phase, Retrospective
from tests.support import factories
from tests.support.acme import link, person, sprint_14, team


def committed_before(*, days: int = 14) -> Retrospective:
    """Sprint 14, which entered Commit so many days ago; its items have not been touched since."""
    before = sprint_14(Phase.CLOSED)
    before.committed_at = utcnow() - timedelta(days=days)
    for item in before.action_items:
        untouched_here(item)
    db.session.flush()
    return before


def untouched_here(item: ActionItem) -> None:
    """As if what was arranged had been so when its retrospective was committed."""
    at = item.retrospective.committed_at
    assert at is not None
    item.created_at, item.updated_at = at - timedelta(minutes=5), at
    flag_modified(item, "updated_at")  # or what else is arranged would count as an edit


def next_one(phase: Phase = Phase.DISCUSS, **fields: Any) -> Retrospective:
    """Platform's Sprint 15, facilitated by Fatima."""
    values = {"title": "Sprint 15 Retro", "held_on": date(2026, 12, 3), **fields}
    return factories.retrospective(team(), phase, facilitator=person("Fatima"), **values)


def carried(item: ActionItem, to: Retrospective) -> CarryOver:
    row = CarryOver(action_item=item, retrospective=to, carried_by=person("Fatima"))
    db.session.add(row)
    db.session.flush()
    return row


def linked(
    item: ActionItem, key: str, category: str = "new", name: str = "To Do", **values: Any
) -> IssueLink:
    """With an issue that was read just now."""
    now = utcnow()
    before = item.retrospective.committed_at or now
    seen = {
        "seen_status_name": name,
        "seen_status_category": category,
        "status_seen_at": now,
        "synced_at": before,
    }
    return link(item, values.pop("state", LinkState.SYNCED), key=key, **{**seen, **values})
