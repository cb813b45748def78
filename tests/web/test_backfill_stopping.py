"""A backfill that is stopped, by a person or with the connection."""

import pytest

from app.clock import utcnow
from app.drain import claiming, drain_lease
from app.extensions import db
from app.models import (
    BackfillState,
    LinkState,
)
from app.services.outbound import fence, links
from app.services.outbound.plan import Plan as Planned
from tests.support.atlassian import LABS, cloud_id, connect
from tests.support.backfilling import (
    BACKFILL,
    JIRA,
    opened,
    past,
    run,
    start,
    stop,
    titles,
    words,
)

pytestmark = pytest.mark.usefixtures("checked")


@pytest.mark.both_databases
def test_what_was_not_sent_when_it_was_stopped_is_sent_by_the_next(
    admin, acme, tick, drain, small_slices
):
    past(7)
    start(admin, 7)
    tick()
    drain()
    tick()
    text = admin.get(f"{BACKFILL}/{run().id}/stop").page.text
    assert "5 issues stay in Jira" in text
    assert "2 action items are left to sync." in text

    assert stop(admin).status_code == 303
    tick()
    drain()
    assert len(acme.issues()) == 5
    assert "5 of 7 are in Jira. 2 were not sent." in words(admin)

    assert start(admin, 2).status_code == 303
    for _ in range(2):
        tick()
        drain()
    assert sorted(titles(acme)) == sorted(f"Past Platform {n}" for n in range(1, 8))


def test_with_htmx_starting_and_stopping_bring_the_page_back_in_parts(admin, acme):
    past(2)

    begun = start(admin, 2, htmx=True)
    assert "0 of 2 are in Jira, 2 to go." in begun.page.text
    ended = stop(admin, htmx=True)
    assert "Sync 2 action items" in ended.page.text
    assert "Stopped. 0 of 2 action items synced." in ended.page.text
    assert [answer.page.whole for answer in (begun, ended)] == [False, False]


def test_stopping_twice_says_that_it_has_ended(admin, acme):
    past(1)
    start(admin, 1)

    stop(admin)

    assert "It had ended already." in admin.get(stop(admin).location).page.text
    assert admin.get(f"{BACKFILL}/{run().id}/stop").status_code == 303


def test_what_a_worker_has_claimed_and_not_sent_is_withdrawn(admin, acme, tick):
    past(2)
    start(admin, 2)
    tick()
    lease = drain_lease.take(acme.connection.id)
    db.session.commit()
    claimed = claiming.claim(lease).claims
    db.session.commit()

    stop(admin)

    assert len(claimed) == 2
    assert not fence.stamp(lease, [Planned(each, {}, None) for each in claimed])
    assert "Sync 2 action items" in words(admin)


def test_what_may_be_in_jira_is_seen_to_its_end(admin, acme, tick):
    past(2)
    start(admin, 2)
    tick()
    sent, waiting = opened()
    sent.stamped_at, sent.state = utcnow(), LinkState.UNKNOWN
    sent_id = sent.id
    db.session.commit()

    stop(admin)

    assert [link.id for link in opened()] == [sent_id]
    assert "0 of 2 are in Jira, 1 to go. 1 was not sent." in words(admin)


def test_what_was_tried_and_withdrawn_says_so_in_the_log(admin, acme, tick, drain):
    past(1)
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    start(admin, 1)
    tick()
    drain()

    stop(admin)

    log = admin.get(f"{JIRA}/sync-log").page.text
    assert "Stopped Past Platform 1" in log
    assert "Sync 1 action item" in words(admin)


def test_what_was_withdrawn_goes_out_when_its_retrospective_enters_commit_again(
    admin, acme, tick, drain
):
    retrospective = past(2)
    start(admin, 2)
    tick()
    stop(admin)

    links.commit_action_items(retrospective)
    drain()

    assert len(acme.issues()) == 2


def test_a_sync_that_somebody_asked_for_is_not_stopped(admin, acme, tick):
    item = past(1).action_items[0]
    start(admin, 1)
    tick()

    admin.post(f"/action-items/{item.id}/syncs")
    stop(admin)

    assert [link.action_item_id for link in opened()] == [item.id]


def test_disconnecting_stops_it_and_the_page_says_so(admin, acme, tick):
    past(2)
    start(admin, 2)
    tick()

    admin.post(f"{JIRA}/disconnection")

    assert opened() == []
    text = words(admin)
    assert "Stopped when Jira was disconnected" in text
    assert "Jira is disconnected" in text
    acme.connect()
    assert "Sync 2 action items" in words(admin)


def test_another_site_stops_it_and_the_page_says_so(admin, acme, tick):
    past(2)
    start(admin, 2)
    tick()

    connect(admin, acme.jira, (LABS,))
    admin.post(f"{JIRA}/site", {"site": cloud_id(acme.jira, LABS), "confirmed": "yes"})

    assert opened() == []
    assert "Stopped when another Jira site was connected" in words(admin)


def test_another_organizations_backfill_is_not_found(admin, acme, signed_in):
    past(1)
    start(admin, 1)
    owner = signed_in("owner@tiny.test")
    theirs = BACKFILL.replace("acme", "tiny")

    assert owner.post(f"{theirs}/{run().id}/stop").status_code == 404
    assert run().state is BackfillState.RUNNING
