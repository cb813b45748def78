"""A backfill at work: exactly once, and behind what people wait for."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    Backfill,
    BackfillState,
    ConnectionState,
    FailureCode,
    LinkState,
    Plan,
)
from app.services.retrospectives import action_items, dropping
from jobs import ticker
from tests.support.acme import team
from tests.support.at_once import at_once
from tests.support.backfilling import (
    BACKFILL,
    only_platform_is_mapped,
    opened,
    past,
    run,
    start,
    titles,
    words,
)

pytestmark = pytest.mark.usefixtures("checked")


@pytest.mark.both_databases
def test_each_past_action_item_becomes_exactly_one_issue(admin, acme, tick, drain):
    past(9)
    past(1, "Mobile")

    assert start(admin, 10, "Platform", "Mobile").status_code == 303
    assert "0 of 10 are in Jira, 10 to go." in words(admin)
    for _ in range(3):
        tick()
        drain()

    expected = [f"Past Platform {number}" for number in range(1, 10)]
    assert sorted(titles(acme)) == ["Past Mobile 1", *expected]
    assert run().state is BackfillState.FINISHED
    text = words(admin)
    assert "10 of 10 are in Jira." in text
    assert "started by Adam Novak" in text
    assert "Nothing is left to sync" in text


def test_the_page_asks_again_only_while_something_moves(admin, acme, tick, drain):
    past(2)
    start(admin, 2)

    body = admin.get(BACKFILL).page.by_id("backfill")
    assert body.get("hx-trigger") == "every 2s, came-back from:body"
    look = body.get("hx-get")
    assert admin.get(look, htmx=True).status_code == 204

    for _ in range(2):
        tick()
        drain()
    answer = admin.get(look, htmx=True)
    assert "2 of 2 action items synced." in answer.page.text
    assert "every 2s" not in " ".join(answer.page.values("hx-trigger"))


def test_a_second_start_shows_the_one_that_runs(admin, acme):
    past(2)
    start(admin, 2)
    past(3)

    answer = start(admin, 5)

    text = admin.get(answer.location).page.text
    assert "Past action items are being synced already." in text
    assert "0 of 2 are in Jira" in text
    assert db.session.query(Backfill).count() == 1


@pytest.mark.both_databases
def test_two_who_press_at_once_begin_one(acme, signed_in):
    past(2)
    people = [signed_in(f"{name}@acme.test") for name in ("admin", "owner")]
    for somebody in people:
        somebody.get(BACKFILL)
    chosen = {"chosen": "1", "team": str(team("Platform").id), "count": "2"}

    answers = at_once(*(lambda p=p: p.post(BACKFILL, chosen) for p in people))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert db.session.query(Backfill).count() == 1


@pytest.mark.both_databases
def test_tickers_at_once_open_each_link_once(app, admin, acme, small_slices):
    past(9)
    start(admin, 9)

    for _ in range(3):
        at_once(*[lambda: ticker.tick(app)] * 3)

    assert len({link.action_item_id for link in opened()}) == len(opened()) == 9


@pytest.mark.both_databases
def test_sync_to_jira_beside_the_ticker_opens_one_link(app, admin, acme):
    item_id = past(1).action_items[0].id
    start(admin, 1)
    admin.get(f"/action-items/{item_id}")

    answers = at_once(
        lambda: ticker.tick(app), lambda: admin.post(f"/action-items/{item_id}/syncs")
    )

    assert [answers[0], answers[1].status_code] == [True, 303]
    assert len(opened()) == 1


def test_only_so_many_are_with_the_engine_at_once(admin, acme, tick, small_slices):
    past(13)
    start(admin, 13)

    counts = []
    for _ in range(3):
        tick()
        counts.append(len(opened()))

    assert counts == [5, 10, 10]


def test_what_somebody_commits_overtakes_it(admin, acme, tick, drain):
    past(9)
    start(admin, 9)
    tick()

    acme.commit_items()
    drain()

    assert set(titles(acme)[:5]) == {item.title for item in acme.items}
    assert len(acme.issues()) == 14


def test_near_the_rate_limit_it_waits_and_what_is_committed_does_not(admin, acme, tick, drain):
    past(2)
    start(admin, 2)
    tick()
    acme.connection.near_limit_until = utcnow() + timedelta(minutes=1)
    acme.commit_items()

    drain()

    assert len(acme.issues()) == 5


def test_what_was_synced_or_completed_meanwhile_is_left_out(admin, acme, tick, drain):
    first, second, third, *_ = past(5).action_items
    start(admin, 5)
    second.completed_at = third.deleted_at = utcnow()
    admin.post(f"/action-items/{first.id}/syncs")
    for _ in range(2):
        tick()
        drain()

    text = words(admin)
    assert "2 of 5 are in Jira. 3 were left out" in text
    assert len(acme.issues()) == 3


@pytest.mark.both_databases
def test_what_is_opened_again_meanwhile_was_not_counted_and_gets_no_issue(admin, acme, tick, drain):
    completed, dropped, *_ = past(4).action_items
    someone = acme.retrospective.facilitator
    action_items.complete(completed, someone)
    dropping.drop(dropped, someone)
    db.session.commit()
    start(admin, 2)
    action_items.reopen(completed, someone)
    dropping.undo_drop(dropped, someone)
    db.session.commit()
    for _ in range(2):
        tick()
        drain()

    assert sorted(titles(acme)) == ["Past Platform 3", "Past Platform 4"]
    assert "2 of 2 are in Jira." in words(admin)
    assert start(admin, 2).status_code == 303


def test_what_fails_is_counted_and_stays_in_the_log(admin, acme, tick, drain):
    past(2)
    start(admin, 2)
    tick()
    for link in opened():
        link.state, link.due_at = LinkState.ERROR, None
        link.failure_code = FailureCode.MAY_NOT_CREATE
    tick()

    assert run().state is BackfillState.FINISHED
    assert "0 of 2 are in Jira, 2 failed. Review 2 failed" in words(admin)


def test_a_team_that_lost_its_project_waits_and_holds_up_nobody(admin, acme, tick, drain):
    past(2)
    past(1, "Mobile")
    start(admin, 3, "Platform", "Mobile")
    only_platform_is_mapped()
    for _ in range(2):
        tick()
        drain()

    text = words(admin)
    assert "2 of 3 are in Jira, 1 to go." in text
    assert "Mobile has no project any more. Their action items wait" in text

    acme.map_to("PLAT")
    for _ in range(2):
        tick()
        drain()
    assert run().state is BackfillState.FINISHED
    assert len(acme.issues()) == 3


@pytest.mark.parametrize("trouble", [ConnectionState.NEEDS_RECONNECT, "free"])
def test_without_access_it_waits_and_then_goes_on(admin, acme, tick, drain, trouble):
    past(2)
    start(admin, 2)
    if trouble == "free":
        acme.organization.plan = Plan.FREE
    else:
        acme.connection.state = trouble
    tick()
    drain()
    assert acme.issues() == []
    if trouble != "free":
        assert "It goes on by itself when Jira can be used again." in words(admin)

    acme.organization.plan = Plan.PRO
    acme.connection.state = ConnectionState.CONNECTED
    for _ in range(2):
        tick()
        drain()
    assert len(acme.issues()) == 2
    assert run().state is BackfillState.FINISHED
