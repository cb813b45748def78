"""Addresses of carried items that name a retrospective (`?in=`) which is there no more."""

from tests.support.acme import items
from tests.support.carried import carried
from tests.web.last_time.section import FATIMA


def test_it_is_on_the_page_where_it_was_written(signed_in, before, later):
    item, fatima = items()[0], signed_in(FATIMA)
    carried(item, later)
    fatima.post(f"/retrospectives/{later.id}/deletion", follow_redirects=True)

    answer = fatima.get(f"/action-items/{item.id}?in={later.id}")

    assert answer.status_code == 200
    assert f"/retrospectives/{before.id}" in answer.page.values("href")
    assert f"/retrospectives/{later.id}" not in answer.page.values("href")
