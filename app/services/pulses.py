"""A cheap way to see that nothing is new for a page that an admin watches: one statement.

A *pulse* is a token of what lies in the rows that a page of the Jira settings is drawn from. Two
that are equal mean that the page would say the same; of what passes by time alone, it has what
passes within minutes. It may change although the page says the same.
"""

import hashlib
from collections.abc import Callable, Collection, Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Select,
    String,
    bindparam,
    case,
    cast,
    func,
    literal,
    select,
)

from app.extensions import db
from app.models import (
    Backfill,
    Installation,
    IssueLink,
    JiraConnection,
    JiraIssueType,
    JiraPerson,
    JiraProject,
    JiraSettings,
    JiraWork,
    LinkState,
    Membership,
    Organization,
    PendingGrant,
    ProjectMapping,
    Reconciliation,
    Suspension,
    SyncEntry,
    Webhook,
    WebhookDelivery,
    WebhookTest,
    unsettled_link,
)
from app.models.types import UtcDateTime

# How long a webhook test is watched: `webhooks.webhook_tests.PATIENCE`.
_WATCHED = timedelta(seconds=60)
NOW: BindParameter[datetime] = bindparam("now", type_=UtcDateTime())
WATCHED_SINCE: BindParameter[datetime] = bindparam("watched_since", type_=UtcDateTime())
_SECRET = {"access_token", "refresh_token"}


class Watched(StrEnum):
    """What of an organization's integration a page is drawn from, beside connection and work."""

    CHOICES = "choices"
    PEOPLE = "people"
    WEBHOOK = "webhook"
    LOG = "log"
    BACKFILL = "backfill"


def pulse_of(organization: Organization, parts: Collection[Watched], now: datetime) -> str:
    """The pulse of these parts at `now` (aware UTC). To be read in the transaction that draws."""
    of = {"organization_id": organization.id}
    found = db.session.execute(_statement(frozenset(parts)), of | values_at(now)).one()
    return digest(found)


def facts_of(parts: Iterable[Watched]) -> list[ColumnElement[Any]]:
    """What there is of these parts, to be selected from Organization and its connection with
    `values_at` a moment."""
    facts = [fact for part in sorted(parts) for fact in _FACTS[part]()]
    return [*_of_work(), *facts] if facts else []


def values_at(now: datetime) -> dict[str, datetime]:
    return {"now": now, "watched_since": now - _WATCHED}


def digest(facts: Iterable[object]) -> str:
    return hashlib.sha256(repr(tuple(facts)).encode()).hexdigest()[:16]


@cache  # to put it together takes longer than to ask it
def _statement(parts: frozenset[Watched]) -> Select[Any]:
    return (
        select(*_of_connection(), *facts_of(parts))
        .select_from(Organization)
        .outerjoin(Organization.connection)
        .outerjoin(Organization.settings)
        .where(Organization.id == bindparam("organization_id"))
    )


def _of_connection() -> list[ColumnElement[Any]]:
    own = [each for each in JiraConnection.__table__.c if each.name not in _SECRET]
    pause = select(Installation.paused_until).where(Installation.id == 1).scalar_subquery()
    pending = select(_joined(PendingGrant.id, _is_past(PendingGrant.expires_at, NOW)))
    return [
        Organization.plan,
        *own,
        JiraSettings.version,
        _is_past(JiraConnection.paused_until, NOW),
        pause,
        _is_past(pause, NOW),
        _of_the_organization(pending, PendingGrant.organization_id),
        _of_the_connection(select(_joined(Suspension.since)), Suspension.connection_id),
    ]


def _of_work() -> list[ColumnElement[Any]]:
    moments = (JiraWork.due_at, JiraWork.not_before, JiraWork.lease_until)
    passed = [func.sum(_is_past(moment, NOW)) for moment in moments]
    works = (
        func.max(JiraWork.due_at),
        func.min(JiraWork.due_at),
        func.count(JiraWork.due_at),
        func.max(JiraWork.not_before),
        func.max(JiraWork.lease_until),
        func.count(JiraWork.lease_id),
        func.sum(JiraWork.failures),
        func.count(JiraWork.error),
        func.max(JiraWork.error),
        *passed,
    )
    return [_of_the_connection(select(_joined(*works)), JiraWork.connection_id)]


