"""The log of some days: on the page, as a fragment and as CSV."""

import csv
import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from app.extensions import db
from tests.support.acme import items, link, person
from tests.support.sync_entries import entry
from tests.web.sync_log.log import LOG, button, ids

if TYPE_CHECKING:
    from playwright.sync_api import Page

# In Auckland, 13 hours ahead of UTC then, each of these is another day than in UTC.
NOON = [datetime(2026, 11, day, 12, tzinfo=UTC) for day in (10, 11, 12)]


@pytest.fixture
def entries(connected) -> list[str]:
    """Entries of the 11th, 12th and 13th of November in Auckland, where the admin is."""
    person("Adam").time_zone = "Pacific/Auckland"
    row = link(items()[0])
    made = [f"entry-{entry(row, at=at).id}" for at in NOON]
    db.session.commit()
    return made


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "days"),
    [
        ("from=2026-11-12", [2, 1]),
        ("to=2026-11-12", [1, 0]),
        ("from=2026-11-12&to=2026-11-12", [1]),
        ("from=2026-11-14", []),
        ("from=&to=", [2, 1, 0]),
    ],
)
def test_both_days_are_included_where_the_person_is(admin, entries, query, days):
    assert ids(admin.get(f"{LOG}?{query}").page) == [entries[number] for number in days]


def test_the_csv_has_the_same_days(admin, entries):
    page = admin.get(f"{LOG}?from=2026-11-12&to=2026-11-12").page
    answer = admin.get(button(page, "Download CSV"))

    lines = list(csv.reader(io.StringIO(answer.get_data(as_text=True))))
    assert [line[0] for line in lines[1:]] == ["2026-11-11 12:00:00"]


def test_pills_and_pages_keep_the_days(admin, entries):
    page = admin.get(f"{LOG}?from=2026-11-12").page

    pill = next(e for e in page.root.iter("a") if "Synced" in "".join(e.itertext()))
    assert "from=2026-11-12" in (pill.get("href") or "")


@pytest.mark.parametrize("htmx", [False, True])
@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("from=soon", "Write the day as year-month-day, such as 2026-11-30."),
        ("to=2026-02-30", "Write the day as year-month-day, such as 2026-11-30."),
        ("from=2026-11-13&to=2026-11-12", "The last day is before the first."),
        ("from=9999-12-31", "Write the day as year-month-day, such as 2026-11-30."),
    ],
)
def test_what_makes_no_sense_gets_a_sentence(admin, entries, htmx, query, sentence):
    address = f"{LOG}/entries" if htmx else LOG
    page = admin.get(f"{address}?{query}", htmx=htmx).page

    assert sentence in page.text
    assert [e.get("name") for e in page.root.iter("input") if e.get("aria-invalid")]


def test_a_csv_of_days_that_are_none_is_refused(admin, entries):
    assert admin.get(f"{LOG}/entries.csv?from=soon").status_code == 400


def test_days_are_chosen_without_a_new_page(address, new_page, entries, screenshot):
    page: Page = new_page(viewport={"width": 390, "height": 800})
    page.goto(f"{address}/sign-in?next={LOG}")
    # The zone of the browser is taken over at sign-in.
    page.evaluate("document.querySelectorAll('[name=time_zone]').forEach((e) => e.value = '')")
    page.get_by_role("button", name="Sign in as admin@acme.test").click()
    page.get_by_role("heading", name="Sync Log").wait_for()
    page.wait_for_load_state()
    page.evaluate("window.same = true")

    page.get_by_label("From").fill("2026-11-13")
    page.get_by_role("button", name="Filter", exact=True).click()

    expect(page.locator("li.entry")).to_have_count(1)
    assert "from=2026-11-13" in page.url
    assert page.evaluate("window.same")
    assert page.get_by_label("From").input_value() == "2026-11-13"
    screenshot(page, "days")
