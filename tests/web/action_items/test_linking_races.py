"""Two people link at the same moment: one wins, and the other is told."""

import pytest

from app.extensions import db
from app.models import IssueLink
from tests.support.at_once import at_once
from tests.support.chosen import FATIMA, issue, link_of, mark_in, press
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.both_databases, pytest.mark.environment(**NO_DELAYS)]


@pytest.fixture
def two(acme, signed_in):
    people = [signed_in(email) for email in (FATIMA, "admin@acme.test")]
    for somebody in people:
        somebody.get(f"/retrospectives/{acme.retrospective.id}")
    return people


def active_links() -> list[IssueLink]:
    db.session.expire_all()
    return list(db.session.query(IssueLink).filter_by(active=True))


def test_one_issue_goes_to_one_of_two_items(acme, two, drain):
    items = acme.items[:2]
    key = issue(acme, "Incident reviews")["key"]

    presses = [press(p, i, key) for p, i in zip(two, items, strict=True)]

    answers = at_once(*presses)

    assert sorted(each.status_code for each in answers) == [303, 422]
    loser = next(each for each in answers if each.status_code == 422)
    assert f"{key} belongs to " in loser.page.text
    [link] = active_links()
    drain()
    assert mark_in(acme, key)["link"] == link.public_id


def test_one_item_gets_one_of_two_issues(acme, two, drain):
    item = acme.items[0]
    keys = [issue(acme, f"Review {number}")["key"] for number in (1, 2)]

    presses = [press(p, item, k) for p, k in zip(two, keys, strict=True)]

    answers = at_once(*presses)

    assert sorted(each.status_code for each in answers) == [303, 409]
    loser = next(each for each in answers if each.status_code == 409)
    assert f"linked {link_of(item).issue_key} to it." in loser.page.text
    drain()
    marked = [key for key in keys if mark_in(acme, key)]
    assert marked == [link_of(item).issue_key]


def test_linking_while_somebody_commits_makes_one_link(acme, two, drain):
    item, key = acme.items[0], issue(acme, "Incident reviews")["key"]
    page = f"/retrospectives/{acme.retrospective.id}"
    first, second = two

    _, chosen = at_once(
        lambda: first.post(f"{page}/phase", {"shown": "discuss", "to": "commit"}),
        press(second, item, key),
    )
    drain()

    links = db.session.query(IssueLink).filter_by(action_item_id=item.id, active=True).all()
    assert len(links) == 1
    assert chosen.status_code in {303, 409}
    assert (links[0].issue_key == key) == (chosen.status_code == 303)
    assert len(acme.issues()) == len(acme.items) + (chosen.status_code == 409)
