"""A mapping is as good as the newest word of Jira: its last check, or a create after that."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import CheckState, ProjectMapping
from app.services.mail import blocked_notices
from app.services.owed import metadata_reads
from tests.support.atlassian import JIRA
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

NOT_ALLOWED = {"code": "may-not-create", "fields": []}


@pytest.fixture
def checked_as(acme):
    """Let the last check, some seconds ago, have said so."""

    def check(state, *findings, seconds=10):
        mapping = db.session.query(ProjectMapping).one()
        mapping.check_state, mapping.findings = state, list(findings)
        mapping.checked_at = utcnow() - timedelta(seconds=seconds)
        db.session.commit()

    return check


def chips(admin):
    """What the settings say of the default project."""
    page = admin.get(JIRA).page
    return {text for text in page.texts("span") if text in WORDS}


WORDS = {
    "Ready", "No due date", "May not create", "Gone from Jira", "Archived in Jira",
    "1 value missing", "Issue type gone", "Needs another field", "Not checked yet",
}  # fmt: skip


def test_five_creates_unsay_a_check_that_said_they_may_not_be(acme, checked_as, drain, admin):
    checked_as(CheckState.BLOCKED, NOT_ALLOWED)
    acme.commit_items()
    assert chips(admin) == {"May not create"}

    drain()

    assert len(acme.issues()) == 5
    assert chips(admin) == {"Ready"}


def test_what_issues_lack_is_still_said_after_a_create(acme, checked_as, drain, admin):
    acme.map_to("MOB", "Story")
    checked_as(CheckState.BLOCKED, NOT_ALLOWED)
    acme.commit_items()

    drain()

    assert chips(admin) == {"No due date"}


@pytest.mark.parametrize(
    ("befalls", "said"),
    [
        (lambda jira: jira.deny("CREATE_ISSUES", "PLAT"), "May not create"),
        (lambda jira: jira.remove_project("PLAT"), "Gone from Jira"),
        (lambda jira: jira.archive_project("PLAT"), "Archived in Jira"),
        (lambda jira: jira.remove_type("Task"), "Issue type gone"),
        (lambda jira: jira.require_field("labels"), "Needs another field"),
    ],
)
def test_a_refusal_seconds_after_a_check_unsays_ready(
    acme, checked_as, drain, admin, befalls, said
):
    checked_as(CheckState.READY)
    befalls(acme.jira.control)
    acme.commit_items()

    drain()

    assert chips(admin) == {said}


def test_the_check_after_a_refusal_names_the_field(acme, checked_as, drain, work, admin):
    checked_as(CheckState.READY)
    acme.jira.control.require_field("labels")
    acme.commit_items()

    drain()
    work()

    assert chips(admin) == {"1 value missing"}
    assert blocked_notices.owed_connections(utcnow()) == [acme.connection.id]


def test_a_refused_field_does_not_make_its_issue_type_gone(acme, checked_as, drain, work, admin):
    metadata_reads.want_projects(acme.connection)
    metadata_reads.owe_checks(acme.connection)
    work()
    acme.jira.control.require_field("labels")
    acme.commit_items()

    drain()

    assert [each for each in admin.get(JIRA).page.texts("option") if "(gone)" in each] == []


def test_a_check_that_is_newer_than_a_create_counts(acme, checked_as, drain, admin):
    checked_as(CheckState.READY, seconds=-60)
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    acme.commit_items()

    drain()

    assert chips(admin) == {"Ready"}


def test_only_the_type_that_was_created_is_ready(acme, checked_as, drain):
    checked_as(CheckState.BLOCKED, {"code": "type-gone", "fields": []})
    mapping = db.session.query(ProjectMapping).one()
    other = ProjectMapping(
        team_id=next(team.id for team in acme.organization.teams if team.name != "Platform"),
        issue_type_id="none",
        issue_type_name="Ghost",
        check_state=CheckState.BLOCKED,
        findings=mapping.findings,
        checked_at=mapping.checked_at,
        **{name: getattr(mapping, name) for name in KEPT},
    )
    db.session.add(other)
    acme.commit_items()

    drain()

    db.session.refresh(other)
    assert (other.check_state, other.check_wanted_at is None) == (CheckState.BLOCKED, False)
    assert db.session.query(ProjectMapping).filter_by(team_id=None).one().check_state is READY


READY = CheckState.READY
KEPT = ("organization_id", "cloud_id", "project_id", "project_key", "project_name")
