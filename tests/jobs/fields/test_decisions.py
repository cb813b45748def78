"""A person says which of two texts stays, and nothing else than what was read is replaced."""

import pytest

from app.extensions import db
from app.jira import adf
from app.models import LinkState, SyncEntry
from app.models.difference import differences_of
from app.services.fields.sources import backlink_of
from app.services.fields.table import DESCRIPTION
from app.services.outbound import both_changed, links
from app.services.sync_log.rows import rows_of
from tests.jobs.fields.editing import (
    CRITERIA,
    add_in_jira,
    append,
    edits,
    link_of,
    words_in_jira,
    write,
)
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def test_ours_replaces_what_a_person_has_read(acme, drain, item):
    add_in_jira(acme, item)
    append(item, "And the one before.")
    drain()
    seen = differences_of(link_of(item))["description"].seen
    both_changed.replace_theirs(item, DESCRIPTION, seen)

    drain()

    assert edits(acme) == [["description"]]
    assert CRITERIA not in words_in_jira(acme, item)
    assert "And the one before." in words_in_jira(acme, item)
    assert (link_of(item).differences, link_of(item).state) == (None, LinkState.SYNCED)
    update = db.session.query(SyncEntry).order_by(SyncEntry.id.desc()).first()
    [row] = rows_of(acme.organization, [update], may_retry=True)
    assert "ours replaced the description “" in row.message.admin


def test_what_came_after_the_reading_is_not_replaced(acme, drain, item):
    add_in_jira(acme, item)
    append(item, "And the one before.")
    drain()
    seen = differences_of(link_of(item))["description"].seen
    both_changed.replace_theirs(item, DESCRIPTION, seen)
    db.session.commit()
    add_in_jira(acme, item, "Added a second later")

    drain()

    assert edits(acme) == []
    difference = differences_of(link_of(item))["description"]
    assert "Added a second later" in difference.text
    assert not difference.replace
    with pytest.raises(both_changed.ChangedMeanwhile):
        both_changed.replace_theirs(item, DESCRIPTION, seen)


def test_what_was_kept_is_asked_of_again_with_the_next_edit(acme, drain, item):
    add_in_jira(acme, item)
    append(item, "And the one before.")
    drain()
    both_changed.keep_theirs(item, DESCRIPTION)
    write(item, title="A canary stage")

    drain()

    assert edits(acme) == [["summary"]]
    assert link_of(item).differences is None
    append(item, "Once more.")
    drain()
    assert edits(acme) == [["summary"]]
    assert list(differences_of(link_of(item))) == ["description"]


def test_it_is_over_when_both_have_come_to_the_same(acme, drain, item):
    add_in_jira(acme, item)
    append(item, "And the one before.")
    drain()
    ours = adf.document(item.description, backlink_of(item))
    acme.jira.control.edit_issue(link_of(item).issue_key, description=ours)
    links.request_sync(item)

    drain()

    assert edits(acme) == []
    assert link_of(item).differences is None
    append(item, "Once more.")
    drain()
    assert edits(acme) == [["description"]]


def test_it_is_over_when_ours_is_as_it_was(acme, drain, item):
    before = item.description
    add_in_jira(acme, item)
    append(item, "And the one before.")
    drain()
    write(item, description=before)

    drain()

    assert link_of(item).differences is None
    assert CRITERIA in words_in_jira(acme, item)
