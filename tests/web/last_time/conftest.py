"""What tests of *Last time* share: Sprint 14 was committed two weeks ago, and Sprint 15 is held."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import Phase, Retrospective
from tests.support.carried import committed_before, next_one
from tests.support.connected import Acme


@pytest.fixture
def before(app, sample) -> Retrospective:
    return committed_before()


@pytest.fixture
def later(before) -> Retrospective:
    return next_one()


@pytest.fixture
def in_jira_a_week_ago(acme: Acme, drain: Callable[[], None]) -> None:
    """Sprint 14 was committed a week ago and is in Jira, which was not asked since."""
    acme.retrospective.phase = Phase.COMMIT
    acme.retrospective.committed_at = utcnow() - timedelta(days=7)
    acme.commit_items()
    drain()
    db.session.execute(db.text("UPDATE issue_link SET status_seen_at = NULL"))
    acme.jira.control.clear_requests()
