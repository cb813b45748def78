"""Creates whose answer never came, and everything that may happen before they are settled."""

from datetime import timedelta

import pytest
import time_machine
from flask import current_app

from app.clock import utcnow
from app.drain import claiming, drain_lease
from app.extensions import db
from app.models import FailureCode, IssueLink, LinkState
from app.services.errors import OutcomeUnknown
from app.services.outbound import fence, links
from app.services.owed import pushes
from app.services.work import leases
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(SYNC_PROBE_DELAYS="15,30", SYNC_RETRY_DELAYS="1,1,1")
# The probes need not be waited for.
at_once = pytest.mark.environment(**NO_DELAYS)

PROPERTY = "unpack.action-item"
LATER = timedelta(minutes=2)
MUCH_LATER = timedelta(minutes=4)


@pytest.fixture
def lost(acme, drain) -> IssueLink:
    """The link of the one create that Jira did and whose answer was lost."""
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    drain()
    [link] = [each for each in acme.links if each.state is LinkState.UNKNOWN]
    assert len(acme.issues()) == 5
    return link


def later(drain, by: timedelta = LATER) -> None:
    """Run a drain after the probes' time; the stand-in keeps its own clock."""
    with time_machine.travel(utcnow() + by):
        drain()


def assert_settled(acme) -> None:
    """Five issues, each linked by its own item."""
    issues = {issue["id"]: issue["properties"][PROPERTY]["link"] for issue in acme.issues()}
    assert len(issues) == 5
    assert {link.issue_id: link.public_id for link in acme.links} == issues
    assert {link.state for link in acme.links} == {LinkState.SYNCED}


def test_half_an_answer_to_a_create_is_none(acme, drain):
    acme.jira.control.fault("truncate", "create", times=1)
    acme.commit_items()
    drain()
    assert LinkState.UNKNOWN in {link.state for link in acme.links}

    later(drain)

    assert_settled(acme)


def test_nothing_is_looked_up_before_15_seconds_have_passed(acme, drain, lost):
    acme.jira.control.clear_requests()

    drain()

    assert acme.jira.control.requests() == []


@pytest.mark.parametrize("account", ["admin@acme.test", "unpack@acme.test"])
def test_the_zone_of_the_account_does_not_matter(acme, drain, account):
    acme.connect(account)
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    drain()

    later(drain)

    assert_settled(acme)


def test_a_reconnect_with_another_account_finds_the_first_ones_issue(acme, drain, lost):
    acme.connect("admin@acme.test")

    later(drain)

    assert_settled(acme)


def test_an_issue_moved_meanwhile_is_found_with_its_new_key(acme, drain, lost):
    [orphan] = [i for i in acme.issues() if i["properties"][PROPERTY]["link"] == lost.public_id]
    moved = acme.jira.control.move_issue(orphan["key"], "MOB")

    later(drain)

    assert_settled(acme)
    assert db.session.get(IssueLink, lost.id).issue_key == moved["key"]


def test_a_mapping_changed_between_tries_makes_no_second_issue(acme, drain, lost):
    acme.map_to("MOB")
    pushes.mappings_changed(acme.organization.id)
    db.session.commit()

    later(drain)

    assert_settled(acme)


def test_browse_lost_means_no_create_until_it_is_given_back(acme, drain, lost):
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")
    later(drain)
    assert db.session.get(IssueLink, lost.id).state is LinkState.UNKNOWN

    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT", on=False)
    later(drain, timedelta(minutes=15))

    assert_settled(acme)


def test_sync_and_edits_never_clear_the_stamp(acme, drain, lost):
    item = lost.action_item
    links.request_sync(item)
    item.title = "Edited while nobody knew"
    links.item_edited(item)
    db.session.commit()
    drain()
    assert len(acme.issues()) == 5

    later(drain)

    assert_settled(acme)
    issue = acme.jira.control.issue(db.session.get(IssueLink, lost.id).issue_key)
    assert issue["fields"]["summary"] == "Edited while nobody knew"


def test_unlinking_is_refused_until_the_outcome_is_known(acme, drain, lost):
    with pytest.raises(OutcomeUnknown):
        links.unlink(lost.action_item)


