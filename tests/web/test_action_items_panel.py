"""The panel as it is polled: what it says, when it looks again, what it announces."""

import re
from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, FailureCode, LinkState, Phase
from tests.support.acme import (
    choose_project,
    connect,
    connect_and_choose,
    items,
    link,
    links_of,
    make_free,
    sprint_14,
)
from tests.support.panel import announced, head, poll, show
from tests.support.people import Person


@pytest.fixture
def facilitator(signed_in) -> Person:
    return signed_in("facilitator@acme.test")


def test_before_commit_the_panel_says_where_the_items_will_go(facilitator):
    connect_and_choose()

    page = show(facilitator, Phase.DISCUSS)

    assert (
        "When you continue to Commit, each becomes a Task in PLAT · Platform Engineering. "
        "You see a preview first." in page.text
    )


def test_after_commit_the_head_counts(facilitator):
    connect_and_choose()
    first, second, third, *_ = items()
    link(first)
    link(second, LinkState.WAITING, key=None)
    link(third, LinkState.ERROR, key=None, failure_code=FailureCode.MAY_NOT_CREATE)

    page = show(facilitator)

    assert "1 in Jira, 1 on the way, 3 need you." in page.text


def test_nothing_is_polled_while_nothing_moves(facilitator):
    connect_and_choose()
    link(items()[0])

    assert head(show(facilitator)).get("hx-get") is None


def test_a_poll_without_news_is_empty(facilitator):
    connect_and_choose()
    link(items()[0], LinkState.SYNCING, key=None)
    page = show(facilitator)

    assert poll(facilitator, page).status_code == 204


def test_a_poll_brings_the_key_as_soon_as_there_is_one(facilitator):
    connect_and_choose()
    row = link(items()[0], LinkState.SYNCING, key=None)
    page = show(facilitator)
    settle(row)

    answer = poll(facilitator, page)

    assert "PLAT-142, opens in Jira" in answer.page.texts("a")
    assert head(answer.page).get("hx-get") is None


def settle(row, state: LinkState = LinkState.SYNCED) -> None:
    row = links_of(row.action_item)[0]
    row.state = state
    if state is LinkState.SYNCED:
        row.issue_key, row.issue_id = "PLAT-142", f"1{row.action_item_id:04}"
        row.site_url, row.cloud_id = "https://acme-eng.atlassian.net", "cloud-1"
    row.revision += 1
    db.session.commit()


@pytest.mark.parametrize(("age", "seconds"), [(2, "every 1s"), (30, "every 2s"), (300, "every 5s")])
def test_the_panel_looks_less_often_the_longer_nothing_happens(facilitator, age, seconds):
    connect_and_choose()
    then = utcnow() - timedelta(seconds=age)
    for item in items():
        item.updated_at = then
    link(items()[0], LinkState.SYNCING, key=None, created_at=then)

    assert head(show(facilitator)).get("hx-trigger") == f"{seconds}, came-back from:body"


def test_a_finished_batch_is_announced_once(facilitator):
    connect_and_choose()
    rows = [link(item, LinkState.SYNCING, key=None) for item in items()]
    page = show(facilitator)
    for row in rows[:3]:
        settle(row)
    answer = poll(facilitator, page)
    assert announced(answer) == ""

    settle(rows[3])
    settle(rows[4], LinkState.ERROR)
    answer = poll(facilitator, answer.page)

    assert announced(answer) == "4 issues created. Sync error: " + items()[4].title


def test_one_issue_is_announced_by_its_key(facilitator):
    connect_and_choose()
    row = link(items()[0], LinkState.SYNCING, key=None)
    page = show(facilitator)
    settle(row)

    assert announced(poll(facilitator, page)) == "PLAT-142 created"


def test_an_update_is_announced_as_one(facilitator):
    connect_and_choose()
    row = link(items()[0], LinkState.WAITING)
    page = show(facilitator)
    settle(row)

    assert announced(poll(facilitator, page)) == "PLAT-142 updated"


def test_an_error_says_what_jira_said_and_links_admins_to_the_settings(admin, facilitator):
    connect_and_choose()
    link(
        items()[0],
        LinkState.ERROR,
        key=None,
        failure_code=FailureCode.ISSUE_TYPE_GONE,
        failure_message="The issue type selected is invalid.",
        tries=4,
    )

    page = show(admin)
    assert "Jira said: “The issue type selected is invalid.”" in page.text
    assert "Choose an issue type" in page.texts("a")
    assert "See all 4 tries" in page.texts("a")

    page = show(facilitator)
    assert "PLAT no longer offers Task. Ask an admin." in page.text
    assert "Choose an issue type" not in page.texts("a")
    assert "See all 4 tries" not in page.texts("a")


@pytest.mark.parametrize(
    ("arrange", "words"),
    [
        (lambda: connect(), "No Jira project is chosen for Platform, so nothing goes to Jira."),
        (
            lambda: (connect(ConnectionState.NEEDS_RECONNECT), choose_project()),
            "Jira needs to be reconnected.",
        ),
        (
            lambda: (connect(ConnectionState.SITE_UNAVAILABLE), choose_project()),
            "The Jira site acme-eng.atlassian.net is not available.",
        ),
        (lambda: (connect_and_choose(), make_free()), "The Free plan does not include Jira."),
    ],
)
def test_what_holds_everything_is_said_once(facilitator, admin, arrange, words):
    arrange()

    assert words in show(admin).text
    notice = show(facilitator).text
    assert words in notice
    assert "Ask an admin." in notice


def test_a_disconnect_keeps_the_keys(facilitator):
    connection = connect_and_choose()
    link(items()[0])
    connection.state = ConnectionState.DISCONNECTED

    page = show(facilitator)

    assert "Keys keep linking to their issues, but nothing is synced." in page.text
    assert "https://acme-eng.atlassian.net/browse/PLAT-142" in [
        a.get("href") for a in page.all("a")
    ]


def test_admins_are_shown_the_way_to_connect(admin, facilitator):
    assert "Connect to Jira" in show(admin).texts("a")
    assert "Jira" not in show(facilitator).text


def test_a_row_comes_with_the_heads_new_counts(facilitator):
    connect_and_choose()
    sprint_14(Phase.COMMIT)

    answer = facilitator.post(f"/action-items/{items()[0].id}/syncs", htmx=True)

    assert [e.tag for e in answer.page.root] == ["li", "div"]
    assert head(answer.page).get("hx-swap-oob") == "true"
    assert head(answer.page).get("hx-trigger") == "every 1s, came-back from:body"
    assert "1 on the way, 4 need you." in answer.page.text


def test_the_panel_has_no_inline_script(facilitator):
    connect_and_choose()
    html = facilitator.get(f"/retrospectives/{sprint_14().id}").get_data(as_text=True)

    assert not re.search(r"\son\w+=|style=|javascript:", html)
