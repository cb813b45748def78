"""Who disconnects leaves no webhook behind, and takes nobody else's away."""

import threading
from datetime import timedelta

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, WebhookDelivery
from app.services.connection import disconnect
from jobs import keep_webhook
from tests.support.connected import wait_for_request
from tests.support.webhooks import (
    DAY,
    URL,
    bells,
    ids_in_jira,
    in_jira,
    orphan,
    recorded,
    second_organization,
    switch,
)


def test_one_of_two_organizations_leaves_with_its_own_webhook_only(on, keep):
    first, second = on.connection.id, second_organization(on).id
    keep(second)
    organization = db.session.get_one(JiraConnection, first).organization
    owner = organization.memberships[0].user

    farewell = disconnect.begin(organization, owner)
    db.session.commit()
    disconnect.delete_webhooks(farewell)
    disconnect.finish(farewell)
    db.session.commit()

    assert in_jira(on) == [(URL, 'project IN ("MOB")')]
    assert recorded(on) == ids_in_jira(on)


def test_disconnecting_leaves_nothing_even_after_the_token_has_expired(on, keep):
    orphan(on, "MOB")
    row = WebhookDelivery(
        connection_id=on.connection.id, identifier="1", event="jira:issue_updated", issue_id="1"
    )
    db.session.add(row)
    connection = on.connection
    on.jira.control.expire_access_tokens()
    connection.access_expires_at = utcnow() - timedelta(minutes=1)
    owner = on.organization.memberships[0].user

    farewell = disconnect.begin(on.organization, owner)
    db.session.commit()
    disconnect.delete_webhooks(farewell)
    disconnect.finish(farewell)
    db.session.commit()

    assert in_jira(on) == []
    assert recorded(on) == []
    assert db.session.query(WebhookDelivery).count() == 0
    assert on.connection.works["reading"].due_at is None
    assert bells(utcnow() + DAY) == []


def test_a_webhook_that_was_registered_for_somebody_who_is_gone_is_taken_back(acme, keep, app):
    switch(acme, on=True)
    acme.jira.control.fault("latency", "webhook_register", min_ms=600, max_ms=600)
    connection_id = acme.connection.id
    owner = acme.organization.memberships[0].user
    db.session.commit()

    def register() -> None:
        with app.app_context():
            keep_webhook.run(connection_id)

    registering = threading.Thread(target=register)
    registering.start()
    wait_for_request(acme.jira.control, "webhook_register")
    disconnect.begin(acme.organization, owner)
    db.session.commit()
    registering.join()

    assert in_jira(acme) == []
    assert recorded(acme) == []
