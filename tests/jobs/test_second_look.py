"""A second look at creates that were once unknown (design.md §3.5)."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.jira.types import IssueDraft
from app.models import EntryState, IssueLink, LinkState, Operation, ProjectMapping, SyncEntry
from app.models.field_note import NoteReason, notes_of
from app.queue import SYNC_CONNECTION
from app.services.grants import clients
from app.services.outbound import links
from app.services.schedule import tick
from app.services.sync_log import rows
from tests.jobs.values_of_kind import chosen, with_one_item
from tests.support.connected import ENG_CLOUD
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

PROPERTY = "unpack.action-item"
HALF_HOUR = timedelta(minutes=32)
DAY = timedelta(days=1)


@pytest.fixture
def doubted(acme, drain) -> IssueLink:
    """A link whose create was unknown for a while, and is settled."""
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    drain()
    [link] = [each for each in acme.links if each.recheck_at]
    assert link.state is LinkState.SYNCED
    acme.jira.control.clear_requests()
    return link


def later(acme, drain, by: timedelta = HALF_HOUR) -> bool:
    """Whether the ticker rings for the connection then; if so, the drain runs."""
    with time_machine.travel(utcnow() + by):
        rings = (SYNC_CONNECTION, acme.connection.id) in tick.bells(utcnow())
        db.session.commit()
        if rings:
            drain()
    return rings


def second_issue(acme, link: IssueLink) -> str:
    """What a search that lagged too long leads to: Jira holds another issue of the same link."""
    mapping = db.session.scalars(select(ProjectMapping)).one()
    draft = IssueDraft(
        fields={
            "project": {"id": mapping.project_id},
            "issuetype": {"id": mapping.issue_type_id},
            "summary": "Once more",
        },
        properties={PROPERTY: {"id": link.action_item.public_id, "link": link.public_id}},
    )
    connection_id = acme.connection.id
    db.session.commit()
    client = clients.client_of(connection_id)
    try:
        return client.create_issue(draft).key
    finally:
        client.close()


def told(link: IssueLink) -> list[SyncEntry]:
    db.session.expire_all()
    return list(
        db.session.scalars(
            select(SyncEntry).filter_by(issue_link_id=link.id, operation=Operation.SECOND_LOOK)
        )
    )


def line(acme, entry: SyncEntry):
    [row] = rows.rows_of(acme.organization, [entry], may_retry=True)
    return row


@pytest.mark.both_databases
def test_one_issue_is_looked_at_once_and_then_never_again(acme, drain, doubted):
    assert not later(acme, drain, timedelta(minutes=25))

    assert later(acme, drain)

    assert len(acme.jira.control.requests("search")) == 1
    assert told(doubted) == []
    assert not later(acme, drain, 3 * DAY)


def test_two_issues_are_said_with_both_keys_and_the_link_keeps_its_own(acme, drain, doubted):
    own, other = doubted.issue_key, second_issue(acme, doubted)

    later(acme, drain)

    [entry] = told(doubted)
    row = line(acme, entry)
    assert entry.state is EntryState.ERROR
    assert row.state.words == "Two issues"
    assert f"Jira holds {own} and {other} for this action item" in row.message.admin
    assert "Delete in Jira what is not linked here." in row.message.admin
    assert row.tried == "second look after a create without an answer"
    assert not row.retry
    assert doubted.issue_key == own
    assert len(acme.issues()) == 6


def test_the_items_row_says_it_too(acme, drain, doubted, signed_in):
    other = second_issue(acme, doubted)
    later(acme, drain)

    person = signed_in("facilitator@acme.test")
    page = person.get(f"/retrospectives/{acme.retrospective.id}").page

    assert "Two issues in Jira" in page.text
    assert other in page.text


def test_it_is_said_once_and_over_when_somebody_has_deleted_the_other(acme, drain, doubted):
    other = second_issue(acme, doubted)
    later(acme, drain)
    later(acme, drain, HALF_HOUR + DAY)
    assert len(told(doubted)) == 1

    acme.jira.control.delete_issue(other)
    later(acme, drain, HALF_HOUR + 2 * DAY)

    [entry] = told(doubted)
    assert line(acme, entry).state.words == "One issue left"
    assert doubted.failure_code is None
    assert doubted.recheck_at is None


def test_when_the_linked_one_was_deleted_the_other_is_named(acme, drain, doubted):
    other = second_issue(acme, doubted)
    acme.jira.control.delete_issue(doubted.issue_key)
    doubted.state = LinkState.DELETED
    db.session.commit()

    later(acme, drain)

    [entry] = told(doubted)
    assert entry.failure_fields == [other]


def test_an_issue_that_appears_after_it_was_given_up_is_taken(acme, drain, doubted):
    link = db.session.get_one(IssueLink, doubted.id)
    key = link.issue_key
    link.issue_id = link.issue_key = None
    link.state, link.due_at = LinkState.ERROR, None
    db.session.commit()

    later(acme, drain)

    db.session.expire_all()
    assert link.issue_key == key
    assert link.state is LinkState.SYNCED
    assert len(acme.issues()) == 5
    assert told(link) == []


def test_of_an_issue_that_is_taken_later_it_is_said_what_it_lacks(acme, drain):
    field_id = chosen(with_one_item(acme), "select")
    acme.jira.control.remove_field(field_id, "KIND")
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    drain()
    [link] = acme.links
    link.issue_id = link.issue_key = link.field_notes = None
    link.state, link.due_at = LinkState.ERROR, None
    db.session.commit()

    later(acme, drain)

    db.session.expire_all()
    assert link.state is LinkState.SYNCED
    assert {name: each.reason for name, each in notes_of(link).items()} == {
        field_id: NoteReason.NOT_ON_SCREEN
    }


def test_a_link_that_was_unlinked_meanwhile_is_looked_at_as_well(acme, drain, doubted):
    other = second_issue(acme, doubted)
    links.unlink(doubted.action_item)
    db.session.commit()

    later(acme, drain)

    [entry] = told(doubted)
    assert other in line(acme, entry).message.admin


def test_an_issue_of_a_former_account_is_found(acme, drain, doubted):
    own = doubted.issue_key
    other = second_issue(acme, doubted)
    acme.connect("admin@acme.test")

    later(acme, drain)

    [entry] = told(doubted)
    assert entry.failure_fields == [own, other]


def test_without_an_answer_it_is_looked_at_later(acme, drain, doubted):
    second_issue(acme, doubted)
    acme.jira.control.fault("error", "search", times=1)
    later(acme, drain)
    assert told(doubted) == []

    later(acme, drain, HALF_HOUR + timedelta(minutes=20))

    assert len(told(doubted)) == 1


def test_while_the_project_cannot_be_seen_nothing_is_concluded(acme, drain, doubted):
    second_issue(acme, doubted)
    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT")
    later(acme, drain)
    assert told(doubted) == []

    acme.jira.control.deny("BROWSE_PROJECTS", "PLAT", on=False)
    later(acme, drain, HALF_HOUR + DAY)

    assert len(told(doubted)) == 1


@pytest.mark.usefixtures("one_by_one")
def test_all_of_a_connection_are_looked_for_with_one_search(acme, drain):
    acme.jira.control.fault("drop_after", "create", times=3)
    acme.commit_items()
    drain()
    assert sum(1 for each in acme.links if each.recheck_at) == 3
    acme.jira.control.clear_requests()

    later(acme, drain)

    assert len(acme.jira.control.requests()) == 1


def test_links_of_another_site_wait_until_it_is_connected_again(acme, drain, doubted):
    acme.connection.cloud_id = "another"
    db.session.commit()
    assert not later(acme, drain)

    acme.connection.cloud_id = ENG_CLOUD
    db.session.commit()
    assert later(acme, drain)
