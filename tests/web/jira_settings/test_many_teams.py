"""Twenty teams with thirteen field values each: a team's rows come once they are opened."""

import pytest

from app.extensions import db
from tests.support.acme import team
from tests.support.atlassian import JIRA
from tests.support.many_values import VALUES, add_teams, twenty_teams
from tests.support.over_the_wire import fetch
from tests.support.people import Person

PAGE = 15_000  # bytes on the wire, as for any page after the first


@pytest.fixture
def teams(sample, admin):
    twenty_teams()
    db.session.commit()
    return admin


def on_the_wire(person: Person, address: str) -> int:
    answer = fetch(person, address)
    assert (answer.status_code, answer.content_encoding) == (200, "br")
    return len(answer.get_data())


def rows(answer) -> int:
    return len([each for each in answer.page.all("input") if _is_value(each.get("id") or "")])


def _is_value(name: str) -> bool:
    return name.startswith("customfield_")


def test_the_settings_stay_light_and_draw_the_defaults_rows_alone(teams):
    answer = teams.get(JIRA)

    assert rows(answer) == VALUES
    assert on_the_wire(teams, JIRA) <= PAGE


def test_a_teams_rows_are_a_page_of_their_own(teams):
    address = f"{JIRA}/field-values/{team('Team number 9').id}"
    db.session.rollback()

    assert rows(teams.get(address)) == VALUES
    assert on_the_wire(teams, address) <= PAGE


def test_what_the_page_asks_does_not_grow_with_teams_and_values(sample, admin, asked):
    twenty_teams(teams=1)
    db.session.commit()
    admin.get(JIRA)
    asked.clear()
    admin.get(JIRA)
    of_one = len(asked)
    add_teams(19)
    db.session.commit()
    asked.clear()

    admin.get(JIRA)

    assert len(asked) == of_one
