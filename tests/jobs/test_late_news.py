"""What Jira did, heard of long after it: a delivery was lost, or nobody could see the issue."""

from datetime import timedelta

import pytest

from app import clock
from app.extensions import db
from app.services.retrospectives import action_items
from tests.support.inbound import deliver, log_of
from tests.support.later import LaterClock
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.mark.both_databases
def test_what_a_person_opened_later_stays_open_until_it_changes_again(acme, drain, link):
    acme.jira.control.transition_issue(link.issue_key, "Done")
    item, facilitator = link.action_item, acme.retrospective.facilitator
    with clock.use(LaterClock(timedelta(minutes=10))):
        action_items.complete(item, facilitator)
        action_items.reopen(item, facilitator)
    db.session.commit()
    with clock.use(LaterClock(timedelta(minutes=20))):
        deliver(acme, link)
        drain()

    assert not item.complete
    assert (link.status_category, log_of(link)) == ("done", [])
