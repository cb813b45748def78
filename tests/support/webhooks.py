"""For tests of webhooks: Acme with webhooks on, the job that keeps them, and what Jira has."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import ConnectionState, JiraConnection, JiraSettings, ProjectMapping, Webhook
from app.queue import KEEP_WEBHOOK
from app.services.grants import clients
from app.services.owed import webhook_upkeep
from app.services.schedule import tick
from app.services.webhooks.desired import EVENTS, FIELD_IDS, PROPERTY_KEYS, DesiredWebhook
from jobs import keep_webhook
from tests.support import factories
from tests.support.connected import ENG_CLOUD, Acme

URL = "http://localhost:5050/webhooks/jira"
DAY = timedelta(days=1)


def settings(acme: Acme) -> JiraSettings:
    found = db.session.query(JiraSettings).filter_by(organization_id=acme.organization.id).first()
    row = found or JiraSettings(organization_id=acme.organization.id)
    db.session.add(row)
    return row


def switch(acme: Acme, on: bool) -> None:
    """As saving the settings does."""
    settings(acme).webhooks_enabled = on
    webhook_upkeep.owe_upkeep(acme.connection)
    db.session.commit()


@pytest.fixture
def keep(acme: Acme) -> Callable[..., JiraConnection]:
    """Run the job, for Acme's connection or the one with that id, some time from now."""

    def run(connection_id: int | None = None, after: timedelta = timedelta()) -> JiraConnection:
        of = connection_id or db.session.query(JiraConnection.id).order_by("id").limit(1).scalar()
        db.session.commit()
        if after:
            with time_machine.travel(utcnow() + after):
                keep_webhook.run(of)
        else:
            keep_webhook.run(of)
        db.session.expire_all()
        return db.session.get_one(JiraConnection, of)

    return run


@pytest.fixture
def on(acme: Acme, keep: Callable[..., JiraConnection]) -> Acme:
    switch(acme, on=True)
    keep()
    acme.jira.control.clear_requests()
    return acme


def in_jira(acme: Acme) -> list[tuple[str, str]]:
    """What stands in Jira: address and filter of each webhook, in the order of their numbers."""
    found = sorted(acme.jira.control.webhooks(), key=lambda each: each["id"])
    return [(each["url"], each["jqlFilter"]) for each in found]


def ids_in_jira(acme: Acme) -> list[int]:
    return sorted(each["id"] for each in acme.jira.control.webhooks())


def recorded(acme: Acme) -> list[int]:
    return sorted(db.session.scalars(db.select(Webhook.webhook_id)))


def bells(now: datetime) -> list[int]:
    """The connections whose webhook somebody would look after at that time."""
    return [each for job, each in tick.bells(now) if job == KEEP_WEBHOOK]


def orphan(acme: Acme, *keys: str, url: str = URL) -> None:
    """A webhook of the account that nobody wrote down."""
    connection_id = acme.connection.id
    db.session.commit()
    clients.client_of(connection_id).register_webhook(
        url,
        events=EVENTS,
        jql=DesiredWebhook(url, keys).jql,
        field_ids=FIELD_IDS,
        property_keys=PROPERTY_KEYS,
    )


def second_organization(acme: Acme) -> JiraConnection:
    """Another organization with the same account on the same site, mapped to MOB."""
    first, other = acme.connection, factories.organization()
    mapping = ProjectMapping(
        organization_id=other.id,
        cloud_id=ENG_CLOUD,
        project_id="10001",
        project_key="MOB",
        project_name="Mobile",
        issue_type_id="10001",
        issue_type_name="Task",
    )
    db.session.add_all([mapping, JiraSettings(organization_id=other.id, webhooks_enabled=True)])
    names = ("cloud_id", "site_url", "site_name", "account_id", "connected_at", "access_token")
    more = ("refresh_token", "access_expires_at")
    row = JiraConnection(
        organization=other,
        generation=1,
        state=ConnectionState.CONNECTED,
        **{name: getattr(first, name) for name in (*names, *more)},
    )
    db.session.add(row)
    webhook_upkeep.owe_upkeep(row)
    db.session.commit()
    return row
