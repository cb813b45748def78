"""The list of action items with its filters, and the page of one."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.models import ActionItem, CompletedIn, LinkState
from tests.support.acme import connect_and_choose, items, link, sprint_14
from tests.support.pages import Page, text_of

LIST = "/organizations/acme/action-items"


def button(page: Page, words: str) -> str:
    """Where the link with these words leads."""
    [found] = [a.get("href") for a in page.all("a") if text_of(a) == words]
    return str(found)


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
    second = admin.get(button(first, "More")).page
    again = admin.get(button(second, "Back")).page

    assert "First 25 of 45 open action items." in first.text
    assert "20 of 45 open action items." in second.text
    assert "More" not in second.texts("a")
    assert titles_on(again) == titles_on(first)
    assert "Back" not in again.texts("a")
    assert len({*titles_on(first), *titles_on(second)}) == 45


def test_what_has_no_due_date_comes_last_on_whichever_page(signed_in):
    retrospective = sprint_14()
    for number in range(70):
        due = date(2026, 12, 1) + timedelta(days=number % 7) if number % 2 else None
        retrospective.action_items.append(ActionItem(title=f"Item {number}", due_on=due))
    admin = signed_in("admin@acme.test")

    pages = [admin.get("/organizations/acme/action-items?text=item").page]
    while "More" in pages[-1].texts("a"):
        pages.append(admin.get(button(pages[-1], "More")).page)

    numbers = [int(title.split()[1]) for page in pages for title in titles_on(page)]
    dated, undated = [n for n in range(70) if n % 2], [n for n in range(70) if n % 2 == 0]
    assert numbers == sorted(dated, key=lambda n: (n % 7, n)) + undated
    assert "text=item" in button(pages[1], "Back")


@pytest.mark.parametrize("place", ["after=x", "after=later.", "before=2026-13-01.4", "before=%00"])
def test_an_odd_place_is_the_first_page(signed_in, place):
    page = signed_in("admin@acme.test").get(f"/organizations/acme/action-items?{place}").page

    assert len(titles_on(page)) == 5


def test_more_than_a_thousand_are_a_thousand_and_more(signed_in):
    retrospective = sprint_14()
    for number in range(996):
        retrospective.action_items.append(ActionItem(title=f"Item {number}"))
    admin = signed_in("admin@acme.test")

    assert "First 25 of 1,000+ open action items." in admin.get(LIST).page.text
    assert "All 1,000+ action items" in admin.get("/organizations/acme").page.text
    items()[0].deleted_at = datetime.now(UTC)
    assert "First 25 of 1,000 open action items." in admin.get(LIST).page.text


def titles_on(page: Page) -> list[str]:
    return [a.text for a in page.all("a") if a.get("class") == "item-title"]
