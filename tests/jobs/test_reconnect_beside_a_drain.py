"""Somebody reconnects while a drain waits for its token or for an answer of Jira."""

from collections.abc import Callable

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import JiraIssueType, JiraPerson, LinkState
from app.services.connection.connect import forget_metadata
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS | {"SYNC_PROBE_DELAYS": "600,0"})


@pytest.fixture
def reconnected(acme, beside_a_drain) -> Callable[[str], None]:
    """Runs a drain whose first request of one operation takes long, and reconnects meanwhile."""

    def reconnect() -> None:
        connection = acme.connection
        connection.refresh_lease_id = connection.refresh_lease_until = None
        forget_metadata(connection)
        acme.connect()

    return lambda operation: beside_a_drain(operation, reconnect)


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
