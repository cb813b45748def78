"""Somebody reconnects while a drain waits for its token or for an answer of Jira."""

import threading
from collections.abc import Callable

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import JiraIssueType, JiraPerson, LinkState
from app.services.connection.connect import forget_metadata
from jobs import sync_connection
from tests.support.installation import eventually
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS | {"SYNC_PROBE_DELAYS": "600,0"})


@pytest.fixture
def reconnected(acme, app) -> Callable[[str], None]:
    """Runs a drain whose first request of one operation takes long, and reconnects meanwhile."""

    def run(operation: str) -> None:
        acme.jira.control.fault("latency", operation, min_ms=600, max_ms=600, times=1)
        connection_id = acme.connection.id
        db.session.commit()
        drain = threading.Thread(target=_run_beside, args=(app, connection_id))
        drain.start()
        eventually(acme.jira.control.in_flight)
        connection = acme.connection
        connection.refresh_lease_id = connection.refresh_lease_until = None
        forget_metadata(connection)
        acme.connect()
        drain.join()
        db.session.expire_all()

    return run


def _run_beside(app, connection_id: int) -> None:
    with app.app_context():
        sync_connection.run(connection_id)


def test_an_unknown_create_is_not_looked_for_with_a_later_grant(acme, drain, reconnected):
    acme.jira.control.fault("drop_before", "create", times=1)
    acme.commit_items()
    drain()
    [unknown] = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    unknown.not_before = acme.connection.access_expires_at = utcnow()
    db.session.commit()
    acme.jira.control.clear_requests()

    reconnected("token")

    [unknown] = [link for link in acme.links if link.state is LinkState.UNKNOWN]
    assert (unknown.stamped, unknown.empty_probes, unknown.claim_id) == (True, 0, None)
    assert acme.jira.control.requests("search") == []
    drain()
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert len(acme.issues()) == 5


@pytest.mark.parametrize(
    ("operation", "read"), [("createmeta_fields", JiraIssueType), ("assignable_search", JiraPerson)]
)
def test_what_an_older_grant_showed_is_not_remembered(acme, reconnected, operation, read):
    acme.commit_items()

    reconnected(operation)

    assert db.session.query(read).count() == 0
    assert acme.issues() == []