def test_unlink_then_sync_makes_a_second_issue_on_purpose_and_leaves_the_first(acme, drain, lost):
    later(drain)
    item = db.session.get(IssueLink, lost.id).action_item
    links.unlink(item)
    db.session.flush()
    links.request_sync(item)
    db.session.commit()

    drain()

    assert len(acme.issues()) == 6
    assert links.active_link(item).public_id != lost.public_id


def test_a_probe_that_has_to_slow_down_pauses_the_connection(acme, drain, lost):
    acme.jira.control.fault("rate_limit", "search", times=1, retry_after=600)

    later(drain)
    assert acme.connection.paused_until > utcnow() + timedelta(minutes=5)
    acme.jira.control.clear_requests()
    later(drain, timedelta(minutes=4))
    assert acme.jira.control.requests() == []

    later(drain, timedelta(minutes=15))
    assert_settled(acme)


def test_search_that_lags_is_waited_for(acme, drain):
    acme.jira.control.set(search_lag=0.3)
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    drain()

    later(drain)
    later(drain, MUCH_LATER)

    assert_settled(acme)


def test_a_create_that_jira_never_did_is_made_after_the_second_probe_only(acme, drain):
    acme.jira.control.fault("drop_before", "create", times=1)
    acme.commit_items()
    drain()

    later(drain)
    assert len(acme.issues()) == 4
    later(drain, MUCH_LATER)

    assert_settled(acme)


@pytest.mark.usefixtures("one_by_one")
def test_an_edit_while_the_request_is_out_goes_out_afterwards(acme, beside_a_drain):
    acme.commit_items()
    link = acme.links[0]

    def edit() -> None:
        link.action_item.title = "Edited in flight"
        links.item_edited(link.action_item)

    beside_a_drain("create", edit, slow=700)

    assert_settled(acme)
    assert acme.jira.control.issue(link.issue_key)["fields"]["summary"] == "Edited in flight"
    assert len(acme.jira.control.requests("edit")) == 1


def test_a_paused_worker_that_wakes_after_its_lease_sends_nothing(acme, drain):
    acme.commit_items()
    sleeper = drain_lease.take(acme.connection.id)
    db.session.commit()
    claiming.claim(sleeper)
    db.session.commit()

    later(drain, timedelta(minutes=5))

    assert len(acme.issues()) == 5
    assert not fence.may_send(sleeper)
    assert not leases.renew(sleeper)


@at_once
def test_a_create_whose_answer_never_came_is_found_and_not_made_again(acme, drain):
    acme.jira.control.fault("drop_after", "create", times=2)
    acme.commit_items()

    drain()

    assert len(acme.issues()) == 5
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert len({link.issue_id for link in acme.links}) == 5


@at_once
def test_a_create_that_jira_never_did_is_made_after_two_empty_probes(acme, drain):
    acme.jira.control.fault("error", "create", times=1)
    acme.commit_items()

    drain()

    assert len(acme.issues()) == 5
    assert len(acme.jira.control.requests("search")) == 2


@at_once
def test_without_a_view_of_the_project_an_unknown_create_stays_unknown(acme, drain):
    acme.commit_items()
    drain()
    links.create_again(acme.items[0])
    db.session.commit()
    acme.jira.control.fault("error", "create", times=1)
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")

    drain()

    unknown = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    assert [link.failure_code for link in unknown] == [FailureCode.OUTCOME_UNSEEN]
    assert all(link.stamped for link in unknown)


@at_once
def test_an_item_deleted_during_its_create_still_gets_its_key(acme, drain):
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(current_app.config, "SYNC_PROBE_DELAYS", (600.0, 600.0))
        drain()
    [unknown] = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    item = unknown.action_item
    item.deleted_at = utcnow()
    links.item_deleted(item)
    db.session.commit()

    with time_machine.travel(utcnow() + timedelta(minutes=11)):
        drain()

    link = links.active_link(item)
    assert link.issue_key
    assert link.state is LinkState.SYNCED
    assert link.due_at is None