def _of_choices() -> list[ColumnElement[Any]]:
    projects = select(
        _joined(
            func.count(),
            func.max(JiraProject.types_fetched_at),
            func.max(JiraProject.types_wanted_at),
            func.count(JiraProject.types_wanted_at),
        )
    )
    types = select(_joined(func.count(), func.max(JiraIssueType.fields_fetched_at)))
    mapping = _joined(
        ProjectMapping.id,
        ProjectMapping.project_key,
        ProjectMapping.check_state,
        ProjectMapping.checked_at,
        ProjectMapping.check_wanted_at,
    )
    mappings = select(func.aggregate_strings(mapping, "\n"))
    return [
        _of_the_connection(projects, JiraProject.connection_id),
        _of_the_connection(types, JiraIssueType.connection_id),
        _of_the_organization(mappings, ProjectMapping.organization_id),
    ]


def _of_people() -> list[ColumnElement[Any]]:
    found = select(_joined(func.count(), func.max(JiraPerson.found_at), func.max(JiraPerson.id)))
    members = select(_joined(func.count(), func.max(Membership.id)))
    return [
        _of_the_connection(found, JiraPerson.connection_id),
        _of_the_organization(members, Membership.organization_id),
    ]


def _of_webhook() -> list[ColumnElement[Any]]:
    webhook = _joined(
        Webhook.id, Webhook.state, Webhook.expires_at, _is_past(Webhook.expires_at, NOW)
    )
    unapplied = WebhookDelivery.applied_at.is_(None)
    looks = (Reconciliation.id, Reconciliation.finished_at, Reconciliation.looked_at)
    tests = (WebhookTest.id, WebhookTest.written_at, WebhookTest.delivered_at, WebhookTest.error)
    over = _is_past(WebhookTest.requested_at, WATCHED_SINCE)
    return [
        _of_the_connection(select(func.aggregate_strings(webhook, "\n")), Webhook.connection_id),
        _of_the_connection(
            select(func.max(WebhookDelivery.received_at)), WebhookDelivery.connection_id
        ),
        _of_the_connection(select(func.count()).where(unapplied), WebhookDelivery.connection_id),
        _of_the_connection(
            select(_joined(*looks)).order_by(Reconciliation.id.desc()).limit(1),
            Reconciliation.connection_id,
        ),
        _of_the_connection(
            select(_joined(*tests, over)).order_by(WebhookTest.id.desc()).limit(1),
            WebhookTest.connection_id,
        ),
    ]


def _of_log() -> list[ColumnElement[Any]]:
    entries = select(_joined(func.max(SyncEntry.updated_at)))
    unsettled = unsettled_link([state for state in LinkState if state is not LinkState.SYNCED])
    failed = func.sum(case((IssueLink.state == LinkState.ERROR, 1), else_=0))
    links = select(_joined(func.count(), failed, func.sum(IssueLink.revision))).where(*unsettled)
    return [
        _of_the_organization(entries, SyncEntry.organization_id),
        _of_the_connection(links, IssueLink.connection_id),
    ]


def _of_backfill() -> list[ColumnElement[Any]]:
    last = _of_the_organization(select(func.max(Backfill.id)), Backfill.organization_id)
    run = select(_joined(Backfill.id, Backfill.state, Backfill.ended_at))
    links = select(_joined(func.count(), func.sum(IssueLink.revision)))
    return [
        run.where(Backfill.id == last).scalar_subquery(),
        links.where(IssueLink.backfill_id == last).scalar_subquery(),
    ]


_FACTS: dict[Watched, Callable[[], list[ColumnElement[Any]]]] = {
    Watched.CHOICES: _of_choices,
    Watched.PEOPLE: _of_people,
    Watched.WEBHOOK: _of_webhook,
    Watched.LOG: _of_log,
    Watched.BACKFILL: _of_backfill,
}


def _of_the_connection(facts: Select[Any], owner: Any) -> ColumnElement[Any]:
    return facts.where(owner == JiraConnection.id).correlate(JiraConnection).scalar_subquery()


def _of_the_organization(facts: Select[Any], owner: Any) -> ColumnElement[Any]:
    return facts.where(owner == Organization.id).correlate(Organization).scalar_subquery()


def _is_past(moment: Any, now: BindParameter[datetime]) -> ColumnElement[int]:
    return case((moment <= now, 1), else_=0)


def _joined(*values: Any) -> ColumnElement[str]:
    """Several values as one text, so that a subquery may have more than one of them."""
    words: ColumnElement[str] = literal("")
    for value in values:
        words = words + func.coalesce(cast(value, String), "") + literal("|")
    return words
