"""From what is desired, recorded and listed to the steps in between, as pure functions.

A webhook cannot be changed in Jira, so another set of projects is another webhook: the new one
first, so that nothing is missed, then the old one goes. Five fit in (jira-platform.md §5.1).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from app.jira.types import Webhook
from app.services.webhooks.desired import EVENTS, FIELD_IDS, PATH, DesiredWebhook

MOST = 5
LIFE = timedelta(days=30)
RENEWED_WITH_LESS_THAN = timedelta(days=10)


@dataclass(frozen=True)
class Recorded:
    """A webhook as we remember having registered it."""

    webhook_id: int
    url: str
    project_keys: frozenset[str]
    active: bool


@dataclass(frozen=True)
class SeenWebhooks:
    """All that decides. `now` is aware UTC.

    elsewhere: the webhooks that other connections have with the same account on the same site
    listed: what Jira says this account has there, expired ones included
    """

    desired: DesiredWebhook | None
    recorded: Sequence[Recorded]
    elsewhere: frozenset[int]
    listed: Sequence[Webhook]
    now: datetime


@dataclass(frozen=True)
class Register:
    """Have Jira make the desired webhook."""

    desired: DesiredWebhook


@dataclass(frozen=True)
class Keep:
    """The webhook is as desired: remember it as the active one, and until when it lives."""

    desired: DesiredWebhook
    webhook_id: int
    expires_at: datetime | None


@dataclass(frozen=True)
class Refresh:
    """Have the webhook live 30 more days."""

    webhook_id: int


@dataclass(frozen=True)
class Delete:
    """Have Jira delete webhooks, and forget them. Unknown ids do no harm."""

    webhook_ids: tuple[int, ...]


Step = Register | Keep | Refresh | Delete


def steps_of(seen: SeenWebhooks) -> tuple[Step, ...]:
    """The steps to take, in this order; nothing when all is as it should be and off."""
    ours = [webhook for webhook in seen.listed if _is_ours(webhook, seen)]
    every = {webhook.id for webhook in ours} | {row.webhook_id for row in seen.recorded}
    if seen.desired is None:
        return _delete(every)
    fitting = [webhook for webhook in ours if _fits(webhook, seen.desired, seen)]
    if not fitting:
        return _replace(seen.desired, ours, every, seen)
    kept = max(fitting, key=lambda webhook: _preference(webhook, seen))
    return (*_keep(seen.desired, kept, seen.now), *_delete(every - {kept.id}))


def is_address_of_ours(url: str | None) -> bool:
    """Whether a listed webhook calls us, now or under an earlier address of this installation.

    Jira lists the webhooks of our own app only; some sites leave the address out.
    """
    return url is None or urlsplit(url).path.rstrip("/").endswith(PATH)


def _is_ours(webhook: Webhook, seen: SeenWebhooks) -> bool:
    """Other connections' webhooks are theirs, except under an address that nobody answers any more.

    Jira takes no second address while one of these stands; their own upkeep registers anew.
    """
    if webhook.id in {row.webhook_id for row in seen.recorded}:
        return True
    if webhook.id in seen.elsewhere:
        return seen.desired is not None and not _is_at(webhook.url, seen.desired.url)
    return is_address_of_ours(webhook.url)


def _fits(webhook: Webhook, desired: DesiredWebhook, seen: SeenWebhooks) -> bool:
    """Whether it is what is desired. Jira may word things anew: what we recorded counts first."""
    row = _row_of(webhook, seen)
    if row is None:
        same_filter = _plain(webhook.jql) == _plain(desired.jql)
    else:
        same_filter = row.project_keys == frozenset(desired.project_keys)
    return (
        same_filter
        and _is_at(_url_of(webhook, seen), desired.url)
        and set(webhook.events) == set(EVENTS)
        and (not webhook.field_ids or set(webhook.field_ids) == set(FIELD_IDS))
        and (webhook.expires_at is None or webhook.expires_at > seen.now)
    )


def _preference(webhook: Webhook, seen: SeenWebhooks) -> tuple[bool, bool, int]:
    row = _row_of(webhook, seen)
    return row is not None and row.active, row is not None, webhook.id


def _keep(desired: DesiredWebhook, webhook: Webhook, now: datetime) -> tuple[Step, ...]:
    keep = Keep(desired, webhook.id, webhook.expires_at)
    if webhook.expires_at is None or webhook.expires_at - now < RENEWED_WITH_LESS_THAN:
        return keep, Refresh(webhook.id)
    return (keep,)


def _replace(
    desired: DesiredWebhook, ours: Sequence[Webhook], every: set[int], seen: SeenWebhooks
) -> tuple[Step, ...]:
    """Register, and delete first only what would be in the way: another address, a full house."""
    first = {webhook.id for webhook in ours if not _is_at(_url_of(webhook, seen), desired.url)}
    left = sorted(
        (webhook for webhook in ours if webhook.id not in first),
        key=lambda webhook: _preference(webhook, seen),
    )
    for webhook in left[: max(0, len(seen.listed) - len(first) - MOST + 1)]:
        first.add(webhook.id)
    return (*_delete(first), Register(desired), *_delete(every - first))


def _delete(ids: Iterable[int]) -> tuple[Step, ...]:
    found = tuple(sorted(ids))
    return (Delete(found),) if found else ()


def _row_of(webhook: Webhook, seen: SeenWebhooks) -> Recorded | None:
    return next((row for row in seen.recorded if row.webhook_id == webhook.id), None)


def _url_of(webhook: Webhook, seen: SeenWebhooks) -> str | None:
    row = _row_of(webhook, seen)
    return row.url if row else webhook.url


def _is_at(url: str | None, address: str) -> bool:
    """Whether it calls that address; a site that leaves the address out is believed."""
    return url is None or url.rstrip("/").casefold() == address.casefold()


def _plain(jql: str) -> str:
    return "".join(jql.split()).replace('"', "").casefold()
