"""Jira refuses, is slow or away while an issue is to say whose it is; and others come before."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.drain import marking
from app.extensions import db
from app.models import FailureCode, LinkState, Outcome, SyncAttempt
from app.services.linking import unmarked
from app.services.outbound import links
from app.services.restoring import on_hold
from demo.jira_cloud.catalog.sites import PROJECTS
from tests.support.chosen import (
    ELSEWHERE,
    FATIMA,
    choose,
    claim_elsewhere,
    issue,
    link_of,
    mark_in,
)
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

TRIES = 4


@pytest.fixture
def chosen(acme, signed_in):
    """The first item, for which somebody has chosen an issue; and the issue's key."""
    key = issue(acme, "Incident reviews with Support")["key"]
    item = acme.items[0]
    assert choose(signed_in(FATIMA), item, key).status_code == 303
    acme.jira.control.clear_requests()
    return item, key


def writes(acme) -> list[str]:
    operations = [each["operation"] for each in acme.jira.control.requests()]
    return [each for each in operations if each in {"property_put", "edit", "create"}]


def tries() -> list[Outcome]:
    return [each.outcome for each in db.session.query(SyncAttempt).order_by(SyncAttempt.id)]


@pytest.mark.parametrize("kind", ["unavailable", "error", "drop_before", "drop_after"])
def test_a_write_without_an_answer_is_tried_again(acme, chosen, drain, kind):
    item, key = chosen
    acme.jira.control.fault(kind, "property_put", times=1)

    drain()

    assert link_of(item).state is LinkState.SYNCED
    assert mark_in(acme, key)["link"] == link_of(item).public_id
    assert tries() == [Outcome.UNAVAILABLE, Outcome.SUCCEEDED]
    assert set(writes(acme)) == {"property_put"}


def test_what_stays_without_an_answer_is_a_sync_error_and_retry_ends_it(acme, chosen, drain):
    item, key = chosen
    acme.jira.control.fault("unavailable", "property_put")
    for _ in range(TRIES + 1):
        drain()
    failed = link_of(item)
    assert (failed.state, failed.failure_code) == (
        LinkState.ERROR,
        FailureCode.JIRA_UNAVAILABLE,
    )
    acme.jira.control.clear_faults()

    assert links.retry(failed)
    db.session.commit()
    drain()

    assert link_of(item).state is LinkState.SYNCED
    assert mark_in(acme, key)["link"] == link_of(item).public_id


def test_a_request_to_slow_down_uses_up_no_try(acme, chosen, drain):
    item, key = chosen
    acme.jira.control.fault("rate_limit", "property_put", times=1, retry_after=60)

    drain()
    paused = link_of(item)
    assert (paused.state, paused.tries) == (LinkState.WAITING, 0)
    with time_machine.travel(utcnow() + timedelta(seconds=90)):
        drain()

    assert link_of(item).state is LinkState.SYNCED


def test_a_read_back_that_fails_is_tried_again_and_nothing_is_written_twice(acme, chosen, drain):
    item, _ = chosen
    acme.jira.control.fault("unavailable", "bulkfetch", times=1, skip=1)

    drain()

    assert link_of(item).state is LinkState.SYNCED
    assert tries() == [Outcome.UNAVAILABLE, Outcome.SUCCEEDED]
    assert writes(acme) == ["property_put"]


@pytest.mark.environment(SYNC_RETRY_DELAYS="30,30,30")
def test_nothing_is_known_of_an_issue_before_it_says_whose_it_is(acme, chosen, drain):
    item, _ = chosen
    acme.jira.control.fault("unavailable", "bulkfetch", skip=1)

    drain()

    link = link_of(item)
    assert (link.state, link.unmarked, link.snapshot) == (LinkState.RETRYING, True, None)
    assert writes(acme) == ["property_put"]


@pytest.mark.parametrize("step", ["_write", "_read", "marked"])
def test_a_worker_that_dies_at_any_step_is_followed_by_another(
    acme, chosen, drain, monkeypatch, step
):
    item, key = chosen
    place = unmarked if step == "marked" else marking
    with monkeypatch.context() as killed:
        killed.setattr(place, step, dies)
        with pytest.raises(SystemExit):
            drain()
    db.session.rollback()
    assert link_of(item).snapshot is None

    drain()

    assert link_of(item).state is LinkState.SYNCED
    assert mark_in(acme, key)["link"] == link_of(item).public_id
    assert set(writes(acme)) == {"property_put"}


def dies(*_: object) -> None:
    raise SystemExit(1)


def test_without_the_right_to_edit_it_says_so(acme, chosen, drain):
    item, key = chosen
    acme.jira.control.deny("EDIT_ISSUES")

    for _ in range(TRIES + 1):
        drain()

    assert link_of(item).state is LinkState.ERROR
    assert link_of(item).failure_code is FailureCode.MAY_NOT_EDIT
    assert mark_in(acme, key) is None


def test_an_issue_that_is_deleted_meanwhile_is_deleted(acme, chosen, drain):
    item, key = chosen
    acme.jira.control.delete_issue(key)

    drain()

    assert link_of(item).state is LinkState.DELETED
    assert writes(acme) == []


def test_an_issue_that_cannot_be_seen_any_more_is_not_called_deleted(acme, chosen, drain):
    item, _ = chosen
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")

    drain()

    assert link_of(item).state is LinkState.UNSEEN


def test_whoever_has_marked_it_meanwhile_keeps_it(acme, chosen, drain):
    item, key = chosen
    claim_elsewhere(acme, key)
    acme.jira.control.clear_requests()

    drain()

    link = link_of(item)
    assert (link.state, link.failure_code) == (LinkState.ERROR, FailureCode.BELONGS_ELSEWHERE)
    assert mark_in(acme, key)["link"] == ELSEWHERE
    assert writes(acme) == []


def test_whoever_marks_it_between_write_and_read_keeps_it(acme, chosen, drain, monkeypatch):
    item, key = chosen
    write = marking._write

    def and_then_another(*arguments):
        written = write(*arguments)
        claim_elsewhere(acme, key)
        return written

    monkeypatch.setattr(marking, "_write", and_then_another)
    drain()

    assert link_of(item).failure_code is FailureCode.BELONGS_ELSEWHERE
    assert link_of(item).snapshot is None


def test_on_hold_nothing_is_written_before_the_release(acme, chosen, drain):
    item, key = chosen
    on_hold.begin(utcnow())
    db.session.commit()

    drain()

    assert mark_in(acme, key) is None
    assert writes(acme) == []
    assert link_of(item).unmarked


def test_a_project_of_the_site_needs_no_mapping_to_be_written_to(acme, signed_in, drain):
    other = next(each for each in PROJECTS["acme-eng"] if each.key != "PLAT")
    key = issue(acme, "Elsewhere", other.key)["key"]
    item = acme.items[0]
    assert choose(signed_in("admin@acme.test"), item, key).status_code == 303

    drain()

    assert mark_in(acme, key)["link"] == link_of(item).public_id


@pytest.mark.environment(SYNC_RETRY_DELAYS="30,30,30")
def test_without_a_token_it_waits_as_for_jira_itself(acme, chosen, drain):
    item, key = chosen
    acme.connection.access_expires_at = utcnow() - timedelta(minutes=1)
    acme.jira.control.fault("unavailable", "token")

    drain()

    link = link_of(item)
    assert (link.state, link.claim_id) == (LinkState.RETRYING, None)
    assert link.not_before > utcnow()
    assert mark_in(acme, key) is None
