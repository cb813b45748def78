"""The list of action items with its filters, and the page of one."""

from datetime import UTC, datetime

import pytest

from app.models import ActionItem, CompletedIn, LinkState
from tests.support.acme import connect_and_choose, items, link, sprint_14


def test_the_page_of_an_item_renders_its_markdown(facilitator):
    page = facilitator.get(f"/action-items/{items()[0].id}").page

    assert "5 % of the traffic" in page.texts("strong")
    assert "https://wiki.acme.test/canary" in [a.get("href") for a in page.all("a")]


def test_markup_in_titles_and_descriptions_stays_text(facilitator):
    item = items()[0]
    item.title = "<script>alert(1)</script>"
    item.description = "<img src=x onerror=alert(1)> [x](javascript:alert(1))"

    for url in (f"/action-items/{item.id}", f"/retrospectives/{sprint_14().id}"):
        page = facilitator.get(url).page
        assert [script.text for script in page.all("script") if script.text] == []
        assert page.all("img") == []
        assert [each for each in page.values("href") if each.startswith("javascript:")] == []


def test_the_list_shows_what_is_open_the_most_pressing_first(signed_in):
    items()[3].completed_at = datetime.now(UTC)
    items()[3].completed_in = CompletedIn.UNPACK

    page = signed_in("admin@acme.test").get("/organizations/acme/action-items").page

    titles = [a.text for a in page.all("a") if a.get("class") == "item-title"]
    assert titles == [items()[n].title for n in (0, 2, 1, 4)]
    assert "Every action item of Acme" in page.text


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("state=complete", []),
        ("text=CANARY", [0]),
        ("text=plat-142", [4]),
        ("text=100%25", []),
        ("owner=0", [3]),
        ("sync=error", [1]),
        ("sync=none", [0, 2, 3]),
        ("due=none", [4]),
        ("owner=nobody&due=someday&state=odd&page=99", [0, 2, 1, 3, 4]),
    ],
)
def test_the_list_is_filtered(signed_in, query, numbers):
    connect_and_choose()
    link(items()[1], LinkState.ERROR, key=None)
    link(items()[4])

    page = signed_in("admin@acme.test").get(f"/organizations/acme/action-items?{query}").page

    titles = [a.text for a in page.all("a") if a.get("class") == "item-title"]
    assert titles == [items()[n].title for n in numbers]


def test_the_list_holds_only_what_the_person_may_read(signed_in):
    sprint_14().team.team_members = []

    page = signed_in("member1@acme.test").get("/organizations/acme/action-items").page

    assert "No open action items." in page.text


def test_a_long_list_has_pages(signed_in):
    retrospective = sprint_14()
    for number in range(40):
        retrospective.action_items.append(ActionItem(title=f"Item {number}"))
    admin = signed_in("admin@acme.test")

    first = admin.get("/organizations/acme/action-items").page
    second = admin.get("/organizations/acme/action-items?page=2").page

    assert "1–25 of 45 open action items" in first.text
    assert "More" in first.texts("a")
    assert "26–45 of 45 open action items" in second.text
    assert "Back" in second.texts("a")
