"""An action item that is deleted between being claimed and being sent."""

from collections.abc import Callable
from functools import partial

import pytest

from app.services.retrospectives import action_items


@pytest.fixture
def while_owners_are_looked_up(beside_a_drain) -> Callable[[Callable[[], object]], None]:
    """Runs a drain, and something else while Jira takes its time to tell of people."""
    return partial(beside_a_drain, "assignable_search")


@pytest.mark.both_databases
def test_it_is_not_created_and_the_others_are(acme, drain, while_owners_are_looked_up):
    acme.commit_items()
    deleted, *others = acme.items

    while_owners_are_looked_up(lambda: action_items.delete(deleted, acme.retrospective.facilitator))
    drain()

    titles = [issue["fields"]["summary"] for issue in acme.issues()]
    assert deleted.title not in titles
    assert set(titles) >= {each.title for each in others}
    assert all(link.claim_id is None and not link.stamped for link in acme.links)
