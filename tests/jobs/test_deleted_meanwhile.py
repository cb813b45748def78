"""An action item that is deleted between being claimed and being sent."""

import threading
from collections.abc import Callable

import pytest

from app.extensions import db
from app.services.retrospectives import action_items
from jobs import sync_connection
from tests.support.installation import eventually


@pytest.fixture
def while_owners_are_looked_up(acme, app) -> Callable[[Callable[[], object]], None]:
    """Runs a drain, and something else while Jira takes its time to tell of people."""

    def run(act: Callable[[], object]) -> None:
        acme.jira.control.fault("latency", "assignable_search", min_ms=600, max_ms=600, times=1)
        connection_id = acme.connection.id
        db.session.commit()
        draining = threading.Thread(target=_run_beside, args=(app, connection_id))
        draining.start()
        eventually(acme.jira.control.in_flight)
        act()
        db.session.commit()
        draining.join()
        db.session.expire_all()

    return run


def _run_beside(app, connection_id: int) -> None:
    with app.app_context():
        sync_connection.run(connection_id)


@pytest.mark.both_databases
def test_it_is_not_created_and_the_others_are(acme, drain, while_owners_are_looked_up):
    acme.commit_items()
    deleted, *others = acme.items

    while_owners_are_looked_up(lambda: action_items.delete(deleted, acme.retrospective.facilitator))
    drain()

    titles = [issue["fields"]["summary"] for issue in acme.issues()]
    assert deleted.title not in titles
    assert set(titles) >= {each.title for each in others}
    assert all(link.claim_id is None and not link.stamped for link in acme.links)
