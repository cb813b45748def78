"""Organizations by the thousand: connected, mapped, with a webhook each, and owed nothing."""

from datetime import timedelta
from typing import Any

from sqlalchemy import insert, text

from app.clock import utcnow
from app.extensions import db
from app.models import (
    ConnectionState,
    JiraConnection,
    JiraSettings,
    JiraWork,
    Organization,
    Plan,
    Team,
    TeamMember,
    Webhook,
    WorkKind,
)
from app.services.webhooks import desired
from bench import founding

DUE_ONE_DAY = (WorkKind.READING, WorkKind.WEBHOOK)


def found(count: int) -> list[int]:
    """The ids of the teams of so many organizations, one each. Rows are written in bulk."""
    facilitator = founding.person("facilitator")
    db.session.flush()
    person_id, numbers = facilitator.id, range(1, count + 1)
    for model, rows in _rows(numbers, person_id).items():
        db.session.execute(insert(model), rows)
    now = utcnow()
    for number in numbers:
        db.session.add(founding.mapping_to_platform(number, f"cloud-{number}", now))
    db.session.commit()
    settle()
    return list(numbers)


def settle() -> None:
    """Have PostgreSQL look at the rows, as it does by itself after a while."""
    if db.engine.dialect.name == "postgresql":
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))


def _rows(numbers: range, person_id: int) -> dict[Any, list[dict[str, Any]]]:
    now = utcnow()
    later = now + timedelta(days=1)
    connection = {
        "state": ConnectionState.CONNECTED, "site_name": "acme", "account_id": "service",
        "site_url": "https://acme.atlassian.net", "connected_at": now, "refreshed_at": now,
    }  # fmt: skip
    webhook = {
        "account_id": "service", "url": desired.address(), "project_keys": ["PLAT"],
        "expires_at": now + timedelta(days=29),
    }  # fmt: skip
    site = {number: {"cloud_id": f"cloud-{number}"} for number in numbers}
    return {
        Organization: [
            {"id": n, "slug": f"organization-{n}", "name": f"Organization {n}", "plan": Plan.PRO}
            for n in numbers
        ],
        Team: [{"id": n, "organization_id": n, "name": "Team"} for n in numbers],
        TeamMember: [
            {"team_id": n, "user_id": person_id, "facilitator": True} for n in numbers
        ],
        JiraConnection: [
            {"id": n, "organization_id": n, **site[n], **connection} for n in numbers
        ],
        JiraSettings: [{"organization_id": n, "webhooks_enabled": True} for n in numbers],
        Webhook: [
            {"connection_id": n, "webhook_id": n, **site[n], **webhook} for n in numbers
        ],
        JiraWork: [
            {"connection_id": n, "kind": kind, "due_at": later if kind in DUE_ONE_DAY else None}
            for n in numbers
            for kind in WorkKind
        ],
    }  # fmt: skip
