"""A try that failed, and that nothing is left of: the Sync Log must not say that it goes on."""

import pytest
from sqlalchemy import select

from app.extensions import db
from app.models import EntryState, LinkState, Operation, SyncEntry, User
from app.services.outbound import links
from app.services.retrospectives import action_items
from app.services.retrospectives.action_items import ActionItemFields
from tests.support.inbound import deliver, listening

pytestmark = pytest.mark.environment(SYNC_RETRY_DELAYS="60,60,60", SYNC_EDIT_DELAYS="0,0")


def latest(link) -> SyncEntry:
    entries = select(SyncEntry).where(SyncEntry.issue_link_id == link.id)
    return db.session.scalars(entries.order_by(SyncEntry.id.desc())).first()


def edit(item, **changes) -> None:
    fields = {name: getattr(item, name) for name in ActionItemFields.__dataclass_fields__}
    action_items.edit(item, ActionItemFields(**fields | changes))
    db.session.commit()


def test_a_refused_assignee_ends_the_try_that_named_nobody_else(acme, drain):
    """Found by the simulator, seed 26: only the assignee differed, so nothing was left to send."""
    acme.commit_items()
    drain()
    link = next(each for each in acme.links if each.action_item.assignee is None)
    maya = db.session.scalars(select(User).filter_by(email="member1@acme.test")).one()
    refusal = {"errorMessages": [], "errors": {"assignee": "cannot be assigned"}}
    acme.jira.control.fault("status", "edit", times=1, status=400, body=refusal)
    edit(link.action_item, assignee_id=maya.id)

    drain()
    drain()

    assert link.state is LinkState.SYNCED
    assert latest(link).state is EntryState.SYNCED


def test_an_edit_that_is_taken_back_ends_its_failed_try(acme, drain):
    acme.commit_items()
    drain()
    link = acme.links[0]
    title = link.action_item.title
    acme.jira.control.fault("error", "edit", times=1)
    edit(link.action_item, title="Something else")
    drain()
    assert latest(link).state is EntryState.RETRYING

    edit(link.action_item, title=title)
    links.request_sync(link.action_item)
    db.session.commit()
    drain()

    assert link.state is LinkState.SYNCED
    assert latest(link).state is EntryState.SYNCED
    assert latest(link).next_try_at is None


@pytest.mark.both_databases
def test_a_try_that_waits_ends_when_its_issue_is_gone(acme, drain):
    """Found by the simulator, seed 1043887326: the Sync Log said "trying again" for ever."""
    listening(acme)
    link = acme.links[0]
    acme.jira.control.fault("error", "edit", times=1)
    edit(link.action_item, title="Something else")
    drain()
    entry = latest(link)
    assert entry.state is EntryState.RETRYING
    acme.jira.control.delete_issue(link.issue_key)
    deliver(acme, link)

    drain()

    db.session.expire_all()
    assert link.state is LinkState.DELETED
    assert (entry.state, entry.next_try_at) == (EntryState.ERROR, None)
    assert latest(link).operation is Operation.DISAPPEAR
