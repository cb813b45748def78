"""A create is stamped right before it leaves (design.md §2.1): until then it can be withdrawn."""

import pytest

from app.extensions import db
from app.models import IssueLink
from app.services.outbound.batches import FIRST_BULK
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
