"""Who reads the log, and what stays of it without Jira."""

import pytest

from app.clock import utcnow
from app.models import (
    ConnectionState,
    LinkState,
)
from tests.support.acme import connect, items, link, make_free
from tests.support.sync_entries import failed, synced
from tests.web.sync_log.log import LOG, look, retries


def test_after_a_disconnect_the_log_stays_and_nothing_is_retried(admin, sample):
    connect(ConnectionState.DISCONNECTED)
    failed(items()[0])
    link(items()[1], LinkState.WAITING, key=None, due_at=utcnow())

    page = admin.get(LOG).page

    assert "Jira is disconnected." in page.text
    assert "Sync error" in page.text
    assert retries(page) == []
    assert "every" not in look(page).get("hx-trigger")


def test_on_free_the_log_stays_and_nothing_is_retried(admin, connected):
    failed(items()[0])
    make_free()

    page = admin.get(LOG).page

    assert "Free does not include Jira." in page.text
    assert retries(page) == []


@pytest.mark.parametrize("email", ["facilitator@acme.test", "member1@acme.test", "owner@tiny.test"])
@pytest.mark.parametrize("path", ["", "/entries", "/section", "/entries.csv", "/retries/new"])
def test_the_log_is_for_owner_and_admins(signed_in, connected, email, path):
    assert signed_in(email).get(f"{LOG}{path}").status_code == 404


def test_another_organizations_entries_are_not_listed(signed_in, connected):
    synced(items()[0])
    owner = signed_in("owner@tiny.test")

    page = owner.get("/organizations/tiny/settings/integrations/jira/sync-log").page

    assert "canary" not in page.text
