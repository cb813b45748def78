"""Sync past action items: one of each team, as its issue would be created, and as it then is."""

from datetime import date

import pytest

from app.extensions import db
from app.models import MappingValue, ProjectMapping
from tests.support import factories
from tests.support.acme import acme as organization
from tests.support.acme import person, team
from tests.support.backfilling import BACKFILL, only_platform_is_mapped, past, start, words

pytestmark = pytest.mark.usefixtures("checked")


@pytest.fixture
def labelled(acme):
    """Every new issue gets two labels."""
    mapping = db.session.query(ProjectMapping).one()
    value = MappingValue(
        field_id="labels",
        name="Labels",
        kind="labels",
        fingerprint="labels/array/string",
        value=["retro", "team-{team}"],
        position=0,
    )
    mapping.values.append(value)
    db.session.commit()
    return acme


def samples(page) -> list[str]:
    found = [each for each in page.all("div") if each.get("class") == "sample"]
    return [" ".join("".join(each.itertext()).split()) for each in found]


@pytest.mark.both_databases
def test_the_newest_of_each_chosen_team_is_shown_as_it_would_be_sent(admin, labelled):
    newest = past(2).action_items[-1]
    newest.assignee, newest.due_on = person("Tom Becker"), date(2026, 12, 24)
    past(1, "Mobile")

    assert samples(admin.get(BACKFILL).page) == [
        "Past Mobile 1 Mobile: new Task in PLAT Assignee Unassigned Due Date None "
        "Labels retro team-Mobile",
        "Past Platform 2 Platform: new Task in PLAT Assignee Not checked yet Due Date 24 Dec "
        "Labels retro team-Platform",
    ]


def test_who_is_not_chosen_or_goes_nowhere_has_none(admin, labelled):
    past(1)
    past(1, "Mobile")
    chosen = f"{BACKFILL}?chosen=1&team={team('Mobile').id}"
    [shown] = samples(admin.get(chosen, htmx=True).page)
    assert shown.startswith("Past Mobile 1")

    only_platform_is_mapped()
    [shown] = samples(admin.get(BACKFILL).page)
    assert shown.startswith("Past Platform 1")


def test_what_was_shown_is_what_jira_gets(admin, labelled, tick, drain):
    past(2)

    assert "Labels retro team-Platform" in words(admin)
    start(admin, 2)
    tick()
    drain()

    labels = [sorted(issue["fields"]["labels"]) for issue in labelled.issues()]
    assert labels == [["retro", "team-Platform"]] * 2


def test_many_teams_cost_no_more_statements_than_two(admin, labelled, asked):
    past(1)
    past(1, "Mobile")
    db.session.commit()
    admin.get(BACKFILL)
    asked.clear()
    admin.get(BACKFILL)
    few = len(asked)
    for number in range(6):
        factories.team(organization(), f"Team {number}")
        past(1, f"Team {number}")
    db.session.commit()
    asked.clear()

    assert len(samples(admin.get(BACKFILL).page)) == 8
    assert len(asked) <= few
