"""Retry and Retry all failed: what is tried again, and that asking twice does no harm."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, ConnectionState, IssueLink, LinkState
from tests.support.acme import connect, connect_and_choose, items, link, make_free
from tests.support.sync_entries import failed, synced

LOG = "/organizations/acme/settings/integrations/jira/sync-log"


@pytest.fixture
def connected(sample: None, app: object) -> None:
    connect_and_choose()


def fresh(log) -> IssueLink:
    db.session.expire_all()
    return log.link


def announced(answer) -> str:
    found = [each for each in answer.page.root.iter() if each.get("id") == "announcer"]
    return found[0].text or ""


@pytest.mark.parametrize("htmx", [False, True])
def test_retry_makes_the_item_due_with_fresh_tries(admin, connected, queued, htmx):
    log = failed(items()[0])

    answer = admin.post(f"{LOG}/{log.id}/retries", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    row = fresh(log)
    assert (row.state, row.tries, row.failure_code) == (LinkState.WAITING, 0, None)
    assert row.due_at <= utcnow()
    assert [job.func_name for job in queued()] == ["jobs.sync_connection.run"]


def test_retry_brings_back_its_line_and_tells_the_counts(admin, connected):
    log = failed(items()[0])

    answer = admin.post(f"{LOG}/{log.id}/retries", htmx=True)

    assert "Waiting to sync" in answer.page.text
    assert announced(answer) == "Trying again: Add a canary stage to the deploy pipeline"
    assert answer.headers["HX-Trigger"] == "log-changed"


def test_without_scripts_retry_comes_back_to_the_same_place(admin, connected):
    log = failed(items()[0])

    answer = admin.post(f"{LOG}/{log.id}/retries?shown=failed&text=canary&slug=other")

    assert answer.location == f"{LOG}?shown=failed&text=canary#entry-{log.id}"
    text = admin.get(answer.location).page.text
    assert "Trying again: Add a canary stage to the deploy pipeline" in text


def test_an_entry_that_is_not_failed_any_more_answers_with_its_state(admin, connected):
    log = synced(items()[0])

    answer = admin.post(f"{LOG}/{log.id}/retries", htmx=True)

    assert answer.status_code == 200
    assert announced(answer) == "Synced: Add a canary stage to the deploy pipeline"
    assert fresh(log).due_at is None


def test_pressing_retry_twice_is_one_retry(admin, connected):
    log = failed(items()[0])

    admin.post(f"{LOG}/{log.id}/retries", htmx=True)
    changes = fresh(log).change_number
    again = admin.post(f"{LOG}/{log.id}/retries", htmx=True)

    assert again.status_code == 200
    assert fresh(log).change_number == changes


def test_a_retry_keeps_the_stamp_of_an_unknown_create(admin, connected):
    log = failed(items()[0])
    log.link.stamped_at = log.link.not_before = stamped = utcnow()

    admin.post(f"{LOG}/{log.id}/retries")

    assert (fresh(log).stamped_at, fresh(log).not_before) == (stamped, stamped)


def test_retry_all_asks_first_and_says_how_many_of_which_team(admin, connected):
    for item in items()[:2]:
        failed(item)

    page = admin.get(f"{LOG}/retries/new").page

    assert "2 action items are tried once more, now: 2 of Platform." in page.text
    assert fresh_states() == {LinkState.ERROR}


def test_retry_all_makes_every_failed_item_due(admin, connected, queued):
    for item in items()[:3]:
        failed(item)
    link(items()[3], due_at=None)

    answer = admin.post(f"{LOG}/retries")

    assert fresh_states() == {LinkState.WAITING, LinkState.SYNCED}
    assert "3 action items are tried again." in admin.get(answer.location).page.text
    assert len(queued()) == 1
    event = db.session.query(AuditEvent).filter_by(action="jira.retried-all").one()
    assert event.details == {"action_items": 3}


def test_pressing_retry_all_twice_does_no_harm(admin, connected):
    log = failed(items()[0])

    admin.post(f"{LOG}/retries")
    changes = fresh(log).change_number
    again = admin.post(f"{LOG}/retries")

    assert fresh(log).change_number == changes
    assert "Nothing has failed" in admin.get(again.location).page.text


def test_retry_all_leaves_deleted_items_alone(admin, connected):
    log = failed(items()[0])
    log.action_item.deleted_at = utcnow()

    admin.post(f"{LOG}/retries")

    assert fresh(log).state is LinkState.ERROR


def test_with_nothing_failed_there_is_nothing_to_confirm(admin, connected):
    answer = admin.get(f"{LOG}/retries/new")

    assert answer.status_code == 303
    assert "Nothing has failed" in admin.get(answer.location).page.text


@pytest.mark.parametrize("htmx", [False, True])
def test_nothing_is_retried_after_a_disconnect(admin, sample, app, htmx):
    connect(ConnectionState.DISCONNECTED)
    log = failed(items()[0])

    one = admin.post(f"{LOG}/{log.id}/retries", htmx=htmx)
    every = admin.post(f"{LOG}/retries", htmx=htmx)

    assert (one.status_code, every.status_code) == (409, 409)
    assert "Jira is not connected." in one.page.text
    assert fresh(log).state is LinkState.ERROR


def test_nothing_is_retried_on_free(admin, connected):
    log = failed(items()[0])
    make_free()

    assert admin.post(f"{LOG}/{log.id}/retries").status_code == 409
    assert admin.post(f"{LOG}/retries").status_code == 409
    assert fresh(log).state is LinkState.ERROR


@pytest.mark.parametrize("email", ["facilitator@acme.test", "member1@acme.test", "owner@tiny.test"])
def test_only_owner_and_admins_retry(signed_in, connected, email):
    log = failed(items()[0])
    other = signed_in(email)

    assert other.post(f"{LOG}/{log.id}/retries").status_code == 404
    assert other.post(f"{LOG}/retries").status_code == 404
    assert fresh(log).state is LinkState.ERROR


def test_another_organizations_entry_is_not_found(signed_in, connected):
    log = failed(items()[0])
    owner = signed_in("owner@tiny.test")
    theirs = "/organizations/tiny/settings/integrations/jira/sync-log"

    assert owner.post(f"{theirs}/{log.id}/retries").status_code == 404


def fresh_states() -> set[LinkState]:
    db.session.expire_all()
    return {row.state for row in db.session.query(IssueLink)}
