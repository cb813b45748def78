"""What a create left without is known, too, once the issue is found whose answer was lost."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.jira import transport
from app.jira.types import Call
from app.models import IssueLink, LinkState
from app.models.field_note import NoteReason, notes_of
from app.services.outbound import links
from tests.jobs.fields.editing import in_jira
from tests.jobs.owed_sprint import begin, later, sprints
from tests.jobs.restored.after_restoring import write
from tests.jobs.values_of_kind import chosen, with_one_item
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.environment(SYNC_PROBE_DELAYS="15,30"), pytest.mark.both_databases]
# The probes need not be waited for.
at_once = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def kind(acme):
    return with_one_item(acme)


@pytest.fixture
def one_in_sprint(sprint):
    """The same with one action item."""
    for item in sprint.items[1:]:
        db.session.delete(item)
    db.session.commit()
    return sprint


def lost(acme, drain) -> IssueLink:
    """Committed; Jira creates the issue, and its answer is lost."""
    acme.jira.control.fault("drop_after", "create", times=1)
    return unknown(acme, drain)


def lost_after_a_refusal(acme, drain) -> IssueLink:
    """The same of the create that leaves with less after Jira has refused the first."""

    def once_refused(call: Call) -> None:
        if call.status == 400:
            acme.jira.control.fault("drop_after", "create", times=1)

    with transport.called.connected_to(once_refused):
        return unknown(acme, drain)


def unknown(acme, drain) -> IssueLink:
    acme.commit_items()
    drain()
    db.session.expire_all()
    [link] = acme.links
    assert link.state is LinkState.UNKNOWN
    return link


def found(acme, drain, minutes: int = 2) -> IssueLink:
    """The one link, once a probe has found its issue."""
    later(drain, minutes=minutes)
    later(drain, minutes=minutes)
    db.session.expire_all()
    [link] = acme.links
    assert (link.state, link.due_at, len(acme.issues())) == (LinkState.SYNCED, None, 1)
    return link


def reasons(link: IssueLink) -> dict[str, NoteReason]:
    return {name: note.reason for name, note in notes_of(link).items()}


def test_a_value_that_the_screen_lacked_is_said_of_the_issue_that_is_found(kind, drain):
    field_id = chosen(kind, "select")
    kind.jira.control.remove_field(field_id, "KIND")
    lost(kind, drain)

    link = found(kind, drain)

    assert reasons(link) == {field_id: NoteReason.NOT_ON_SCREEN}
    # What is remembered of the issue itself is what any create stores.
    assert link.snapshot.keys() <= {
        *link.snapshot["sent"], "assignee", "assignee_id", "source", "sent", "seen", "values",
    }  # fmt: skip


def test_a_value_that_was_refused_is_said_of_the_issue_that_is_found(kind, drain):
    field_id = chosen(kind, "select")
    kind.jira.control.refuse_field(field_id, "KIND")
    lost_after_a_refusal(kind, drain)

    assert reasons(found(kind, drain)) == {field_id: NoteReason.REFUSED}


def test_a_create_that_never_arrived_is_followed_by_one_that_says_what_that_one_lacks(kind, drain):
    gone, kept = chosen(kind, "select"), chosen(kind, "text")
    kind.jira.control.remove_field(gone, "KIND")
    kind.jira.control.fault("drop_before", "create", times=1)
    unknown(kind, drain)
    kind.jira.control.add_field("select", "KIND", "Task")
    kind.jira.control.refuse_field(kept, "KIND")

    for minutes in (2, 4, 6):
        later(drain, minutes=minutes)

    db.session.expire_all()
    [link] = kind.links
    assert link.state is LinkState.SYNCED
    assert reasons(link) == {gone: NoteReason.NOT_ON_SCREEN, kept: NoteReason.REFUSED}


@pytest.mark.parametrize("asked", ["edited", "synced"])
def test_whoever_asks_for_a_field_before_the_issue_is_found_has_it_tried_again(kind, drain, asked):
    value = chosen(kind, "select")
    kind.jira.control.refuse_field(value, "KIND")
    kind.jira.control.refuse_field("duedate", "KIND", when="create")
    [item] = kind.items
    due_on = (utcnow() + timedelta(days=30)).date()
    write(item, due_on=due_on)
    link = lost_after_a_refusal(kind, drain)

    if asked == "edited":
        write(item, due_on=due_on + timedelta(days=1))
    else:
        links.request_sync(item)
        db.session.commit()
    link = found(kind, drain)

    assert reasons(link) == {value: NoteReason.REFUSED}
    assert in_jira(kind, item)["duedate"] == str(item.due_on)


def test_a_due_date_that_was_refused_is_said_and_not_sent_again(kind, drain):
    kind.jira.control.refuse_field("duedate", "KIND", when="create")
    write(kind.items[0], due_on=(utcnow() + timedelta(days=30)).date())
    lost_after_a_refusal(kind, drain)

    link = found(kind, drain)

    assert reasons(link) == {"duedate": NoteReason.REFUSED}
    assert kind.jira.control.requests("edit") == []


def test_the_sprint_comes_to_an_issue_that_is_found(one_in_sprint, drain):
    lost(one_in_sprint, drain)
    link = found(one_in_sprint, drain)
    assert link.sprint_due_at is not None
    number = begin(one_in_sprint)

    later(drain, minutes=10)

    assert sprints(one_in_sprint) == [[number]]
    assert notes_of(link) == {}


def test_ten_minutes_after_the_create_nobody_looks_for_the_sprint(one_in_sprint, drain):
    lost(one_in_sprint, drain)
    with time_machine.travel(utcnow() + timedelta(minutes=12)):
        drain()

    [link] = one_in_sprint.links
    assert link.sprint_due_at is None
    assert [each.reason for each in notes_of(link).values()] == [NoteReason.NO_SPRINT]
    assert [each.until for each in notes_of(link).values()] == [None]
