"""An action item that the team does not want any more: closed here, and left alone in Jira."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ActionItem,
    CompletedIn,
    FailureCode,
    IssueLink,
    ItemChange,
    ItemChangeKind,
    LinkState,
    OwedCategory,
    OwedStatus,
    User,
)
from app.services.errors import ItemDropped
from app.services.outbound import links
from app.services.panel import item_syncs
from app.services.retrospectives import action_items, dropping
from app.services.retrospectives.action_items import ActionItemFields
from app.services.retrospectives.earlier_items import earlier_items
from app.services.work.due_links import due_links
from tests.support.acme import connect_and_choose, items, link, links_of, person
from tests.support.at_once import at_once
from tests.support.carried import committed_before, next_one

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("before")]


@pytest.fixture
def before(app, sample):
    return committed_before()


def drop(item, reason: str = "") -> bool:
    return dropping.drop(item, person("Fatima"), reason)


def kinds_of(item) -> list[ItemChangeKind]:
    rows = db.session.query(ItemChange).filter_by(action_item_id=item.id).order_by(ItemChange.id)
    return [row.kind for row in rows]


def test_it_is_closed_by_somebody_with_a_reason_and_is_not_done():
    item = items()[0]

    assert drop(item, "  Not worth\n it any more ") is True

    assert (item.complete, item.dropped, item.dropped_by.name) == (True, True, "Fatima Said")
    assert item.drop_reason == "Not worth it any more"
    assert item.completed_by is None


def test_it_may_have_been_listed_with_its_people_in_the_same_request(before):
    """What it was loaded with is loaded again when it is held; nobody's row is held with it."""
    next_time = next_one()
    db.session.commit()
    open_ones = earlier_items(next_time).open

    assert drop(open_ones[0]) is True


def test_undone_it_is_open_as_it_was():
    item = items()[0]
    drop(item, "A mistake")

    assert [dropping.undo_drop(item, person("Adam")) for _ in range(2)] == [True, False]

    assert (item.complete, item.dropped, item.drop_reason) == (False, False, None)
    assert kinds_of(item) == [ItemChangeKind.DROPPED, ItemChangeKind.TAKEN_UP]


def test_who_drops_it_again_changes_nothing():
    item = items()[0]
    drop(item, "First")

    assert drop(item, "Second") is False
    assert item.drop_reason == "First"
    assert kinds_of(item) == [ItemChangeKind.DROPPED]


def test_what_is_complete_is_not_dropped():
    item = items()[0]
    action_items.complete(item, person("Fatima"))

    with pytest.raises(dropping.AlreadyComplete):
        drop(item)


def test_of_two_at_once_one_completes_it_or_the_other_drops_it(app):
    item = items()[0]
    number, fatima, adam = item.id, person("Fatima").id, person("Adam").id

    def act(name: str) -> bool:
        with app.app_context():
            found = db.session.get_one(ActionItem, number)
            try:
                if name == "drop":
                    dropping.drop(found, db.session.get_one(User, fatima))
                else:
                    action_items.complete(found, db.session.get_one(User, adam))
            except dropping.AlreadyComplete:
                db.session.rollback()
                return False
            db.session.commit()
            return True

    at_once(lambda: act("drop"), lambda: act("complete"))

    item = items()[0]
    assert item.complete
    assert item.dropped is (item.completed_by is None)
    assert item.completed_in is CompletedIn.UNPACK
    assert len(kinds_of(item)) == 1


def test_what_waited_to_be_sent_is_not_sent():
    connect_and_choose()
    item = items()[0]
    row = link(item, LinkState.WAITING, due_at=utcnow(), due_since=utcnow())

    drop(item)

    assert (row.active, row.due_at, row.state) == (True, None, LinkState.SYNCED)


def test_an_edit_of_what_was_dropped_waits_until_it_is_taken_up_again():
    connect_and_choose()
    item = items()[0]
    row = link(item)
    drop(item)

    action_items.edit(item, ActionItemFields("Another title"), person("Adam"))
    assert row.due_at is None

    dropping.undo_drop(item, person("Fatima"))
    assert row.due_at is not None


def test_what_had_failed_goes_out_at_once_and_with_all_tries_when_it_is_taken_up():
    connect_and_choose()
    item = items()[0]
    now = utcnow()
    row = link(
        item, LinkState.RETRYING, due_at=now, tries=3, not_before=now + timedelta(minutes=9),
        failure_code=FailureCode.JIRA_UNAVAILABLE, failure_message="Jira is down",
    )  # fmt: skip

    drop(item)
    dropping.undo_drop(item, person("Fatima"))

    assert (row.state, row.tries, row.not_before) == (LinkState.WAITING, 0, None)
    assert (row.failure_code, row.failure_message) == (None, None)
    assert db.session.scalars(due_links(select(IssueLink), utcnow())).all() == [row]


def test_what_never_left_is_as_if_it_had_never_been_asked_for():
    connect_and_choose()
    item = items()[0]
    link(item, LinkState.WAITING, key=None, due_at=utcnow())

    drop(item)

    assert [(row.active, row.withdrawn) for row in links_of(item)] == [(False, True)]
    dropping.undo_drop(item, person("Fatima"))
    assert links.active_link(item) is None


def test_a_create_of_unknown_outcome_is_still_looked_up():
    connect_and_choose()
    item = items()[0]
    now = utcnow()
    row = link(item, LinkState.UNKNOWN, key=None, due_at=now, stamped_at=now, unknown_since=now)

    drop(item)

    assert (row.active, row.due_at) == (True, now)


def test_nothing_is_asked_of_jira_for_it():
    connect_and_choose()
    item, other = items()[:2]
    link(item, LinkState.DELETED)
    drop(item)
    drop(other)

    with pytest.raises(ItemDropped):
        item_syncs.create_again(item, person("Adam"))
    with pytest.raises(ItemDropped):
        item_syncs.request_sync(other, person("Adam"))
    with pytest.raises(ItemDropped):
        action_items.reopen(item, person("Adam"))


def test_what_failed_counts_no_more():
    connection = connect_and_choose()
    item = items()[0]
    link(item, LinkState.ERROR, key=None, failed_at=utcnow())
    assert links.failed_count(connection.organization) == 1

    drop(item)

    assert links.failed_count(connection.organization) == 0


def test_a_status_that_its_issue_owes_is_owed_no_more():
    connect_and_choose()
    row = link(items()[0])
    row.owed_status = OwedStatus(
        owed=OwedCategory.OPEN, since=utcnow(), due_at=utcnow(), own=[], tries=0
    )
    db.session.flush()

    drop(items()[0])

    assert (row.owed_status.owed, row.owed_status.due_at) == (None, None)
