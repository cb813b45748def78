"""Who cannot be assigned in one project may well be in the project of another team."""

import pytest

from app.extensions import db
from app.models import ActionItem, JiraSettings, Phase, ProjectMapping
from app.services.outbound import links
from app.services.people import members
from tests.support import factories
from tests.support.acme import person, team
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def tom(acme):
    """Whom Jira lets nobody assign in PLAT."""
    acme.jira.control.deny("ASSIGNABLE_USER", "PLAT")
    member = person("Tom")
    member.email = "ada@acme.test"
    return member


def assignee_of(acme, item: ActionItem) -> str | None:
    link = next(each for each in acme.links if each.action_item_id == item.id)
    return acme.jira.control.issue(link.issue_key)["fields"].get("assignee")


def test_nobody_is_left_out_for_what_another_project_said(acme, tom, work, drain):
    toms = next(each for each in acme.items if each.assignee_id == tom.id)
    members.look_again(acme.connection)
    db.session.commit()
    work()
    acme.map_to("MOB")
    acme.commit_items()

    drain()

    assert assignee_of(acme, toms) is not None


def test_in_one_drain_each_project_says_whom_it_takes(acme, tom, drain):
    theirs = factories.action_item(
        factories.retrospective(team("Mobile"), Phase.COMMIT), "Of Mobile", assignee=tom
    )
    toms = next(each for each in acme.items if each.assignee_id == tom.id)
    mapped = acme.map_to("MOB")
    mapped.team_id = team("Mobile").id
    settings = JiraSettings(organization_id=acme.organization.id, per_team_overrides=True)
    db.session.add_all([default_of(mapped), settings])
    links.commit_action_items(theirs.retrospective)
    acme.commit_items()

    drain()

    assert assignee_of(acme, toms) is None
    assert assignee_of(acme, theirs) is not None


def default_of(other: ProjectMapping) -> ProjectMapping:
    return ProjectMapping(
        organization_id=other.organization_id, cloud_id=other.cloud_id, project_id="10000",
        project_key="PLAT", project_name="Platform Engineering",
        issue_type_id=other.issue_type_id, issue_type_name=other.issue_type_name,
        check_state=other.check_state,
    )  # fmt: skip
