"""What an edit or *Create again* makes of an issue that was deleted or moved in Jira."""

import pytest

from app.extensions import db
from app.models import LinkState
from app.services.outbound import links
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def test_an_issue_deleted_in_jira_is_told_and_not_created_again_by_an_edit(acme, drain):
    acme.commit_items()
    drain()
    item = acme.items[0]
    acme.jira.control.delete_issue(links.active_link(item).issue_key)
    item.title = "Something else"
    links.item_edited(item)
    db.session.commit()

    drain()

    assert links.active_link(item).state is LinkState.DELETED
    assert len(acme.issues()) == 4


def test_create_again_makes_a_new_issue_for_a_deleted_one(acme, drain):
    acme.commit_items()
    drain()
    item = acme.items[0]
    acme.jira.control.delete_issue(links.active_link(item).issue_key)
    links.create_again(item)
    db.session.commit()

    drain()

    assert len(acme.issues()) == 5
    assert links.active_link(item).state is LinkState.SYNCED


def test_a_moved_issue_keeps_its_link_and_shows_its_new_key(acme, drain):
    acme.commit_items()
    drain()
    item = acme.items[0]
    moved = acme.jira.control.move_issue(links.active_link(item).issue_key, "MOB")
    item.title = "Something else"
    links.item_edited(item)
    db.session.commit()

    drain()

    assert links.active_link(item).issue_key == moved["key"]
    assert moved["key"].startswith("MOB-")
