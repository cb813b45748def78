"""Jira's status, wherever an issue's key stands."""

from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, JiraSettings, LinkState, Phase
from tests.support.acme import connect_and_choose, items, link, links_of, sprint_14
from tests.support.pages import Page, text_of
from tests.support.panel import poll, show

HOME = "/organizations/acme"
LIST = f"{HOME}/action-items"
STATUSES = (("To Do", "new"), ("In Review", "indeterminate"), ("Won’t Do", "done"))


def see(row: IssueLink, name: str, category: str, at: datetime | None = None) -> None:
    row.seen_status_name, row.seen_status_category = name, category
    row.status_seen_at = at or utcnow()
    row.revision += 1
    db.session.flush()


def linked(*, webhooks: bool, at: datetime | None = None) -> list[IssueLink]:
    connection = connect_and_choose()
    sprint_14(Phase.COMMIT)
    settings = JiraSettings(organization_id=connection.organization_id, webhooks_enabled=webhooks)
    db.session.add(settings)
    rows = [link(item, key=f"PLAT-{number}") for number, item in enumerate(items()[:3], 1)]
    for row, (name, category) in zip(rows, STATUSES, strict=True):
        see(row, name, category, at)
    return rows


def chips(page: Page) -> list[tuple[str, str]]:
    """The statuses of Jira's among the chips: their state and their words."""
    found = [each for each in page.root.iter("span") if "chip" in each.get("class", "").split()]
    return [
        (state, text_of(each))
        for each in found
        if (state := each.get("data-state", "")).startswith("jira-")
    ]


def grey(page: Page) -> list[str]:
    return [text_of(each) for each in page.root.iter("span") if each.get("class") == "as-of"]


def item_pages(rows: list[IssueLink]) -> list[str]:
    return [f"/action-items/{row.action_item_id}" for row in rows]


COLOURED = [
    ("jira-new", "In Jira: To Do"),
    ("jira-doing", "In Jira: In Review, in progress"),
    ("jira-done", "In Jira: Won’t Do, done"),
]


def test_with_webhooks_it_stands_coloured_beside_each_key(facilitator):
    rows = linked(webhooks=True)

    assert chips(show(facilitator)) == COLOURED
    assert sorted(chips(facilitator.get(LIST).page)) == sorted(COLOURED)
    assert set(chips(facilitator.get(HOME).page)) <= set(COLOURED)
    assert chips(facilitator.get(HOME).page)
    for address, chip in zip(item_pages(rows), COLOURED, strict=True):
        assert chips(facilitator.get(address).page) == [chip]
        assert grey(facilitator.get(address).page) == []


def test_without_webhooks_it_is_grey_text_with_its_time(facilitator):
    rows = linked(webhooks=False, at=utcnow() - timedelta(days=2))
    pages = [
        show(facilitator),
        *(facilitator.get(each).page for each in (LIST, HOME, *item_pages(rows))),
    ]

    for page in pages:
        assert chips(page) == []
        assert grey(page)
        assert all(" as of " in words for words in grey(page))
    assert [words.partition(" as of ")[0] for words in grey(pages[0])] == [
        "In Jira: To Do",
        "In Jira: In Review",
        "In Jira: Won’t Do",
    ]


def test_it_takes_the_place_of_synced(facilitator):
    linked(webhooks=True)

    assert "Synced" not in show(facilitator).text


def test_what_is_wrong_stands_before_it(facilitator):
    rows = linked(webhooks=True)
    rows[1].state = LinkState.ERROR
    db.session.flush()

    text = text_of(show(facilitator).by_id(f"item-{rows[1].action_item_id}"))

    assert text.index("Sync error") < text.index("In Jira: In Review") < text.index("PLAT-2")


def test_an_open_panel_follows_it(facilitator):
    rows = linked(webhooks=True)
    page = show(facilitator)
    assert poll(facilitator, page).status_code == 204
    see(links_of(rows[0].action_item)[0], "In Progress", "indeterminate")

    answer = poll(facilitator, page)

    assert ("jira-doing", "In Jira: In Progress") in chips(answer.page)


@pytest.mark.parametrize("webhooks", [True, False])
def test_no_count_or_filter_knows_of_it(facilitator, webhooks):
    linked(webhooks=webhooks)

    page = facilitator.get(f"{LIST}?state=complete").page

    assert chips(page) == grey(page) == []
    assert open_items(show(facilitator)) == 5


def open_items(page: Page) -> int:
    checks: list[Element] = [
        each for each in page.root.iter("button") if each.get("role") == "checkbox"
    ]
    return sum(each.get("aria-checked") == "false" for each in checks)
