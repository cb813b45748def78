"""What somebody who is removed hands over has its new assignee in Jira, too."""

import pytest

from app.extensions import db
from app.models import Membership
from app.services.departures import leaving
from app.services.departures.leaving import Choices
from demo.jira_cloud.catalog.accounts import by_email
from tests.support.acme import person, team
from tests.support.settings import NO_DELAYS

MAYA, FATIMA = by_email("member1@acme.test").id, by_email("facilitator@acme.test").id


def assignees(acme) -> dict[str, str]:
    """The account that Jira says does each, by the first words of its title."""
    fields = [issue["fields"] for issue in acme.issues()]
    return {each["summary"][:5]: each.get("assignee") for each in fields}


def remove(name: str, **choices) -> None:
    [membership] = db.session.query(Membership).filter_by(user_id=person(name).id)
    leaving.remove(membership, person("Adam"), Choices(**choices))
    db.session.commit()


@pytest.mark.both_databases
@pytest.mark.environment(**NO_DELAYS)
def test_issues_get_the_new_owner_as_their_assignee(acme, drain):
    acme.commit_items()
    drain()
    before = assignees(acme)
    assert before["Add a"] == before["Move "] == MAYA

    remove("Maya", heirs={team().id: person("Fatima").id})
    drain()

    moved = {"Add a": FATIMA, "Move ": FATIMA}
    assert assignees(acme) == before | moved
    assert len(acme.issues()) == 5


@pytest.mark.environment(**NO_DELAYS)
def test_what_is_not_handed_over_stays_assigned_there_too(acme, drain):
    acme.commit_items()
    drain()
    before = assignees(acme)

    remove("Maya")
    drain()

    assert assignees(acme) == before


@pytest.mark.environment(**NO_DELAYS)
def test_handing_over_makes_no_issue_of_what_has_none(acme, drain):
    remove("Maya", heirs={team().id: person("Fatima").id})
    drain()

    assert acme.issues() == []
