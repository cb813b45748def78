"""What webhooks are to deliver: messages, when each is due, and what came of it.

Source: jira-platform.md §5.2.
"""

import base64
import hashlib
import heapq
import hmac
import itertools
import json
import threading
from collections import deque
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.sites import SITES
from demo.jira_cloud.issues.issue_json import EventWriter
from demo.jira_cloud.state.world import World
from demo.jira_cloud.webhooks.registrations import PROPERTY_EVENTS, Event, Webhook, matching

KEPT = 5_000
TOKEN_SECONDS = 180
REORDER_SECONDS = 1.0
_RETRIED = {408, 409, 425, 429}


@dataclass
class Delivery:
    """One message to one URL. `state` is waiting, delivered, failed or dropped."""

    identifier: str
    url: str
    event: str
    issue: str
    webhook_ids: list[int]
    payload: dict[str, Any]
    state: str = "waiting"
    tries: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True)
class Attempt:
    """One try: post `body` with `headers` to the delivery's URL, then `settle` it."""

    delivery: Delivery
    headers: dict[str, str]
    body: bytes
    started: float


class Deliveries:
    """Listens to the world and keeps what is to be posted. It posts nothing itself.

    Whoever pumps takes what is due, posts it and settles it; moments are the machine's seconds.
    `changed` is held while the queue changes, for those who pump in threads and wait for it.
    """

    def __init__(self, world: World) -> None:
        self.changed = threading.Condition()
        self._world = world
        self._due: list[tuple[float, int, Delivery]] = []
        self._order = itertools.count()
        self._log: deque[Delivery] = deque(maxlen=KEPT)
        self._under_way = 0
        world.events.append(self.hear)

    def hear(self, event: Event) -> None:
        """Something happened to an issue: write the messages and queue them."""
        by_url: dict[str, list[Webhook]] = {}
        for webhook in matching(self._world, event):
            by_url.setdefault(webhook["url"], []).append(webhook)
        for url, webhooks in by_url.items():
            self._queue(_message(self._world, event, url, webhooks))

    def next_due(self) -> float | None:
        """When the next attempt is due, None when nothing is queued."""
        with self.changed:
            return self._due[0][0] if self._due else None

    def take(self) -> Attempt | None:
        """The attempt that has been due for longest, None when none is due yet."""
        now = self._world.clock.seconds()
        with self.changed:
            if not self._due or self._due[0][0] > now:
                return None
            self._under_way += 1
            return self._attempt(heapq.heappop(self._due)[2], now)

    def settle(self, attempt: Attempt, status: int) -> None:
        """Note the status of the answer, 0 for none at all; plan another try where Jira would."""
        delivery, delays = attempt.delivery, self._world.conditions.webhook_retry_delays
        seconds = self._world.clock.seconds() - attempt.started
        at = self._world.now().timestamp()
        again = status == 0 or status in _RETRIED or status >= 500
        with self.changed:
            delivery.tries.append({"at": at, "outcome": status, "seconds": round(seconds, 3)})
            if again and len(delivery.tries) <= len(delays):
                self._push(delivery, delays[len(delivery.tries) - 1])
            else:
                delivery.state = "failed" if again or status >= 300 else "delivered"
            self._under_way -= 1
            self.changed.notify_all()

    def listed(self) -> list[dict[str, Any]]:
        """The messages so far, oldest first."""
        with self.changed:
            return [asdict(delivery) for delivery in self._log]

    def clear(self) -> None:
        """Forget the messages, delivered or not."""
        with self.changed:
            self._log.clear()
            self._due.clear()
            self.changed.notify_all()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is queued or under way; returns whether that came true.

        For those whose deliveries are pumped by threads: the seconds are real ones.
        """
        with self.changed:
            return self.changed.wait_for(lambda: not self._due and not self._under_way, seconds)

    def _queue(self, delivery: Delivery) -> None:
        mode = self._world.conditions.webhook_mode
        with self.changed:
            self._log.append(delivery)
            if mode == "drop":
                delivery.state = "dropped"
                return
            for _ in range(2 if mode == "duplicate" else 1):
                late = mode == "reorder"
                self._push(delivery, self._world.dice.uniform(0, REORDER_SECONDS) if late else 0.0)

    def _push(self, delivery: Delivery, wait: float) -> None:
        due = self._world.clock.seconds() + wait
        heapq.heappush(self._due, (due, next(self._order), delivery))
        self.changed.notify_all()

    def _attempt(self, delivery: Delivery, now: float) -> Attempt:
        token = sign(self._world.settings.client_secret, self._world.now())
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Atlassian Webhook HTTP Client",
            "X-Atlassian-Webhook-Identifier": delivery.identifier,
            "X-Atlassian-Webhook-Flow": "Primary",
        }
        if delivery.tries:
            headers["X-Atlassian-Webhook-Retry"] = str(len(delivery.tries))
        return Attempt(delivery, headers, json.dumps(delivery.payload).encode(), now)


def sign(secret: str, now: datetime) -> str:
    """A JWT, HS256 with the client secret; it says nothing about the body.

    Source: jira-platform.md §5.4.
    """
    issued = int(now.timestamp())
    claims = {"iat": issued, "exp": issued + TOKEN_SECONDS}
    signed = f"{_encoded({'typ': 'JWT', 'alg': 'HS256'})}.{_encoded(claims)}"
    digest = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
    return f"{signed}.{base64.urlsafe_b64encode(digest).rstrip(b'=').decode()}"


def _encoded(part: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode()


def _message(world: World, event: Event, url: str, webhooks: list[Webhook]) -> Delivery:
    issue, kind = event["issue"], event["kind"]
    writer = EventWriter(world, SITES[issue["site"]], ACCOUNTS[webhooks[0]["account"]])
    payload: dict[str, Any] = {"timestamp": int(event["at"] * 1000), "webhookEvent": kind}
    if kind in PROPERTY_EVENTS:
        key = event["property_key"]
        # As Jira does, this does not name the issue.
        payload["property"] = {"key": key, "value": issue["properties"].get(key)}
    else:
        payload["user"] = writer.user(ACCOUNTS[event["actor"]])
        payload["issue"] = writer.event_issue(issue)
        if kind != "jira:issue_deleted":
            payload["issue_event_type_name"] = event.get("type_name", "issue_created")
            number = str(world.next_number("changelog", 10_100))
            payload["changelog"] = {"id": number, "items": event["changes"]}
    payload["matchedWebhookIds"] = [webhook["id"] for webhook in webhooks]
    identifier = world.names.identifier()
    return Delivery(identifier, url, kind, issue["key"], payload["matchedWebhookIds"], payload)
