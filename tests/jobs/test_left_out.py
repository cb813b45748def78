"""A team that does not sync: Commit creates nothing, nothing more is sent, and both come back."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, JiraSettings, LinkState
from app.services.errors import TeamDoesNotSync
from app.services.outbound import links
from app.services.schedule import due_drains
from tests.jobs.restored.after_restoring import write
from tests.support.acme import team
from tests.support.settings import NO_DELAYS

pytestmark = [
    pytest.mark.environment(**NO_DELAYS | {"SYNC_PROBE_DELAYS": "15,30"}),
    pytest.mark.both_databases,
]


def leave_out(acme, *, out: bool = True, overrides: bool = True) -> None:
    settings = acme.organization.settings or JiraSettings(organization=acme.organization)
    settings.per_team_overrides = overrides
    db.session.add(settings)
    team().do_not_sync = out
    db.session.commit()


def test_commit_opens_no_links_and_sync_is_refused(acme, drain):
    leave_out(acme)

    acme.commit_items()
    drain()

    assert db.session.query(IssueLink).count() == 0
    with pytest.raises(TeamDoesNotSync):
        links.request_sync(acme.items[0])


def test_it_counts_only_while_overrides_are_on(acme, drain):
    leave_out(acme, overrides=False)

    acme.commit_items()
    drain()

    assert len(acme.issues()) == 5


def test_what_differs_waits_until_the_team_syncs_again(acme, drain):
    acme.commit_items()
    drain()
    leave_out(acme)
    acme.jira.control.clear_requests()
    write(acme.items[0], title="Edited meanwhile")

    drain()
    assert acme.jira.control.requests() == []
    assert due_drains.due_connections(utcnow()) == []
    assert acme.links[0].due_at is not None

    leave_out(acme, out=False)
    drain()
    assert acme.issues()[0]["fields"]["summary"] == "Edited meanwhile"


def test_an_unknown_create_is_still_looked_for(acme, drain):
    acme.commit_items()
    acme.jira.control.fault("drop_after", "create", times=1)
    drain()
    assert LinkState.UNKNOWN in {link.state for link in acme.links}
    leave_out(acme)

    with time_machine.travel(utcnow() + timedelta(minutes=2)):
        drain()

    assert {issue["id"] for issue in acme.issues()} == {link.issue_id for link in acme.links}
