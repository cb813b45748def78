"""Delivering webhooks: signed, retried, in threads, and out of order when asked.

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

import requests

from demo.jira_cloud.catalog.accounts import ACCOUNTS
from demo.jira_cloud.catalog.sites import SITES
from demo.jira_cloud.issues.issue_json import EventWriter
from demo.jira_cloud.machine import Background, in_background
from demo.jira_cloud.state.world import World
from demo.jira_cloud.webhooks.registrations import PROPERTY_EVENTS, Event, Webhook, matching

AT_ONCE = 20
TIMEOUT = (5, 20)
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


class Courier:
    """Listens to the world and carries messages. Threads start with the first message."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._change = threading.Condition()
        self._due: list[tuple[float, int, Delivery]] = []
        self._order = itertools.count()
        self._log: deque[Delivery] = deque(maxlen=KEPT)
        self._under_way = 0
        self._threads: list[Background] = []
        self._ended = False
        world.events.append(self.hear)

    def hear(self, event: Event) -> None:
        """Something happened to an issue: write the messages and queue them."""
        by_url: dict[str, list[Webhook]] = {}
        for webhook in matching(self._world, event):
            by_url.setdefault(webhook["url"], []).append(webhook)
        for url, webhooks in by_url.items():
            self._queue(_message(self._world, event, url, webhooks))

    def again(self, identifier: str) -> None:
        """Deliver a message a second time, under the same identifier. KeyError if unknown."""
        with self._change:
            found = next((each for each in self._log if each.identifier == identifier), None)
        if found is None:
            raise KeyError(identifier)
        self._push(found, 0.0)

    def deliveries(self) -> list[dict[str, Any]]:
        """The messages so far, oldest first."""
        with self._change:
            return [asdict(delivery) for delivery in self._log]

    def clear(self) -> None:
        """Forget the messages, delivered or not."""
        with self._change:
            self._log.clear()
            self._due.clear()

    def wait(self, seconds: float) -> bool:
        """Wait until nothing is queued or under way; returns whether that came true."""
        with self._change:
            return self._change.wait_for(lambda: not self._due and not self._under_way, seconds)

    def end(self) -> None:
        """Let the threads end; what is queued is lost, as real webhooks can be."""
        with self._change:
            self._ended = True
            self._change.notify_all()
        for thread in self._threads:
            thread.join(timeout=1)

    def _queue(self, delivery: Delivery) -> None:
        mode = self._world.conditions.webhook_mode
        with self._change:
            self._log.append(delivery)
        if mode == "drop":
            delivery.state = "dropped"
            return
        copies = 2 if mode == "duplicate" else 1
        for _ in range(copies):
            wait = self._world.dice.uniform(0, REORDER_SECONDS) if mode == "reorder" else 0.0
            self._push(delivery, wait)

    def _push(self, delivery: Delivery, wait: float) -> None:
        with self._change:
            heapq.heappush(
                self._due, (self._world.clock.seconds() + wait, next(self._order), delivery)
            )
            if len(self._threads) < min(AT_ONCE, len(self._due)) and not self._ended:
                self._threads.append(in_background(self._carry))
            self._change.notify_all()

    def _carry(self) -> None:
        session = requests.Session()
        # A proxy in the environment is none of Jira's business.
        session.trust_env = False
        while (delivery := self._next()) is not None:
            wait = None
            try:
                wait = self._try(session, delivery)
            finally:
                if wait is not None:
                    self._push(delivery, wait)
                with self._change:
                    self._under_way -= 1
                    self._change.notify_all()

    def _next(self) -> Delivery | None:
        with self._change:
            while not self._ended:
                now = self._world.clock.seconds()
                if self._due and self._due[0][0] <= now:
                    self._under_way += 1
                    return heapq.heappop(self._due)[2]
                self._change.wait(self._due[0][0] - now if self._due else None)
            return None

    def _try(self, session: requests.Session, delivery: Delivery) -> float | None:
        """Post it once; returns the seconds until the next try, None when there is none."""
        started = self._world.clock.seconds()
        token = sign(self._world.settings.client_secret, self._world.now())
        outcome, again = _post(session, token, delivery)
        delivery.tries.append(
            {
                "at": self._world.now().timestamp(),
                "outcome": outcome,
                "seconds": round(self._world.clock.seconds() - started, 3),
            }
        )
        delays = self._world.conditions.webhook_retry_delays
        if again and len(delivery.tries) <= len(delays):
            return delays[len(delivery.tries) - 1]
        delivery.state = "failed" if again or outcome >= 300 else "delivered"
        return None


def _post(session: requests.Session, token: str, delivery: Delivery) -> tuple[int, bool]:
    """The status, 0 for no answer at all, and whether Jira would try again."""
    headers = {
        "Authorization": f"Bearer {token}",
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "Atlassian Webhook HTTP Client",
        "X-Atlassian-Webhook-Identifier": delivery.identifier,
        "X-Atlassian-Webhook-Flow": "Primary",
    }
    if delivery.tries:
        headers["X-Atlassian-Webhook-Retry"] = str(len(delivery.tries))
    body = json.dumps(delivery.payload).encode()
    try:
        answer = session.post(
            delivery.url, data=body, headers=headers, timeout=TIMEOUT, allow_redirects=False
        )
    except requests.RequestException:
        return 0, True
    return answer.status_code, answer.status_code in _RETRIED or answer.status_code >= 500


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
        changed = {"key": key, "value": issue["properties"].get(key)}
        payload["issue"] = {name: issue[name] for name in ("id", "key")}
        payload["property"] = changed
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
