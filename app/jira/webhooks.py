"""Dynamic webhooks of an OAuth app (jira-platform.md §5.1): five for each account and site."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from app.jira import reading
from app.jira.calls import Calls, nothing
from app.jira.types import Webhook, WebhookRegistration

WEBHOOKS_PER_PAGE = 100


class WebhookCalls(Calls):
    def register_webhook(
        self,
        url: str,
        *,
        events: Sequence[str],
        jql: str,
        field_ids: Sequence[str] = (),
        property_keys: Sequence[str] = (),
    ) -> WebhookRegistration:
        """Register a webhook, which lives 30 days. Jira's refusals come as a value.

        `field_ids` narrows `jira:issue_updated` to changes of these fields, `property_keys`
        `issue_property_set` to these issue properties.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/#api-rest-api-3-webhook-post
        """
        webhook: dict[str, Any] = {"events": list(events), "jqlFilter": jql}
        if field_ids:
            webhook["fieldIdsFilter"] = list(field_ids)
        if property_keys:
            webhook["issuePropertyKeysFilter"] = list(property_keys)
        body = {"url": url, "webhooks": [webhook]}
        return self._request("register_webhook", "POST", "/webhook", _registration, body=body)

    def webhooks(self) -> list[Webhook]:
        """Every webhook of this app and account on the site, expired ones included.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/#api-rest-api-3-webhook-get
        """
        values = self._pages("webhooks", "/webhook", ("values",), WEBHOOKS_PER_PAGE)
        return [found for value in values if (found := _webhook(value))]

    def refresh_webhooks(self, ids: Iterable[int]) -> datetime | None:
        """Let webhooks live 30 more days; returns until when, UTC. Unknown ids are ignored.

        None when Jira did not say until when: read `webhooks`.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/#api-rest-api-3-webhook-refresh-put
        """
        body = {"webhookIds": list(ids)}
        return self._request("refresh_webhooks", "PUT", "/webhook/refresh", _expiry, body=body)

    def delete_webhooks(self, ids: Iterable[int]) -> None:
        """Delete webhooks of this app. Unknown and foreign ids are ignored.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-webhooks/#api-rest-api-3-webhook-delete
        """
        body = {"webhookIds": list(ids)}
        self._request("delete_webhooks", "DELETE", "/webhook", nothing, body=body)


def _registration(body: Any) -> WebhookRegistration:
    results = reading.listing(reading.required_mapping(body).get("webhookRegistrationResult"))
    result = reading.mapping(results[0] if results else None)
    created = reading.number(result.get("createdWebhookId"))
    errors = reading.texts(result.get("errors"))
    if created is None and not errors:
        raise reading.Unreadable("neither a webhook nor an error")
    return WebhookRegistration(id=created, errors=errors)


def _webhook(value: Any) -> Webhook | None:
    webhook = reading.mapping(value)
    found = reading.number(webhook.get("id"))
    if found is None:
        return None
    return Webhook(
        id=found,
        url=reading.text(webhook.get("url")) or None,
        events=reading.texts(webhook.get("events")),
        jql=reading.text(webhook.get("jqlFilter")),
        field_ids=reading.texts(webhook.get("fieldIdsFilter")),
        expires_at=reading.moment(webhook.get("expirationDate")),
    )


def _expiry(body: Any) -> datetime | None:
    return reading.moment(reading.mapping(body).get("expirationDate"))
