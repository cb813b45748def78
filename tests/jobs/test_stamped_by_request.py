"""A create is stamped right before it leaves (design.md §2.1): until then it can be withdrawn."""

import pytest

from app.drain import pushing
from app.extensions import db
from app.models import IssueLink
from app.services.outbound.batches import FIRST_BULK, Upcoming
from tests.support import factories


@pytest.mark.both_databases
def test_while_a_bulk_is_under_way_the_next_is_not_stamped(acme, beside_a_drain):
    for number in range(FIRST_BULK):
        factories.action_item(acme.retrospective, f"Action {number}")
    acme.commit_items()
    stamped = []

    def look() -> None:
        stamped.append(
            db.session.query(IssueLink).filter(IssueLink.stamped_at.is_not(None)).count()
        )

    beside_a_drain("create_bulk", look, slow=1500)

    assert stamped == [FIRST_BULK]
    assert len(acme.issues()) == FIRST_BULK + 5


def test_what_leaves_later_is_planned_while_the_first_is_under_way(acme, drain, monkeypatch):
    """Rendering hundreds of texts would keep the first keys waiting."""
    for number in range(FIRST_BULK):
        factories.action_item(acme.retrospective, f"Action {number}")
    acme.commit_items()
    planned, planned_at_a_stamp = [], []
    plan, stamp = Upcoming.plan, pushing.fence.stamp

    def note_and_plan(upcoming):
        planned.append(upcoming.claim.link_id)
        return plan(upcoming)

    def note_and_stamp(*arguments):
        planned_at_a_stamp.append(len(planned))
        return stamp(*arguments)

    monkeypatch.setattr(Upcoming, "plan", note_and_plan)
    monkeypatch.setattr(pushing.fence, "stamp", note_and_stamp)

    drain()

    assert planned_at_a_stamp[0] == FIRST_BULK
    assert len(planned) == len(set(planned)) == len(acme.issues()) == FIRST_BULK + 5
