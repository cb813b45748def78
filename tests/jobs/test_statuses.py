"""What is read of an issue's status, by which read, and what it may do."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import CompletedIn, Operation, WorkKind
from app.models.issue_status import status_of
from app.services.owed import reconciliations
from app.services.retrospectives import action_items
from tests.jobs.fields.editing import write
from tests.support import factories
from tests.support.inbound import deliver, listening, log_of, settings_of
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def shown(link):
    db.session.expire_all()
    status = status_of(link)
    return status and (status.name, status.category)


def test_a_delivery_tells_of_each_status_and_of_its_time(acme, drain):
    listening(acme)
    link = acme.links[0]
    for name, category in (("In Progress", "indeterminate"), ("Done", "done"), ("To Do", "new")):
        acme.jira.control.transition_issue(link.issue_key, name)
        deliver(acme, link)
        revision = link.revision
        drain()

        assert shown(link) == (name, category)
        assert link.revision > revision
        assert utcnow() - timedelta(minutes=1) < link.status_changed_at <= utcnow()


def look_around(acme, drain):
    acme.connection.works[WorkKind.READING].due_at = utcnow()
    reconciliations.owe(acme.connection, utcnow())
    db.session.commit()
    drain()


def test_an_issue_of_what_was_completed_here_is_looked_at_until_it_is_done(acme, drain):
    listening(acme)
    link, person = acme.links[0], acme.retrospective.facilitator
    action_items.complete(link.action_item, person)
    db.session.commit()
    acme.jira.control.transition_issue(link.issue_key, "In Progress")

    look_around(acme, drain)

    assert shown(link) == ("In Progress", "indeterminate")
    assert log_of(link) == []
    acme.jira.control.transition_issue(link.issue_key, "Done")
    look_around(acme, drain)
    assert shown(link) == ("Done", "done")
    acme.jira.control.transition_issue(link.issue_key, "To Do")
    look_around(acme, drain)
    assert shown(link) == ("Done", "done"), "what is done is not looked at any more"
    assert link.action_item.complete


@pytest.mark.parametrize(("days", "seen"), [(29, "In Progress"), (31, None)])
def test_it_is_looked_at_for_thirty_days(acme, drain, days, seen):
    listening(acme)
    link = acme.links[0]
    with time_machine.travel(utcnow() - timedelta(days=days), tick=False):
        action_items.complete(link.action_item, acme.retrospective.facilitator)
        db.session.commit()
    acme.jira.control.transition_issue(link.issue_key, "In Progress")

    look_around(acme, drain)

    assert (shown(link) or (None,))[0] == seen


@pytest.fixture
def created(acme, drain):
    """Five issues that were created without webhooks."""
    acme.commit_items()
    drain()
    return acme.links


def test_a_new_issue_shows_its_status(created):
    assert {shown(link) for link in created} == {("To Do", "new")}


def test_the_issues_of_a_bulk_show_theirs(acme, drain):
    for number in range(6):
        factories.action_item(acme.retrospective, f"More {number}")
    acme.commit_items()

    drain()

    assert {shown(link) for link in acme.links} == {("To Do", "new")}
    assert "create_bulk" in [each["operation"] for each in acme.jira.control.requests()]


@pytest.mark.parametrize(("name", "category"), [("In Progress", "indeterminate"), ("Done", "done")])
def test_without_webhooks_the_look_before_an_edit_shows_it_and_does_no_more(
    acme, drain, created, name, category
):
    link = created[0]
    acme.jira.control.transition_issue(link.issue_key, name)

    write(link.action_item, title="Renamed")
    drain()
    assert shown(link) == (name, category)
    assert not link.action_item.complete
    assert link.status_category is None, "no change may be told against what pages show"
    assert Operation.COMPLETE not in log_of(link)


def test_what_was_only_shown_completes_the_item_once_webhooks_are_on(acme, drain, created):
    link = created[0]
    acme.jira.control.transition_issue(link.issue_key, "Done")
    write(link.action_item, title="Renamed")
    drain()
    settings_of(acme).webhooks_enabled = True
    look_around(acme, drain)

    assert link.action_item.completed_in is CompletedIn.JIRA
