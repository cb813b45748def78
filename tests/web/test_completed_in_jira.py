"""What Jira completed, as people see it: on the open panel, on the item's page and in the list."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CompletedIn,
    ConnectionState,
    IssueLink,
    JiraSettings,
    LinkState,
    Phase,
)
from tests.support.acme import connect_and_choose, items, link, links_of, make_free, sprint_14
from tests.support.panel import announced, head, poll, show
from tests.support.people import Person


@pytest.fixture
def facilitator(signed_in) -> Person:
    return signed_in("facilitator@acme.test")


@pytest.fixture
def watched(sample) -> list[ActionItem]:
    """Three of the five items are in Jira, and webhooks are on."""
    connection = connect_and_choose()
    settings = JiraSettings(organization_id=connection.organization_id, webhooks_enabled=True)
    db.session.add(settings)
    for number, item in enumerate(items()[:3]):
        link(item, key=f"PLAT-{number + 1}")
    db.session.flush()
    return items()[:3]


def complete_in_jira(item: ActionItem) -> None:
    links_of(item)[0].revision += 1
    item.completed_at, item.completed_in = utcnow(), CompletedIn.JIRA
    db.session.commit()


def reopen(item: ActionItem) -> None:
    links_of(item)[0].revision += 1
    item.completed_at = item.completed_in = None
    db.session.commit()


def test_an_open_panel_looks_each_second_from_commit_on(facilitator, watched):
    phases = (Phase.DISCUSS, Phase.COMMIT, Phase.CLOSED)
    triggers = [head(show(facilitator, phase)).get("hx-trigger") for phase in phases]

    assert triggers[0] is None
    assert all(str(each).startswith("every 1s") for each in triggers[1:])


@pytest.mark.parametrize(
    "hinder",
    [
        lambda connection: make_free(),
        lambda connection: setattr(connection, "state", ConnectionState.NEEDS_RECONNECT),
        lambda connection: setattr(connection, "cloud_id", "another-site"),
        lambda connection: db.session.query(JiraSettings).update({"webhooks_enabled": False}),
        lambda connection: db.session.query(IssueLink).update({"state": LinkState.DELETED}),
    ],
)
def test_it_does_not_look_where_nothing_can_come(facilitator, watched, hinder):
    hinder(links_of(watched[0])[0].connection)

    assert head(show(facilitator)).get("hx-get") is None


@pytest.mark.both_databases
def test_a_look_without_news_is_empty_and_cheap(facilitator, watched, asked):
    page = show(facilitator)
    asked.clear()

    assert poll(facilitator, page).status_code == 204
    looked = len(asked)
    show(facilitator)

    assert looked < (len(asked) - looked) / 2


def test_what_jira_completes_shows_at_the_next_look(facilitator, watched):
    page = show(facilitator)
    complete_in_jira(watched[0])

    answer = poll(facilitator, page)

    assert "Completed in Jira by PLAT-1, " in answer.page.text
    assert announced(answer) == f"{watched[0].title}: completed in Jira"
    assert poll(facilitator, answer.page).status_code == 204


def test_what_jira_reopens_shows_at_the_next_look(facilitator, watched):
    complete_in_jira(watched[0])
    page = show(facilitator)
    reopen(watched[0])

    answer = poll(facilitator, page)

    assert "Completed in Jira" not in answer.page.text
    assert announced(answer) == f"{watched[0].title}: opened again"


def test_several_at_once_are_announced_as_a_number(facilitator, watched):
    page = show(facilitator)
    for item in watched:
        complete_in_jira(item)

    assert announced(poll(facilitator, page)) == "3 action items completed in Jira"


def test_a_new_item_of_somebody_else_shows_as_well(facilitator, signed_in, watched):
    page = show(facilitator)
    address = f"/retrospectives/{sprint_14(Phase.COMMIT).id}/action-items"
    signed_in("admin@acme.test").post(address, {"title": "Buy cake"})

    assert "Buy cake" in poll(facilitator, page).page.text


@pytest.mark.parametrize("htmx", [True, False])
def test_a_person_opens_again_what_jira_completed(facilitator, watched, htmx):
    complete_in_jira(watched[0])

    facilitator.post(f"/action-items/{watched[0].id}/completion/removal", htmx=htmx)

    page = show(facilitator)
    assert "Completed" not in page.text
    assert "Synced" in page.text


def test_the_items_page_says_by_which_issue_and_when(facilitator, watched):
    complete_in_jira(watched[0])

    words = facilitator.get(f"/action-items/{watched[0].id}").page.text

    assert "Completed in Jira by PLAT-1, " in words


def test_the_list_says_by_which_issue_and_when(facilitator, watched):
    complete_in_jira(watched[0])
    watched[1].completed_at = utcnow() - timedelta(days=2)
    watched[1].completed_in = CompletedIn.UNPACK
    db.session.commit()

    page = facilitator.get("/organizations/acme/action-items?state=complete").page

    assert "Completed in Jira by PLAT-1, " in page.text
    assert "Completed here, " in page.text


def test_an_unlinked_item_names_no_issue(facilitator, watched):
    complete_in_jira(watched[0])
    links_of(watched[0])[0].active = False
    db.session.commit()

    words = facilitator.get(f"/action-items/{watched[0].id}").page.text

    assert "Completed in Jira, " in words
