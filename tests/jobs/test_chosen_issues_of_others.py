"""An issue that belongs to somebody else by now: nothing goes there, and nothing comes back."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import FailureCode, LinkState
from app.services.owed import reconciliations
from app.services.retrospectives import action_items
from tests.jobs.owing import choose as choose_status
from tests.support.acme import person
from tests.support.chosen import FATIMA, choose, claim_elsewhere, issue, link_of
from tests.support.inbound import deliver, listening
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def lost(acme, signed_in, drain):
    """An item whose chosen issue was marked by somebody else in between; and the issue's key."""
    listening(acme)
    item = action_items.add(
        acme.retrospective, action_items.ActionItemFields("Ours"), person("Fatima")
    )
    key = issue(acme, "Theirs by now")["key"]
    choose(signed_in(FATIMA), item, key)
    claim_elsewhere(acme, key)
    drain()
    link = link_of(item)
    assert (link.state, link.failure_code) == (LinkState.ERROR, FailureCode.BELONGS_ELSEWHERE)
    acme.jira.control.clear_requests()
    return item, key


def writes(acme) -> list[str]:
    operations = [each["operation"] for each in acme.jira.control.requests()]
    return [each for each in operations if each in {"property_put", "edit", "create", "transition"}]


def test_completing_here_does_not_move_it(acme, lost, drain):
    item, key = lost
    choose_status()

    action_items.complete(item, person("Fatima"))
    db.session.commit()
    drain()

    assert acme.jira.control.issue(key)["status"] == "To Do"
    assert writes(acme) == []


@pytest.mark.parametrize("by_delivery", [True, False])
def test_what_happens_to_it_completes_nothing_here(acme, lost, drain, by_delivery):
    item, key = lost
    acme.jira.control.transition_issue(key, "Done")
    if by_delivery:
        deliver(acme, link_of(item))
    else:
        reconciliations.owe(acme.connection, utcnow())
        db.session.commit()

    drain()

    db.session.refresh(item)
    assert not item.complete
