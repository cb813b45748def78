"""Sync to Jira, unlinking and creating again."""

import pytest

from app.extensions import db
from app.models import LinkState, Phase
from tests.support.acme import connect_and_choose, items, link, links_of, sprint_14
from tests.support.atlassian import JIRA
from tests.support.settings import NO_DELAYS
from tests.web.action_items.writing import both_ways


@both_ways
def test_sync_to_jira_pushes_at_once(facilitator, queued, htmx):
    connect_and_choose()
    item = items()[0]

    answer = facilitator.post(f"/action-items/{item.id}/syncs", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert [row.state for row in links_of(item)] == [LinkState.WAITING]
    assert [job.func_name for job in queued()] == ["jobs.sync_connection.run"]


def test_asking_twice_opens_one_link(facilitator):
    connect_and_choose()
    item = items()[0]
    for _ in range(2):
        facilitator.post(f"/action-items/{item.id}/syncs")

    assert len(links_of(item)) == 1


@both_ways
def test_sync_to_jira_without_jira_says_why_not(facilitator, htmx):
    answer = facilitator.post(f"/action-items/{items()[0].id}/syncs", htmx=htmx)

    assert answer.status_code == 409
    assert "Jira is not connected." in answer.page.text


@both_ways
@pytest.mark.parametrize("state", [LinkState.SYNCED, LinkState.ERROR])
def test_an_issue_on_another_site_is_not_promised_to_be_synced(facilitator, htmx, state):
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    item = items()[0]
    link(item, state).cloud_id = "the-site-before"

    page = facilitator.get(f"/action-items/{item.id}").page
    answer = facilitator.post(f"/action-items/{item.id}/syncs", htmx=htmx)

    assert "Its issue is on another site" in page.text
    assert "Sync to Jira" not in page.texts("button")
    assert "Unlink…" in page.texts("a")
    assert answer.status_code == 409
    assert "Unlink it first" in answer.page.text
    assert [row.due_at for row in links_of(item)] == [None]


@pytest.mark.environment(**NO_DELAYS)
def test_a_failed_one_there_is_not_offered_a_retry_in_the_log(signed_in, acme, drain):
    acme.jira.control.deny("CREATE_ISSUES")
    acme.commit_items()
    for _ in range(4):
        drain()
    for row in acme.links:
        row.stamped_cloud_id = "the-site-before"
    db.session.commit()

    page = signed_in("admin@acme.test").get(f"{JIRA}/sync-log").page

    assert {row.state for row in acme.links} == {LinkState.ERROR}
    assert [words for words in page.texts("button") if words.startswith("Retry")] == []


@both_ways
def test_unlinking_leaves_the_issue_and_forgets_its_key(facilitator, htmx):
    connect_and_choose()
    sprint_14(Phase.COMMIT)
    item = items()[0]
    link(item)

    confirm = facilitator.get(f"/action-items/{item.id}/link/removal", htmx=htmx)
    assert "The Jira issue stays as it is." in confirm.page.text
    facilitator.post(f"/action-items/{item.id}/link/removal", htmx=htmx)

    assert [row.active for row in links_of(item)] == [False]
    page = facilitator.get(f"/retrospectives/{sprint_14(Phase.COMMIT).id}").page
    assert "PLAT-142" not in page.text


@both_ways
def test_creating_again_what_was_deleted_in_jira(facilitator, htmx):
    connect_and_choose()
    item = items()[0]
    link(item, LinkState.DELETED)

    answer = facilitator.post(f"/action-items/{item.id}/link/renewal", htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert [(row.active, row.state) for row in links_of(item)] == [
        (False, LinkState.DELETED),
        (True, LinkState.WAITING),
    ]


def test_what_is_not_deleted_is_not_created_again(facilitator):
    connect_and_choose()
    item = items()[0]
    link(item)

    assert facilitator.post(f"/action-items/{item.id}/link/renewal").status_code == 409
    assert len(links_of(item)) == 1


def test_what_can_be_nobodys_id_syncs_nothing(facilitator):
    retrospective = items()[0].retrospective_id

    answer = facilitator.post(f"/retrospectives/{retrospective}/syncs", {"item": "9" * 5000})

    assert answer.status_code == 303
