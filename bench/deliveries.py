"""Webhook deliveries as Jira posts them, as bytes that only have to be written to a socket."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from datetime import timedelta
from itertools import cycle
from uuid import uuid4

from app.clock import utcnow
from app.extensions import db
from app.models import JiraConnection, JiraSettings, Webhook
from app.services.webhooks import desired
from bench.environment import CLIENT_SECRET

FIRST_WEBHOOK = 1000


def register(connection: JiraConnection) -> None:
    """Its webhook in Jira, as the registration leaves it, and the settings that ask for one."""
    db.session.add_all(
        [
            JiraSettings(
                organization_id=connection.organization_id, version=1, webhooks_enabled=True
            ),
            Webhook(
                connection_id=connection.id,
                cloud_id=connection.cloud_id,
                account_id=connection.account_id,
                webhook_id=_webhook(connection.site_url),
                url=desired.address(),
                project_keys=["PLAT"],
                expires_at=utcnow() + timedelta(days=20),
            ),
        ]
    )


def arriving(port: int, sites: int) -> Iterator[bytes]:
    """One delivery after the other, of each site in turn, each with a token of its own."""
    now = int(time.time())
    tokens = cycle([token(now - age) for age in range(60)])
    for number, site in enumerate(cycle(range(sites))):
        body = delivery(f"https://site-{site}.atlassian.net", str(10_001 + number % 1000))
        yield posted(port, body, next(tokens))


def posted(port: int, body: bytes, bearer: str) -> bytes:
    """The request."""
    lines = [
        "POST /webhooks/jira HTTP/1.1",
        f"Host: localhost:{port}",
        f"Authorization: Bearer {bearer}",
        f"X-Atlassian-Webhook-Identifier: {uuid4()}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def delivery(site_url: str, issue_id: str) -> bytes:
    """An issue of the site that was moved to Done (jira-platform.md §5.3)."""
    person = {
        "accountId": "5b10ac8d82e05b22cc7d4ef5", "accountType": "atlassian",
        "displayName": "Mia Krystof", "active": True, "timeZone": "Australia/Sydney",
    }  # fmt: skip
    done = {"id": "10002", "name": "Done", "statusCategory": {"id": 3, "key": "done"}}
    fields = {
        "summary": "Fix flaky build", "description": "From retro 12. " * 20,
        "duedate": "2026-12-01", "updated": "2026-11-24T09:20:00.128-0600", "status": done,
        "project": {"id": "10001", "key": "PLAT", "name": "Platform"}, "assignee": person,
        "issuetype": {"id": "10101", "name": "Task", "subtask": False}, "labels": ["retro"],
    }  # fmt: skip
    change = {"field": "status", "fieldId": "status", "from": "10000", "to": "10002"}
    return json.dumps(
        {
            "timestamp": int(time.time() * 1000),
            "webhookEvent": "jira:issue_updated",
            "user": person,
            "issue": {
                "id": issue_id, "self": f"{site_url}/rest/api/2/{issue_id}",
                "key": f"PLAT-{issue_id}", "fields": fields,
            },
            "changelog": {"id": "10124", "items": [change]},
            "matchedWebhookIds": [_webhook(site_url)],
        }
    ).encode()  # fmt: skip


def token(issued: int) -> str:
    """As Jira signs one: good for three minutes."""
    parts = [{"typ": "JWT", "alg": "HS256"}, {"iat": issued, "exp": issued + 180}]
    content = ".".join(_encoded(json.dumps(part).encode()) for part in parts)
    digest = hmac.new(CLIENT_SECRET.encode(), content.encode(), hashlib.sha256).digest()
    return f"{content}.{_encoded(digest)}"


def _encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def _webhook(site_url: str) -> int:
    """Jira numbers them for each site; here no two are the same."""
    return FIRST_WEBHOOK + int(site_url.removesuffix(".atlassian.net").rpartition("-")[2])
