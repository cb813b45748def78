"""Sync past action items: what there is to choose, what is begun, and what its page says."""

from datetime import date

import pytest

from app.clock import utcnow
from app.models import ConnectionState
from app.services.outbound import links
from tests.support.acme import team
from tests.support.backfilling import (
    BACKFILL,
    JIRA,
    only_platform_is_mapped,
    past,
    run,
    start,
    words,
)

pytestmark = pytest.mark.usefixtures("checked")


@pytest.mark.both_databases
def test_the_page_counts_what_was_committed_and_never_linked(admin, acme):
    done, gone, unlinked, *_ = past(6).action_items
    past(2, "Mobile")
    done.completed_at = gone.deleted_at = utcnow()
    links.request_sync(unlinked)
    links.unlink(unlinked)

    text = words(admin)

    assert "Platform Platform Engineering · Task 3 action items" in text
    assert "Mobile Platform Engineering · Task 2 action items" in text
    assert "Sync 5 action items" in text


def test_a_team_without_a_project_cannot_be_chosen(admin, acme):
    past(1, "Mobile")
    past(1)
    only_platform_is_mapped()

    text = words(admin)
    assert "Mobile No project. Choose one 1 action item" in text
    assert "Sync 1 action item" in text

    answer = start(admin, 2, "Platform", "Mobile")
    assert "This comes to 1 action item." in answer.page.text
    assert run() is None


def test_the_number_follows_the_choice(admin, acme):
    past(2, held_on=date(2026, 3, 1))
    past(3, held_on=date(2026, 5, 1))
    past(4, "Mobile")
    chosen = f"{BACKFILL}?chosen=1&team={team('Platform').id}"

    def number(query: str) -> str:
        return admin.get(f"{chosen}{query}", htmx=True).page.texts("button")[0]

    assert number("") == "Sync 5 action items"
    assert number("&since=2026-03-01") == "Sync 5 action items"
    assert number("&since=2026-03-02") == "Sync 3 action items"
    assert number("&since=2100-01-01") == "Sync 0 action items"
    assert number(f"&team={team('Mobile').id}") == "Sync 9 action items"


@pytest.mark.parametrize("htmx", [False, True])
def test_another_number_than_the_buttons_is_confirmed_first(admin, acme, htmx):
    past(3)

    answer = start(admin, 5, htmx=htmx)

    assert answer.status_code == 422
    assert "This comes to 3 action items. Nothing is sent yet." in answer.page.text
    assert "Sync 3 action items" in answer.page.text
    assert run() is None
    assert start(admin, 3).status_code == 303


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"since": "yesterday"}, "“yesterday” is not a date. Write it as 2026-03-31."),
        ({"since": "2100-01-01"}, "Choose a team with action items that are left to sync."),
        ({"team": "99999999999999"}, "Choose a team with action items that are left to sync."),
        ({"team": "9" * 5000}, "Choose a team with action items that are left to sync."),
        ({"team": "x", "count": "-1"}, "Choose a team with action items that are left to sync."),
    ],
)
def test_a_choice_that_leads_nowhere_begins_nothing(admin, acme, fields, sentence):
    past(3)

    answer = start(admin, 3, **fields)

    assert answer.status_code == 422
    assert sentence in answer.page.text
    assert run() is None


def test_nothing_begins_while_jira_is_disconnected(admin, acme):
    past(1)
    acme.connection.state = ConnectionState.DISCONNECTED

    assert start(admin, 1).status_code == 409
    assert "Jira is disconnected" in words(admin)
    assert admin.get(BACKFILL, htmx=True).headers["HX-Redirect"] == BACKFILL
    assert run() is None


def test_without_past_action_items_there_is_nothing_to_do(admin, acme):
    assert "Nothing is left to sync" in words(admin)
    assert "Past action items" not in admin.get(JIRA).page.text
    assert "Sync past action items" not in admin.get(f"{JIRA}/sync-log").page.text
    assert admin.get(BACKFILL, htmx=True).headers["HX-Redirect"] == BACKFILL


def test_settings_and_log_lead_to_it(admin, acme, tick):
    past(3)

    assert "3 open action items of earlier retrospectives" in admin.get(JIRA).page.text
    assert "Sync past action items" in admin.get(f"{JIRA}/sync-log").page.text
    start(admin, 3)
    tick()
    assert "0 of 3 are in Jira, 3 to go." in admin.get(JIRA).page.text
    assert "0 of 3 past action items" in admin.get(f"{JIRA}/sync-log").page.text
