"""What happens here while Jira is being read: decisions are made on the rows as they are then."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial

import pytest
import time_machine

from app.clock import utcnow
from app.drain import drain_lease
from app.models import CompletedIn
from app.services.outbound import links
from app.services.retrospectives import action_items
from app.services.work import leases
from tests.support.inbound import deliver, listening, log_of, unapplied
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def link(acme):
    """Its issue is done in Jira, and a delivery told so."""
    listening(acme, title=True)
    link = acme.links[0]
    acme.jira.control.transition_issue(link.issue_key, "Done")
    acme.jira.control.edit_issue(link.issue_key, summary="Renamed in Jira")
    deliver(acme, link)
    return link


@pytest.fixture
def meanwhile(beside_a_drain) -> Callable[[Callable[[], object]], None]:
    """Runs a drain, and something else while Jira takes its time to answer."""
    return partial(beside_a_drain, "bulkfetch")


@pytest.mark.both_databases
def test_what_a_person_does_meanwhile_is_kept(acme, link, meanwhile):
    item = link.action_item

    def completed_and_renamed() -> None:
        action_items.complete(item, acme.retrospective.facilitator)
        fields = action_items.ActionItemFields("Renamed here", item.description, item.assignee_id)
        action_items.edit(item, fields)

    meanwhile(completed_and_renamed)

    assert item.completed_in is CompletedIn.UNPACK
    assert item.title == "Renamed here"
    assert acme.jira.control.issue(link.issue_key)["fields"]["summary"] == "Renamed here"


def test_what_is_unlinked_meanwhile_hears_nothing(acme, link, meanwhile):
    item = link.action_item
    meanwhile(lambda: links.unlink(item))

    assert not item.complete
    assert unapplied() == 0


def test_a_drain_that_lost_its_lease_writes_nothing_it_read(acme, link, meanwhile):
    def overtaken() -> None:
        with time_machine.travel(utcnow() + timedelta(minutes=2)):
            successor = drain_lease.take(acme.connection.id)
            assert successor
            leases.release(successor)

    meanwhile(overtaken)

    assert log_of(link) == []
    assert unapplied() == 1


def test_what_an_older_grant_read_is_not_written(acme, link, meanwhile):
    meanwhile(acme.connect)

    assert log_of(link) == []
    assert unapplied() == 1
