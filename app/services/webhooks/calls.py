"""Taking the steps at Jira. No transaction may be open; raises the errors of `app.jira`."""

import logging
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraRefused, JiraUnauthorized
from app.jira.types import Webhook
from app.services.grants import clients, tokens, verdicts
from app.services.webhooks.desired import EVENTS, FIELD_IDS, PROPERTY_KEYS
from app.services.webhooks.plan import Delete, Refresh, Register
from app.services.webhooks.upkeep_lease import LeaseLost
from app.services.work.leases import Lease

T = TypeVar("T")

log = logging.getLogger(__name__)


class Jira:
    """Jira as one lease may use it. A token that is turned down is refreshed, once."""

    def __init__(self, lease: Lease) -> None:
        self._lease = lease
        self._examined = False
        self._token = tokens.access_token_of(lease.connection_id)
        self._client = self._client_of_the_lease()

    def close(self) -> None:
        """Close the kept-alive connections."""
        self._client.close()

    def listed(self) -> list[Webhook]:
        """The webhooks that the account has on the site, for this app, expired ones included."""
        return self._ask(lambda client: client.webhooks())

    def register(self, step: Register) -> int:
        """Returns Jira's number of the new webhook. `JiraRefused` also for errors inside a 200."""
        registered = self._ask(
            lambda client: client.register_webhook(
                step.desired.url,
                events=EVENTS,
                jql=step.desired.jql,
                field_ids=FIELD_IDS,
                property_keys=PROPERTY_KEYS,
            )
        )
        if registered.id is None:
            raise JiraRefused("register_webhook", status=200, messages=registered.errors)
        return registered.id

    def refresh(self, step: Refresh) -> datetime | None:
        """Returns until when the webhook lives (aware UTC), where Jira says so."""
        return self._ask(lambda client: client.refresh_webhooks([step.webhook_id]))

    def delete(self, step: Delete) -> None:
        self._ask(lambda client: client.delete_webhooks(step.webhook_ids))

    def take_back(self, webhook_id: int) -> None:
        """Delete what was registered for somebody who is gone meanwhile, with what token there is.

        Nobody will look for it: a failure is only logged, and the webhook ends within 30 days.
        """
        try:
            self._client.delete_webhooks([webhook_id])
        except JiraError as error:
            log.warning("webhook not taken back", extra=self._ids(webhook_id, str(error)))

    def _ask(self, request: Callable[[JiraClient], T]) -> T:
        try:
            return request(self._client)
        except JiraUnauthorized as error:
            if self._examined:
                raise
            self._examined = True
            self._renew(error)
        return request(self._client)

    def _renew(self, error: JiraUnauthorized) -> None:
        self.close()
        self._token = verdicts.renewed(self._token, error)
        self._client = self._client_of_the_lease()

    def _client_of_the_lease(self) -> JiraClient:
        if self._token.generation != self._lease.generation:
            raise LeaseLost
        return clients.client_for(self._token)

    def _ids(self, webhook_id: int, error: str) -> dict[str, object]:
        return {
            "connection_id": self._lease.connection_id,
            "webhook_id": webhook_id,
            "error": error,
        }
