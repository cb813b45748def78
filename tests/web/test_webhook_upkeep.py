"""A person connects, comes back with another account or leaves: which webhooks stand then."""

from datetime import timedelta

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import JiraSettings, ProjectMapping, Webhook, WebhookDelivery
from app.services.connection import disconnect
from app.services.grants import clients
from demo.jira_cloud.catalog.sites import SITES
from tests.support.acme import acme, person
from tests.support.atlassian import ENG, JIRA, LABS, connect, connection
from tests.support.people import Person

ADMIN, SERVICE = "admin@acme.test", "unpack@acme.test"
FILTER = 'project IN ("PLAT")'


@pytest.fixture
def wished(signed_in) -> Person:
    """An admin of an organization that wants webhooks and whose project is chosen."""
    mapping = ProjectMapping(
        organization_id=acme().id,
        cloud_id=SITES[ENG].cloud_id,
        project_id="10000",
        project_key="PLAT",
        project_name="Platform Engineering",
        issue_type_id="10001",
        issue_type_name="Task",
    )
    settings = JiraSettings(organization_id=acme().id, webhooks_enabled=True)
    db.session.add_all([mapping, settings])
    return signed_in(ADMIN)


@pytest.fixture
def heard(wished, jira, work) -> Person:
    connect(wished, jira)
    work()
    return wished


def standing(jira) -> list[tuple[str, str]]:
    return [(each["account"], each["jqlFilter"]) for each in jira.control.webhooks()]


def recorded() -> list[tuple[str, int]]:
    rows = db.session.query(Webhook).order_by(Webhook.id)
    return [(row.cloud_id, row.webhook_id) for row in rows]


def test_connecting_registers_what_is_wished_and_cleans_up_what_is_stale(wished, jira, work):
    connect(wished, jira)
    connection_id = connection().id
    db.session.commit()
    client = clients.client_of(connection_id)
    client.register_webhook(
        "http://localhost:5050/webhooks/jira", events=["comment_created"], jql="project = OPS"
    )

    work()

    assert standing(jira) == [(SERVICE, FILTER)]
    assert connection().works["webhook"].error is None


def test_reconnecting_keeps_the_webhook_and_looks_for_what_was_missed(heard, jira, work):
    before = recorded()
    connection().works["reading"].due_at = utcnow() + timedelta(hours=1)

    connect(heard, jira)
    assert connection().works["reading"].due_at <= utcnow()
    work()

    assert recorded() == before
    assert standing(jira) == [(SERVICE, FILTER)]


def test_another_account_registers_its_own_webhook(heard, jira, work):
    connect(heard, jira, account=ADMIN)
    work()

    [(_, webhook_id)] = recorded()
    own = {each["account"]: each["id"] for each in jira.control.webhooks()}
    assert webhook_id == own[ADMIN]


def test_another_site_forgets_what_was_heard_of_the_old_one(heard, jira, work):
    row = WebhookDelivery(
        connection_id=connection().id, identifier="1", event="jira:issue_updated", issue_id="1"
    )
    db.session.add(row)

    connect(heard, jira, (LABS,))
    answer = heard.post(f"{JIRA}/site", {"site": SITES[LABS].cloud_id, "confirmed": "1"})
    assert answer.status_code == 303, answer.page.text
    work()

    assert connection().cloud_id == SITES[LABS].cloud_id
    assert recorded() == []
    assert db.session.query(WebhookDelivery).count() == 0
    assert connection().works["reading"].due_at is None


def test_disconnecting_deletes_the_webhook_and_connecting_again_brings_it_back(heard, jira, work):
    heard.post(f"{JIRA}/disconnection")
    assert (standing(jira), recorded()) == ([], [])

    connect(heard, jira)
    work()

    assert standing(jira) == [(SERVICE, FILTER)]


def test_a_reconnect_in_the_middle_of_a_disconnect_gets_its_webhook_back(heard, jira, work):
    farewell = disconnect.begin(acme(), person("Adam"))
    db.session.commit()
    connect(heard, jira)
    work()
    db.session.commit()
    disconnect.delete_webhooks(farewell)
    disconnect.finish(farewell)
    db.session.commit()

    work()

    [(_, webhook_id)] = recorded()
    assert [each["id"] for each in jira.control.webhooks()] == [webhook_id]
