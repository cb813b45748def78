"""Posting to `/webhooks/jira` as Jira does, and as somebody does who only pretends to be Jira."""

import base64
import contextvars
import hashlib
import hmac
import json
import time
from typing import Any
from uuid import uuid4

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    JiraConnection,
    Organization,
    Webhook,
    WebhookDelivery,
    WebhookState,
)
from tests.support import settings
from tests.support.application import commit_what_was_arranged

PATH = "/webhooks/jira"
SECRET = settings.CLIENT_SECRET
NUMBER = 1000
ISSUE = "10012"
HOST = "acme-eng.atlassian.net"
Json = dict[str, Any]


def signed(header: object, claims: object, secret: str = SECRET) -> str:
    """A JWT whose signature is right for `secret`, whatever its header says."""
    content = f"{_encoded(header)}.{_encoded(claims)}"
    digest = hmac.new(secret.encode(), content.encode(), hashlib.sha256).digest()
    return f"{content}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def token(secret: str = SECRET, alg: str = "HS256", **claims: object) -> str:
    """As Jira signs it; a claim given as None is left out."""
    now = int(time.time())
    given = {"iat": now, "exp": now + 180} | claims
    kept = {name: value for name, value in given.items() if value is not None}
    return signed({"typ": "JWT", "alg": alg}, kept, secret)


def _encoded(part: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def person(name: str) -> Json:
    return {
        "self": f"https://{HOST}/rest/api/2/user?accountId=5b10ac8d82e05b22cc7d4ef5",
        "accountId": "5b10ac8d82e05b22cc7d4ef5",
        "accountType": "atlassian",
        "displayName": name,
        "active": True,
        "timeZone": "Australia/Sydney",
    }


def payload(issue: str = ISSUE, webhooks: object = (NUMBER,), host: str = HOST) -> Json:
    """An issue that was moved to Done, as jira-platform.md §5.3 shows it."""
    return {
        "timestamp": 1795533600128,
        "webhookEvent": "jira:issue_updated",
        "issue_event_type_name": "issue_generic",
        "user": person("Mia Krystof"),
        "issue": {
            "id": issue,
            "self": f"https://{host}/rest/api/2/{issue}",
            "key": "PLAT-142",
            "fields": {
                "summary": "Fix flaky build",
                "duedate": "2026-12-01",
                "updated": "2026-11-24T09:20:00.128-0600",
                "project": {"id": "10000", "key": "PLAT", "name": "Platform"},
                "issuetype": {"id": "10001", "name": "Task", "subtask": False},
                "status": {
                    "id": "10002",
                    "name": "Done",
                    "statusCategory": {"id": 3, "key": "done", "name": "Done"},
                },
                "resolution": {"id": "10000", "name": "Done"},
                "assignee": person("Mia Krystof"),
                "labels": ["retro"],
            },
        },
        "changelog": {
            "id": "10124",
            "items": [
                {"field": "status", "fieldId": "status", "from": "10000", "to": "10002"},
            ],
        },
        "matchedWebhookIds": list(webhooks) if isinstance(webhooks, tuple) else webhooks,
    }


class Poster:
    """Somebody who posts: with a right token and a new identifier, unless a call says otherwise."""

    def __init__(self, app: Flask) -> None:
        self._client = FlaskClient(app, app.response_class, use_cookies=False)

    def __call__(
        self,
        body: Json | bytes | None = None,
        authorization: str | None = "right",
        identifier: str | None = "new",
        **headers: str,
    ) -> TestResponse:
        commit_what_was_arranged()
        if authorization == "right":
            authorization = f"Bearer {token()}"
        given = {
            "Authorization": authorization,
            "X-Atlassian-Webhook-Identifier": str(uuid4()) if identifier == "new" else identifier,
            "Content-Type": "application/json",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        raw = body if isinstance(body, bytes) else json.dumps(body or payload()).encode()
        sent = {name: value for name, value in given.items() if value is not None}
        # A context of its own, as each request has in a server.
        return contextvars.Context().run(self._client.post, PATH, data=raw, headers=sent)


def registered(connection: JiraConnection, number: int = NUMBER, **values: Any) -> Webhook:
    """A webhook of ours, as the registration leaves it."""
    row = Webhook(
        **{
            "connection_id": connection.id,
            "cloud_id": connection.cloud_id,
            "account_id": connection.account_id,
            "webhook_id": number,
            "state": WebhookState.ACTIVE,
            "url": "http://localhost:5050/webhooks/jira",
            "project_keys": ["PLAT"],
            "expires_at": utcnow(),
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def other_connection(site: str, **values: Any) -> JiraConnection:
    """Tiny's connection: to a site of its own, or to Acme's."""
    tiny = db.session.query(Organization).filter_by(slug="tiny").one()
    row = JiraConnection(
        **{
            "organization": tiny,
            "state": ConnectionState.CONNECTED,
            "cloud_id": f"cloud of {site}",
            "site_url": f"https://{site}",
            "site_name": site,
            "account_id": "service",
            "connected_at": utcnow(),
            **values,
        }
    )
    db.session.add(row)
    db.session.flush()
    return row


def kept() -> list[WebhookDelivery]:
    """The deliveries that are stored, in the order in which they came."""
    db.session.expire_all()
    return list(db.session.scalars(select(WebhookDelivery).order_by(WebhookDelivery.id)))
