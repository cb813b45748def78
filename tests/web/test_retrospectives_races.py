"""Two people at the same moment: nothing happens twice, and nothing falls between."""

import threading

import pytest

from app.extensions import db
from app.models import LinkState, Phase
from app.services.retrospectives import action_items
from app.services.retrospectives.action_items import ActionItemFields
from tests.support.acme import connect_and_choose, items, link, links_of, person, sprint_14
from tests.support.at_once import at_once

pytestmark = pytest.mark.both_databases


def test_two_who_press_commit_at_once_open_one_link_for_each_item(signed_in):
    connect_and_choose()
    url = f"/retrospectives/{sprint_14().id}/phase"
    people = [signed_in(f"{name}@acme.test") for name in ("facilitator", "admin", "owner")]
    for somebody in people:
        somebody.get(url.removesuffix("/phase"))

    answers = at_once(
        *(lambda p=p: p.post(url, {"shown": "discuss", "to": "commit"}) for p in people)
    )

    assert [answer.status_code for answer in answers] == [303] * 3
    assert [len(links_of(item)) for item in items()] == [1] * 5
    assert items()[0].retrospective.phase is Phase.COMMIT


def test_commit_waits_for_an_item_that_is_being_added(signed_in):
    connect_and_choose()
    page = f"/retrospectives/{sprint_14().id}"
    facilitator = signed_in("facilitator@acme.test")
    facilitator.get(page)

    added = action_items.add(sprint_14(), ActionItemFields("Buy cake"), person("Maya"))
    move = threading.Thread(
        target=lambda: facilitator.post(f"{page}/phase", {"shown": "discuss", "to": "commit"})
    )
    move.start()
    move.join(timeout=1)
    assert move.is_alive()
    db.session.commit()
    move.join()

    assert len(links_of(added)) == 1


def test_two_who_press_create_again_open_one_new_link(signed_in):
    connect_and_choose()
    item = items()[0]
    link(item, LinkState.DELETED)
    url = f"/action-items/{item.id}"
    people = [signed_in(f"{name}@acme.test") for name in ("facilitator", "admin")]
    for somebody in people:
        somebody.get(url)

    answers = at_once(*(lambda p=p: p.post(f"{url}/link/renewal") for p in people))

    assert sorted(answer.status_code for answer in answers) == [303, 409]
    assert [row.active for row in links_of(item)] == [False, True]


def test_two_who_press_sync_to_jira_open_one_link(signed_in):
    connect_and_choose()
    item = items()[0]
    url = f"/action-items/{item.id}"
    people = [signed_in(f"{name}@acme.test") for name in ("facilitator", "admin")]
    for somebody in people:
        somebody.get(url)

    answers = at_once(*(lambda p=p: p.post(f"{url}/syncs") for p in people))

    assert [answer.status_code for answer in answers] == [303, 303]
    assert len(links_of(item)) == 1
