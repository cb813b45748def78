"""A page asks the database as often for many rows as for few."""

from collections.abc import Callable
from itertools import count

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import AssigneeNote, LinkState, Operation, Outcome
from tests.support import factories
from tests.support.acme import acme, connect_and_choose, items, link, person, sprint_14, team
from tests.support.people import Person
from tests.support.sync_entries import attempt, entry, failed

SETTINGS = "/organizations/acme/settings/integrations/jira"
PAGES = (
    "/account",
    "/organizations/acme",
    "/organizations/acme/departure",
    "/organizations/acme/action-items",
    f"{SETTINGS}/sync-log",
    f"{SETTINGS}",
    f"{SETTINGS}/people",
    f"{SETTINGS}/backfill",
    "/retrospectives/{retrospective}",
    "/retrospectives/{retrospective}/panel",
)


def more_of_everything() -> None:
    """Three more members with an action item each: one in the log, one failed, one past."""
    for number in range(3):
        person = factories.member(acme(), factories.user(name=f"Person {number}"))
        factories.team_member(team(), person)
        item = factories.action_item(sprint_14(), f"More {number}", assignee=person)
        row = link(item, LinkState.SYNCED)
        row.assignee_note = AssigneeNote.NOT_FOUND
        row.seen_status_name, row.seen_status_category = "In Review", "indeterminate"
        row.status_seen_at = utcnow()
        attempt(entry(row, operation=Operation.UPDATE), Outcome.SUCCEEDED)
        attempt(failed(factories.action_item(sprint_14(), f"Broken {number}")), Outcome.REFUSED)
    db.session.commit()


@pytest.mark.parametrize("page", PAGES)
def test_more_rows_are_no_more_queries(signed_in: Callable[[str], Person], sample, asked, page):
    connect_and_choose()
    for item in items()[:2]:
        attempt(entry(link(item, LinkState.SYNCED)), Outcome.SUCCEEDED)
    more_of_everything()
    url = page.format(retrospective=sprint_14().id)
    admin = signed_in("admin@acme.test")

    def queries() -> int:
        db.session.commit()
        asked.clear()
        assert admin.get(url).status_code == 200
        return len(asked)

    queries()
    few = queries()
    more_of_everything()
    more_of_everything()
    assert queries() <= few


@pytest.mark.parametrize("page", PAGES)
def test_more_organizations_are_no_more_queries(signed_in, sample, asked, page):
    connect_and_choose()
    admin = signed_in("admin@acme.test")
    url = page.format(retrospective=sprint_14().id)

    def show() -> None:
        assert admin.get(url).status_code == 200

    assert_as_often_in_more_organizations(show, asked)


def test_an_edit_asks_as_often_of_somebody_in_many_organizations(signed_in, sample, asked):
    connect_and_choose()
    item = items()[0]
    link(item, LinkState.SYNCED)
    admin = signed_in("admin@acme.test")
    numbers = count(1)

    def edit() -> None:
        answer = admin.post(
            f"/action-items/{item.id}",
            {"title": f"Edited {next(numbers)} times"},
            headers={"HX-Request": "true"},
        )
        assert answer.status_code == 200

    assert_as_often_in_more_organizations(edit, asked)


def assert_as_often_in_more_organizations(act: Callable[[], None], asked: list[str]) -> None:
    def queries() -> int:
        db.session.commit()
        asked.clear()
        act()
        return len(asked)

    admin = person("Adam")
    factories.member(factories.organization(), admin)
    queries()
    few = queries()
    for _ in range(4):
        factories.member(factories.organization(), admin)
    assert queries() == few
