"""The history is kept for two years."""

from datetime import timedelta

import pytest
from flask import Flask

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent
from app.services import audit
from app.services.history import change_pages
from app.services.schedule import tick
from tests.support.acme import acme

pytestmark = pytest.mark.both_databases


def changed(action: str, days_ago: int) -> None:
    details = {"cloud_id": "one"} if action.startswith("jira.") else {"before": "a", "after": "b"}
    audit.record(acme(), None, action, at=utcnow() - timedelta(days=days_ago), **details)


def left() -> list[str]:
    return [event.action for event in db.session.query(AuditEvent).order_by(AuditEvent.id)]


def test_what_is_older_than_two_years_goes_with_a_tick(app: Flask, sample: None) -> None:
    changed("organization-renamed", 731)
    changed("plan-changed", 729)

    tick.clean_up(utcnow())

    assert left() == ["plan-changed"]


def test_how_jira_was_connected_stays_so_that_undos_know_the_site(app: Flask, sample: None) -> None:
    changed("jira.connected", 2000)
    changed("jira.reconnected", 1000)

    tick.clean_up(utcnow())

    assert left() == ["jira.connected", "jira.reconnected"]


def test_much_goes_batch_by_batch(
    app: Flask, sample: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(change_pages, "PRUNE_BATCH", 2)
    for days in (900, 1000, 800):
        changed("plan-changed", days)

    assert [change_pages.prune(utcnow()) for _ in range(3)] == [2, 1, 0]
    assert left() == []
