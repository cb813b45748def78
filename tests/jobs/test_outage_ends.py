"""An outage that is longer than the tries ends by itself, whatever else happens or does not."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import LinkState
from app.queue import KEEP_GRANT
from app.services.schedule import tick
from jobs import keep_grant


@pytest.fixture
def given_up(acme, drain):
    """Jira was down for longer than the tries of five action items."""
    acme.jira.control.set(down=True)
    acme.commit_items()
    for minutes in (0, 1, 4, 20):
        with time_machine.travel(utcnow() + timedelta(minutes=minutes)):
            drain()
    db.session.expire_all()
    assert {link.state for link in acme.links} == {LinkState.ERROR}
    acme.jira.control.clear_requests()
    return acme


def look(acme, after: timedelta) -> list[str]:
    """What was asked of Atlassian by the look that is due after so long, if one is."""
    before = len(acme.jira.control.requests())
    with time_machine.travel(utcnow() + after):
        rung = [each for job, each in tick.bells(utcnow()) if job == KEEP_GRANT]
        db.session.commit()
        for connection_id in rung:
            keep_grant.run(connection_id)
    db.session.expire_all()
    return [each["operation"] for each in acme.jira.control.requests()[before:]]


@pytest.mark.both_databases
def test_what_gave_up_goes_out_when_jira_answers_again(given_up, drain):
    given_up.jira.control.set(down=False)

    asked = look(given_up, timedelta(minutes=30))
    with time_machine.travel(utcnow() + timedelta(minutes=31)):
        drain()

    assert asked == ["myself"]
    assert len(given_up.issues()) == 5


def test_meanwhile_jira_is_asked_one_cheap_read_and_no_item_is_tried(given_up):
    tries = [link.tries for link in given_up.links]

    asked = look(given_up, timedelta(minutes=30))

    assert set(asked) == {"myself"}
    assert len(asked) == 1
    assert [link.tries for link in given_up.links] == tries
    assert given_up.connection.outage_since is not None
