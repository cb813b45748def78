"""A mail server, and a connection in trouble that Owner and Admins are to be told of."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState
from tests.jobs.owed_sprint import map_sprint
from tests.jobs.owing import choose
from tests.support import mail_server
from tests.support.acme import connect, items
from tests.support.acme import link as link_of
from tests.support.inbound import listening


@pytest.fixture
def server(app):
    with mail_server.running() as server:
        app.config["SMTP_URL"] = server.url
        yield server


@pytest.fixture
def trouble(sample, app):
    """Acme's grant has died; two action items wait."""
    connection = connect(ConnectionState.NEEDS_RECONNECT)
    for item in items()[:2]:
        link_of(item, due_at=utcnow(), key=None)
    connection_id = connection.id
    db.session.commit()
    return connection_id


@pytest.fixture
def link(acme):
    """The first of five links, all synced and listened to."""
    listening(acme)
    return acme.links[0]


@pytest.fixture
def owing(acme, drain):
    """The first of five issues, with a status chosen for what is completed here."""
    acme.commit_items()
    drain()
    choose()
    acme.jira.control.clear_requests()
    return acme.links[0]


@pytest.fixture
def sprint(acme):
    """Action items become Tasks of KIND, and are to be in its active sprint."""
    map_sprint(acme)
    return acme
