"""The log narrowed by outcome, team and words, page by page."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from tests.support.acme import items, link, team
from tests.support.sync_entries import entry, synced
from tests.web.sync_log.log import LOG, button, ids, three_kinds


@pytest.mark.parametrize("shown", ["failed", "retrying", "synced"])
def test_the_log_is_narrowed_by_outcome(admin, connected, shown):
    kinds = three_kinds()

    assert ids(admin.get(f"{LOG}?shown={shown}").page) == [kinds[shown]]


def test_the_log_is_narrowed_by_team(admin, connected):
    synced(items()[0])

    assert len(ids(admin.get(f"{LOG}?team={team('Platform').id}").page)) == 1
    page = admin.get(f"{LOG}?team={team('Mobile').id}").page
    assert ids(page) == []
    assert "No entry fits." in page.text


@pytest.mark.parametrize("text", ["CANARY", "plat-142"])
def test_the_log_is_searched_by_title_and_key(admin, connected, text):
    found = synced(items()[0])
    synced(items()[1], key="OPS-7")

    assert ids(admin.get(LOG, query_string={"text": text}).page) == [f"entry-{found.id}"]


@pytest.mark.parametrize(
    "query",
    [
        "team=x",
        "team=99999999999999",
        "shown=nope",
        "before=1",
        "before=99999999999999999-1",
        "after=-",
        "text=%25",
        "text=%00",
    ],
)
def test_an_odd_address_breaks_nothing(admin, connected, query):
    synced(items()[0])

    assert admin.get(f"{LOG}?{query}").status_code == 200


def many(count: int) -> list[str]:
    """Synced entries, a minute apart, the newest first."""
    row = link(items()[0])
    now = utcnow()
    made = [entry(row, at=now - timedelta(minutes=back)) for back in range(count)]
    return [f"entry-{each.id}" for each in made]


def test_older_and_newer_pages_miss_nothing_and_repeat_nothing(admin, connected):
    every = many(60)

    first = admin.get(LOG).page
    second = admin.get(button(first, "Older")).page
    third = admin.get(button(second, "Older")).page

    assert ids(first) + ids(second) + ids(third) == every
    assert ids(admin.get(button(third, "Newer")).page) == ids(second)
    assert ids(admin.get(button(second, "Newer")).page) == ids(first)
    assert "Newest 25 of 60 entries. Kept for 90 days." in first.text


def test_entries_of_the_same_moment_are_paged_too(admin, connected):
    row, now = link(items()[0]), utcnow()
    made = {f"entry-{entry(row, at=now).id}" for _ in range(30)}

    first = admin.get(LOG).page
    second = admin.get(button(first, "Older")).page

    assert set(ids(first)) | set(ids(second)) == made
    assert len(ids(first)) + len(ids(second)) == 30


def test_a_page_keeps_the_filters(admin, connected):
    many(30)

    page = admin.get(f"{LOG}?shown=synced&text=canary").page

    assert "shown=synced" in button(page, "Older")
    assert "text=canary" in button(page, "Older")
