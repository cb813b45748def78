"""A whole drain against a Jira that refuses, in English and in German."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CheckState,
    EntryState,
    FailureCode,
    IssueLink,
    LinkState,
    ProjectMapping,
    SyncEntry,
)
from app.services.mail import blocked_notices
from app.services.outbound import links
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


class Trouble(NamedTuple):
    """What is wrong in Jira, and what a link then says. `after`: it befalls an existing issue."""

    name: str
    begin: Callable[[Any], object]
    code: FailureCode | None
    after: bool = False
    state: LinkState = LinkState.ERROR


TROUBLES = [
    Trouble(
        "may not create",
        lambda jira: jira.deny("CREATE_ISSUES", "PLAT"),
        FailureCode.MAY_NOT_CREATE,
    ),
    Trouble(
        "the project is gone", lambda jira: jira.remove_project("PLAT"), FailureCode.PROJECT_GONE
    ),
    Trouble(
        "the project is archived",
        lambda jira: jira.archive_project("PLAT"),
        FailureCode.PROJECT_ARCHIVED,
    ),
    Trouble(
        "the issue is in an archived project",
        lambda jira: jira.archive_project("PLAT"),
        FailureCode.PROJECT_ARCHIVED,
        after=True,
    ),
    Trouble("the type is gone", lambda jira: jira.remove_type("Task"), FailureCode.ISSUE_TYPE_GONE),
    Trouble(
        "a field is required",
        lambda jira: jira.require_field("labels"),
        FailureCode.REQUIRED_FIELD,
    ),
    Trouble(
        "may not edit",
        lambda jira: jira.deny("EDIT_ISSUES", "PLAT"),
        FailureCode.MAY_NOT_EDIT,
        after=True,
    ),
    Trouble(
        "the issue cannot be seen",
        lambda jira: jira.deny("BROWSE_PROJECTS", "PLAT"),
        FailureCode.MAY_NOT_BROWSE,
        after=True,
        state=LinkState.UNSEEN,
    ),
    Trouble(
        "the issue was deleted",
        lambda jira: [jira.delete_issue(issue["key"]) for issue in jira.issues()],
        None,
        after=True,
        state=LinkState.DELETED,
    ),
]


@pytest.fixture
def refused(acme, drain) -> Callable[[Trouble], IssueLink]:
    """Let one new action item meet the trouble."""

    def meet(trouble: Trouble) -> IssueLink:
        item = ActionItem(retrospective=acme.retrospective, title=trouble.name)
        db.session.add(item)
        links.request_sync(item)
        db.session.commit()
        if trouble.after:
            drain()
        trouble.begin(acme.jira.control)
        item.title = f"{trouble.name} already"
        links.item_edited(item)
        db.session.commit()
        drain()
        link = links.active_link(item)
        assert link is not None
        return link

    return meet


@pytest.mark.parametrize("trouble", TROUBLES, ids=lambda trouble: trouble.name)
def test_a_jira_that_speaks_german_is_understood(acme, refused, trouble):
    acme.jira.control.set(language="de")

    link = refused(trouble)

    assert (link.state, link.failure_code) == (trouble.state, trouble.code)
    entry = db.session.query(SyncEntry).filter_by(issue_link_id=link.id).all()[-1]
    assert len(entry.attempts) == (4 if trouble.state is LinkState.ERROR else 1)
    assert entry.attempts[0].message


def test_a_missing_permission_is_named_and_given_up_after_three_retries(acme, drain):
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    acme.commit_items()

    drain()

    link = acme.links[0]
    entry = db.session.query(SyncEntry).filter_by(issue_link_id=link.id).one()
    assert link.state is LinkState.ERROR
    assert link.failure_code is FailureCode.MAY_NOT_CREATE
    assert (entry.state, len(entry.attempts)) == (EntryState.ERROR, 4)
    assert entry.attempts[0].trace_id


def test_a_refused_create_has_its_mapping_checked_and_admins_told(acme, drain, work):
    mapping = acme.map_to("PLAT")
    mapping.check_state, mapping.checked_at = CheckState.READY, utcnow() - timedelta(hours=1)
    db.session.commit()
    acme.jira.control.deny("CREATE_ISSUES", "PLAT")
    acme.commit_items()

    drain()
    work()

    checked = db.session.scalars(select(ProjectMapping)).one()
    assert checked.check_state is CheckState.BLOCKED
    assert checked.check_wanted_at is None
    assert blocked_notices.owed_connections(utcnow()) == [acme.connection.id]


def test_a_required_field_that_we_cannot_fill_is_named(acme, drain):
    acme.map_to("OPS", "Change")

    acme.commit_items()
    drain()

    link = acme.links[0]
    assert link.failure_code is FailureCode.REQUIRED_FIELD
    assert link.failure_fields == ["Change risk"]
