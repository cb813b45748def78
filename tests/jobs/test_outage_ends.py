"""An outage that is longer than the tries ends by itself, whatever else happens or does not."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import LinkState
from app.queue import REFRESH_METADATA, ring_after_commit
from tests.jobs.looking import look


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


def test_a_good_answer_about_metadata_ends_it_too(given_up, work, drain):
    given_up.jira.control.set(down=False)
    given_up.connection.works["metadata"].due_at = utcnow()
    ring_after_commit(given_up.connection.id, REFRESH_METADATA)
    db.session.commit()

    work()
    with time_machine.travel(utcnow() + timedelta(minutes=1)):
        drain()

    assert given_up.connection.outage_since is None
    assert len(given_up.issues()) == 5


def test_a_reconnect_in_the_midst_of_it_does_not_make_it_forgotten(given_up, drain):
    """Found by the simulator, seed 18: the consent worked, and the items stayed in error."""
    given_up.reconnect()
    given_up.jira.control.set(down=False)

    look(given_up, timedelta(minutes=30))
    with time_machine.travel(utcnow() + timedelta(minutes=31)):
        drain()

    assert len(given_up.issues()) == 5
