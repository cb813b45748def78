"""The switches of the form, and the webhook that they lead to."""

from datetime import timedelta
from typing import Any

from app.clock import utcnow
from app.extensions import db
from app.models import (
    JiraConnection,
    JiraSettings,
    Webhook,
)
from tests.support import webhook_posts
from tests.support.atlassian import JIRA
from tests.support.people import Person

HEALTH, TESTS = f"{JIRA}/webhook", f"{JIRA}/webhook/tests"


def enable(connection: JiraConnection) -> None:
    """The wish, as it was saved a while ago."""
    row = JiraSettings(organization_id=connection.organization_id, webhooks_enabled=True, version=1)
    db.session.add(row)
    db.session.flush()


def registered(connection: JiraConnection, **values: Any) -> Webhook:
    """A webhook that stands in Jira."""
    return webhook_posts.registered(
        connection,
        url="https://unpack.example.com/webhooks/jira",
        registered_at=utcnow() - timedelta(hours=2),
        expires_at=utcnow() + timedelta(days=29),
        **values,
    )


def health(person: Person):
    return person.get(HEALTH, htmx=True)
