"""Reading what is owed of Jira's metadata: once, in turn, with patience, and for nobody's ghost."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.jira.errors import JiraRateLimited
from app.models import (
    CheckState,
    ConnectionState,
    Installation,
    JiraConnection,
    JiraProject,
    Plan,
    ProjectMapping,
    User,
)
from app.services.connection import connect as connection_connect
from app.services.connection import consent
from app.services.grants import tokens
from app.services.metadata import owed
from app.services.metadata import read as metadata_read
from app.services.metadata import record as metadata_record
from app.services.owed import metadata_reads
from app.services.work import lengths
from demo.jira_cloud.catalog.sites import SITES
from jobs import refresh_metadata
from tests.support.acme import acme

ENG, LABS = "acme-eng", "acme-labs"


def connect(jira, slug: str = ENG, **more) -> JiraConnection:
    """Acme connected with fresh tokens, without the way through a browser."""
    issued = jira.control.issue_tokens(sites=[slug], **more)
    site = next(
        one for one in _sites(issued["access_token"]) if one.cloud_id == SITES[slug].cloud_id
    )
    granted = consent.Granted(
        access_token=tokens.encrypt(issued["access_token"]),
        refresh_token=tokens.encrypt(issued["refresh_token"]),
        access_expires_at=utcnow() + timedelta(hours=1),
        account_id="unpack",
        account_name="Unpack Service",
        sites=(consent.Site(site.cloud_id, site.name, site.url),),
    )
    adam = db.session.query(User).filter_by(email="admin@acme.test").one()
    connection = connection_connect.settle(acme(), adam, granted)
    db.session.commit()
    assert connection is not None
    return connection


def _sites(access_token: str):
    db.session.commit()
    return tokens.oauth().sites(access_token)


@pytest.fixture
def connection(app, sample, jira) -> JiraConnection:
    return connect(jira)


@pytest.fixture
def read(connection):
    """Run the job as a worker does."""
    connection_id = connection.id

    def run() -> JiraConnection:
        db.session.commit()
        refresh_metadata.run(connection_id)
        db.session.rollback()
        db.session.expire_all()
        return db.session.get_one(JiraConnection, connection_id)

    return run


def choose(connection: JiraConnection, key: str = "PLAT", type_id: str = "10001") -> ProjectMapping:
    project = db.session.query(JiraProject).filter_by(key=key).one()
    mapping = ProjectMapping(
        organization_id=connection.organization_id,
        cloud_id=connection.cloud_id,
        project_id=project.project_id,
        project_key="OLD",
        project_name="Old name",
        issue_type_id=type_id,
        issue_type_name="Old type",
        check_wanted_at=utcnow(),
    )
    db.session.add(mapping)
    return mapping


@pytest.mark.both_databases
def test_a_new_connection_reads_every_project(connection, read):
    row = read()

    assert db.session.query(JiraProject).filter_by(connection_id=row.id).count() >= 63
    assert (row.works["metadata"].due_at, row.works["metadata"].lease_id) == (None, None)
    assert owed.owed_connections(utcnow()) == []


@pytest.mark.both_databases
def test_a_check_takes_over_new_names(connection, read, jira):
    mapping = choose(read())
    jira.control.clear_requests()

    read()

    assert (mapping.project_name, mapping.issue_type_name) == ("Old name", "Task")
    metadata_reads.want_projects(db.session.get_one(JiraConnection, connection.id))
    read()
    assert (mapping.project_key, mapping.project_name) == ("PLAT", "Platform Engineering")


def test_projects_that_vanished_leave_the_list(connection, read, jira):
    row = read()
    jira.control.remove_project("MOB")

    metadata_reads.want_projects(row)
    read()

    assert db.session.query(JiraProject).filter_by(key="MOB").count() == 0


def test_a_project_out_of_sight_is_gone(connection, read, jira):
    mapping = choose(read())
    jira.control.deny("BROWSE_PROJECTS", project="PLAT")

    read()

    assert mapping.check_state is CheckState.BLOCKED
    assert [one["code"] for one in mapping.findings] == ["project-gone"]


def test_a_field_that_became_required_is_named(connection, read, jira):
    mapping = choose(read())
    jira.control.require_field("duedate", project="PLAT")

    read()

    assert [one["code"] for one in mapping.findings] == ["required-fields"]
    assert len(mapping.findings[0]["fields"]) == 1


def test_a_check_reads_the_fields_of_the_chosen_type_alone(connection, read, jira):
    mapping = choose(read())
    read()
    jira.control.clear_requests()

    mapping.check_wanted_at = utcnow()
    read()

    asked = [each["operation"] for each in jira.control.requests()]
    assert len(asked) == 4
    assert (asked.count("createmeta_fields"), asked.count("statuses")) == (1, 1)


def test_failures_wait_longer_each_time(connection, read, jira):
    jira.control.set(down=True)
    waits = []
    for _ in range(5):
        row = read()
        waits.append((row.works["metadata"].not_before - utcnow()).total_seconds())
        assert owed.owed_connections(utcnow()) == []
        row.works["metadata"].not_before = None

    assert waits == pytest.approx([10, 30, 90, 270, 300], abs=8)
    assert row.works["metadata"].error == "Jira did not answer."


def test_a_failure_is_tried_again_when_its_time_comes(connection, read, jira):
    jira.control.set(down=True)
    row = read()

    assert owed.owed_connections(utcnow() + timedelta(seconds=11)) == [row.id]


def test_an_answer_clears_the_error(connection, read, jira):
    jira.control.set(down=True)
    read().works["metadata"].not_before = None
    jira.control.set(down=False)

    row = read()

    work = row.works["metadata"]
    assert (work.error, work.failures, work.not_before) == (None, 0, None)


def test_being_asked_to_slow_down_pauses_the_connection_and_is_no_failure(connection, read, jira):
    jira.control.fault("rate_limit", retry_after=77, times=1)

    row = read()

    assert (row.paused_until - utcnow()).total_seconds() == pytest.approx(77, abs=8)
    work = row.works["metadata"]
    assert (work.error, work.failures, work.not_before) == (None, 0, None)
    assert owed.owed_connections(utcnow()) == []
    with time_machine.travel(row.paused_until + timedelta(seconds=1)):
        assert read().projects_fetched_at is not None


def test_a_pause_that_lasts_longer_is_not_cut_short(connection, jira):
    lease = owed.take_lease(connection.id)
    connection.paused_until = long = utcnow() + timedelta(hours=1)

    metadata_record.record_failure(lease, JiraRateLimited("projects", retry_after=5))

    assert connection.paused_until == long


def test_an_hourly_quota_pauses_the_installation(connection, read, jira):
    jira.control.fault("rate_limit", retry_after=60, times=1, reason="jira-quota-global-based")

    row = read()

    assert row.paused_until is None
    assert db.session.get_one(Installation, 1).paused_until > utcnow()


def test_a_token_that_died_early_is_refreshed_once(connection, read, jira):
    jira.control.expire_access_tokens()

    row = read()

    assert row.projects_fetched_at is not None
    assert row.connected


def test_a_dead_grant_needs_a_reconnect(connection, read, jira):
    jira.control.revoke()

    row = read()

    assert row.state is ConnectionState.NEEDS_RECONNECT
    assert owed.owed_connections(utcnow() + timedelta(days=1)) == []


def test_a_site_that_is_gone_is_said(connection, read, jira):
    jira.control.remove_site(ENG)

    assert read().state is ConnectionState.SITE_UNAVAILABLE


def test_a_lease_keeps_others_away_until_it_ends(connection):
    assert owed.take_lease(connection.id) is not None

    assert owed.take_lease(connection.id) is None
    assert owed.owed_connections(utcnow()) == []
    assert owed.owed_connections(utcnow() + lengths.USUAL * 2) == [connection.id]


def test_what_was_read_for_a_former_account_is_not_written_down(connection, jira):
    lease = owed.take_lease(connection.id)
    assert lease is not None
    wanted = owed.next_wanted(lease)
    assert wanted is not None
    db.session.commit()
    answer = metadata_read.read(lease, wanted)
    connect(jira)

    metadata_record.record(lease, wanted, answer)

    assert db.session.query(JiraProject).count() == 0


def test_a_reconnect_does_not_wait_for_a_dead_reader(connection, jira):
    owed.take_lease(connection.id)

    connect(jira)

    assert owed.owed_connections(utcnow()) == [connection.id]


@pytest.mark.parametrize("whom", ["connection", "installation"])
def test_nothing_is_read_during_a_pause(connection, whom):
    until = utcnow() + timedelta(minutes=1)
    if whom == "connection":
        connection.paused_until = until
    else:
        db.session.merge(Installation(id=1, paused_until=until))
    db.session.flush()

    assert owed.owed_connections(utcnow()) == []
    assert owed.owed_connections(until + timedelta(seconds=1)) == [connection.id]


def test_nothing_is_read_on_free(connection):
    acme().plan = Plan.FREE
    db.session.flush()

    assert owed.owed_connections(utcnow()) == []
