"""An edit and a drain at the same moment: PostgreSQL lets both read before either writes."""

import pytest
from sqlalchemy import update

from app.extensions import db
from app.models import IssueLink, LinkState
from app.services.outbound import links

pytestmark = pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)


def test_an_edit_survives_a_success_that_is_recorded_meanwhile(acme):
    acme.commit_items()
    item = acme.items[0]
    link = links.active_link(item)
    assert link.due_at is not None
    with db.engine.begin() as drain:  # its create has just succeeded
        settled = {"due_at": None, "due_since": None, "state": LinkState.SYNCED}
        drain.execute(update(IssueLink).where(IssueLink.id == link.id).values(settled))

    item.title = "Edited at that moment"
    links.item_edited(item)
    db.session.commit()

    assert link.due_at is not None
    assert link.state is LinkState.WAITING
