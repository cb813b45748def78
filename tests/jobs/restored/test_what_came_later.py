"""Edits that the restored database has forgotten are not overwritten unseen by what it says."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import ActionItem, LinkState, SyncEntry
from app.models.difference import differences_of
from app.services.outbound import links
from app.services.owed import reconciliations
from tests.jobs.restored.after_restoring import summaries, write, written
from tests.support.inbound import settings_of
from tests.support.restored import Backup
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.both_databases]


@pytest.fixture
def restored(acme, drain, hold, searched, flask_jira):
    """Restore the backup, hold, search, release, and let everything go out that goes by itself."""

    def go(backup: Backup) -> None:
        backup.restore()
        hold()
        acme.jira.control.clear_requests()
        searched()
        assert written(acme) == []
        assert flask_jira("release").exit_code == 0
        drain()

    return go


def edited_and_lost(acme, drain, **changed) -> str:
    """Edit the first action item and push it; its issue's key."""
    item = acme.items[0]
    write(item, **changed)
    drain()
    return links.active_link(item).issue_key


def replaced_in(key: str) -> list[dict]:
    found = db.session.query(SyncEntry).filter_by(issue_key=key).order_by(SyncEntry.id)
    return [entry.replaced for entry in found if entry.replaced]


@pytest.fixture
def committed(acme, drain) -> None:
    acme.commit_items()
    drain()


def test_a_description_that_was_edited_since_waits_for_a_person(acme, drain, committed, restored):
    backup = Backup.make()
    key = edited_and_lost(acme, drain, description="What came later.")
    restored(backup)
    assert written(acme) == []

    write(acme.items[0], description="Written after the restore.")
    drain()

    assert written(acme) == []
    [difference] = differences_of(links.active_link(acme.items[0])).values()
    assert "What came later." in difference.text
    assert "What came later." in str(acme.jira.control.issue(key)["fields"]["description"])


def test_the_log_says_which_title_an_edit_after_the_release_replaces(
    acme, drain, committed, restored
):
    backup = Backup.make()
    key = edited_and_lost(acme, drain, title="The later title")
    restored(backup)
    assert summaries(acme)[key] == "The later title"

    write(acme.items[0], title="After the restore")
    drain()

    assert summaries(acme)[key] == "After the restore"
    assert replaced_in(key) == [{"summary": "The later title"}]


def test_the_same_of_an_issue_whose_commit_was_forgotten(acme, drain, restored):
    backup = Backup.make()
    acme.commit_items()
    drain()
    key = edited_and_lost(acme, drain, title="The later title", description="What came later.")

    restored(backup)
    assert (written(acme), summaries(acme)[key]) == ([], "The later title")
    write(acme.items[0], title="After the restore", description="Written after the restore.")
    drain()

    assert replaced_in(key) == [{"summary": "The later title"}]
    [difference] = differences_of(links.active_link(acme.items[0])).values()
    assert "What came later." in difference.text


def test_an_edit_that_was_waiting_goes_out_where_nothing_came_later(
    acme, drain, committed, restored
):
    item = acme.items[0]
    write(item, title="Waiting to go out", description="Waiting, too.")
    key = links.active_link(item).issue_key

    restored(Backup.make())

    assert summaries(acme)[key] == "Waiting to go out"
    assert written(acme) == ["edit"]


def test_an_edit_that_was_waiting_does_not_replace_what_came_later(
    acme, drain, committed, restored
):
    write(acme.items[0], title="Waiting to go out")
    backup = Backup.make()
    drain()
    key = edited_and_lost(acme, drain, title="The later title")

    restored(backup)

    assert summaries(acme)[key] == "The later title"
    assert written(acme) == []
    link = links.active_link(acme.items[0])
    assert (link.state, link.due_at) == (LinkState.SYNCED, None)


def test_an_edit_during_the_hold_goes_out(acme, drain, committed, hold, searched, flask_jira):
    hold()
    searched()
    write(acme.items[0], title="Edited during the hold")
    drain()
    assert "Edited during the hold" not in summaries(acme).values()

    flask_jira("release")
    drain()

    assert "Edited during the hold" in summaries(acme).values()


def test_a_title_that_may_follow_jira_comes_back(acme, drain, committed, restored):
    settings = settings_of(acme)
    settings.webhooks_enabled = settings.take_over_title = True
    backup = Backup.make()
    edited_and_lost(acme, drain, title="The later title")
    item_id = acme.items[0].id

    restored(backup)
    reconciliations.owe(acme.connection, utcnow())
    drain()

    assert db.session.get_one(ActionItem, item_id).title == "The later title"
