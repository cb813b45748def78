"""From a change in Jira to the action item, over real HTTP, and through an outage of ours."""

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta

import pytest
from flask import Flask
from werkzeug.serving import make_server

from app.clock import utcnow
from app.extensions import db
from app.models import IssueLink, WebhookDelivery
from app.services.grants import clients, tokens
from app.web import patience
from tests.support.connected import Acme
from tests.support.inbound import listening
from tests.support.installation import eventually
from tests.support.settings import NO_DELAYS
from tests.support.webhook_posts import PATH, registered

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def address(app: Flask) -> Iterator[str]:
    """Where the stand-in finds this app."""
    server = make_server("localhost", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield f"http://localhost:{server.port}{PATH}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def link(acme: Acme, address: str) -> IssueLink:
    """A synced link, and a webhook in Jira that reports its issue."""
    listening(acme)
    connection_id = acme.connection.id
    db.session.commit()
    client = clients.client_for(tokens.access_token_of(connection_id))
    outcome = client.register_webhook(
        address, events=["jira:issue_updated"], jql="project IN (PLAT)", field_ids=["status"]
    )
    client.close()
    assert outcome.id is not None
    registered(acme.connection, outcome.id)
    acme.connection.works["reading"].due_at = utcnow() + timedelta(hours=1)
    db.session.commit()
    return acme.links[0]


def test_what_is_done_in_jira_is_done_here(
    acme: Acme, drain: Callable[[], None], link: IssueLink
) -> None:
    acme.jira.control.transition_issue(str(link.issue_key), "Done")
    db.session.commit()
    assert acme.jira.control.wait_for_deliveries()

    drain()

    assert link.action_item.complete
    assert acme.connection.works["reading"].due_at is not None
    assert acme.connection.works["reading"].due_at > utcnow()


def test_what_could_not_be_stored_comes_again_and_has_everything_looked_at(
    acme: Acme,
    drain: Callable[[], None],
    link: IssueLink,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "SECONDS", 0.05)
    control, key = acme.jira.control, str(link.issue_key)
    control.set(webhook_retry_delays=[0.3] * 20)
    db.session.commit()

    with closing(sqlite3.connect(database_url.removeprefix("sqlite:///"))) as other:
        other.execute("BEGIN IMMEDIATE")
        control.transition_issue(key, "Done")
        eventually(lambda: control.deliveries()[0]["tries"], 5)
        other.rollback()
    assert control.wait_for_deliveries()

    outcomes = [each["outcome"] for each in control.deliveries()[0]["tries"]]
    assert (outcomes[0], outcomes[-1]) == (503, 204)
    assert [row.retried for row in db.session.query(WebhookDelivery)] == [True]
    assert acme.connection.works["reading"].due_at is not None
    assert acme.connection.works["reading"].due_at <= utcnow()
    drain()
    assert link.action_item.complete
