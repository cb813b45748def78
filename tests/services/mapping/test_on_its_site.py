"""Which mappings an organization uses: those to projects on the site that it is connected to."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import JiraConnection, ProjectMapping
from tests.support.acme import choose_project, connect, team


@pytest.fixture
def mappings(app, sample) -> list[ProjectMapping]:
    """One to the connected site, one to another."""
    connect()
    there, elsewhere = choose_project(), choose_project_of(team().id)
    elsewhere.cloud_id = "cloud-2"
    db.session.commit()
    return [there, elsewhere]


def choose_project_of(team_id: int) -> ProjectMapping:
    first = db.session.scalars(select(ProjectMapping)).one()
    names = ("organization_id", "project_id", "project_key", "project_name")
    types = ("issue_type_id", "issue_type_name")
    values = {name: getattr(first, name) for name in (*names, *types)}
    mapping = ProjectMapping(team_id=team_id, cloud_id=first.cloud_id, **values)
    db.session.add(mapping)
    db.session.flush()
    return mapping


def connection() -> JiraConnection:
    return db.session.scalars(select(JiraConnection)).one()


@pytest.mark.both_databases
def test_row_condition_and_relationship_agree(mappings):
    there, elsewhere = mappings
    found = db.session.scalars(
        select(ProjectMapping).where(ProjectMapping.is_on_site_of(connection()))
    )

    assert there.is_on_site_of(connection())
    assert not elsewhere.is_on_site_of(connection())
    assert found.all() == [there]
    assert connection().mappings == [there]


def test_after_a_change_of_site_the_others_count(mappings):
    connection().cloud_id = "cloud-2"
    db.session.commit()

    assert connection().mappings == [mappings[1]]
