"""Searching the People page by name or e-mail, with script and without."""

from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.extensions import db
from tests.support.acme import connect_and_choose, person
from tests.support.atlassian import JIRA

if TYPE_CHECKING:
    from playwright.sync_api import Page

PEOPLE = f"{JIRA}/people"


def names(page) -> list[str]:
    return [
        "".join(each.itertext())
        for each in page.root.iter("span")
        if each.get("class") == "strong" and "".join(each.itertext()) != "Acme"
    ]


@pytest.fixture
def connected(sample: None, app) -> None:
    connect_and_choose()
    person("Maya").name = "Maÿa Lindqvist"
    db.session.commit()


@pytest.mark.both_databases
@pytest.mark.parametrize("typed", ["LINDQ", "maya lind", "member1@"])
def test_any_part_of_name_or_address_is_enough(connected, admin, typed):
    page = admin.get(PEOPLE, query_string={"q": typed}).page

    assert names(page) == ["Maÿa Lindqvist"]
    assert typed in page.values("value")


def test_the_counts_are_of_what_was_found_and_links_keep_it(connected, admin):
    page = admin.get(f"{PEOPLE}?q=maya").page

    everybody = next(e for e in page.root.iter("a") if "All" in "".join(e.itertext()))
    assert "".join(everybody.itertext()).split() == ["All", "1"]
    assert everybody.get("href") == f"{PEOPLE}?q=maya"


def test_nobody_is_said(connected, admin):
    assert "Nobody fits." in admin.get(f"{PEOPLE}?q=zzz").page.text


def test_the_list_follows_what_is_typed_without_a_new_page(
    connected, address, new_page, screenshot
):
    page: Page = new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{address}/sign-in?next={PEOPLE}")
    page.get_by_role("button", name="Sign in as admin@acme.test").click()
    page.get_by_role("heading", name="People", exact=True).wait_for()
    page.wait_for_load_state()
    page.evaluate("window.same = true")

    page.get_by_label("Search by name or e-mail").press_sequentially("tom b")

    expect(page.get_by_text("member1@acme.test")).to_be_hidden()
    expect(page.get_by_text("member2@acme.test")).to_be_visible()
    assert page.url.endswith("/people?q=tom+b") or page.url.endswith("/people?q=tom%20b")
    assert page.evaluate("window.same && document.activeElement.id") == "people-text"
    screenshot(page, "found")
    page.reload()
    assert page.get_by_label("Search by name or e-mail").input_value() == "tom b"
    expect(page.get_by_text("member1@acme.test")).to_be_hidden()
