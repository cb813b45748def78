"""Dynamic webhooks: refusals inside a 200, expiry in two spellings, a DELETE with a body."""

from datetime import UTC, datetime

import pytest
from responses import matchers

from app.jira.errors import JiraRefused, JiraUnavailable
from app.jira.types import Webhook, WebhookRegistration
from tests.jira.addresses import REST_URL

WEBHOOK = f"{REST_URL}/webhook"
URL = "https://unpack.test/webhooks/jira"
UNTIL = datetime(2026, 12, 23, 12, 42, 30, tzinfo=UTC)
SPELLINGS = [1798029750000, "2026-12-23T12:42:30.000+0000", "2026-12-23T13:42:30.000+01:00"]


def register(client) -> WebhookRegistration:
    events = ["jira:issue_updated"]
    return client.register_webhook(
        URL, events=events, jql="project IN (PLAT)", field_ids=["status"]
    )


def test_a_webhook_is_registered(atlassian, client):
    webhook = {
        "events": ["jira:issue_updated"],
        "jqlFilter": "project IN (PLAT)",
        "fieldIdsFilter": ["status"],
    }
    wanted = matchers.json_params_matcher({"url": URL, "webhooks": [webhook]})
    answer = {"webhookRegistrationResult": [{"createdWebhookId": 1000}]}
    atlassian.post(WEBHOOK, json=answer, match=[wanted])

    assert register(client) == WebhookRegistration(id=1000)


def test_a_refusal_inside_a_200_is_told(atlassian, client):
    words = "Operator is not is unsupported"
    atlassian.post(WEBHOOK, json={"webhookRegistrationResult": [{"errors": [words]}]})

    assert register(client) == WebhookRegistration(id=None, errors=(words,))


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"webhookRegistrationResult": None},
        {"webhookRegistrationResult": []},
        {"webhookRegistrationResult": [{"createdWebhookId": None, "errors": None}]},
    ],
)
def test_an_unclear_registration_may_have_happened(atlassian, client, body):
    atlassian.post(WEBHOOK, json=body)

    with pytest.raises(JiraUnavailable) as caught:
        register(client)

    assert caught.value.outcome_unknown


def test_only_apps_may_register(atlassian, client):
    words = {"errorMessages": ["Only apps can access this resource."]}
    atlassian.post(WEBHOOK, status=403, json=words)

    with pytest.raises(JiraRefused):
        register(client)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_webhooks_are_listed(atlassian, client, spelling):
    whole = {"id": 1000, "events": ["jira:issue_updated"], "jqlFilter": "project = PLAT"}
    whole |= {"url": URL, "fieldIdsFilter": ["status"], "expirationDate": spelling}
    bare = {"id": "1001", "url": None, "expirationDate": "odd"}
    atlassian.get(WEBHOOK, json={"values": [whole, bare, None], "total": 3, "isLast": True})

    assert client.webhooks() == [
        Webhook(1000, URL, ("jira:issue_updated",), "project = PLAT", ("status",), UNTIL),
        Webhook(1001, None, (), "", (), None),
    ]


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_webhooks_are_refreshed(atlassian, client, spelling):
    wanted = matchers.json_params_matcher({"webhookIds": [1000]})
    atlassian.put(f"{WEBHOOK}/refresh", json={"expirationDate": spelling}, match=[wanted])

    assert client.refresh_webhooks([1000]) == UNTIL


@pytest.mark.parametrize("body", [{}, {"expirationDate": None}, {"expirationDate": 10**30}])
def test_a_refresh_may_not_say_until_when(atlassian, client, body):
    atlassian.put(f"{WEBHOOK}/refresh", json=body)

    assert client.refresh_webhooks([1000]) is None


def test_webhooks_are_deleted(atlassian, client):
    wanted = matchers.json_params_matcher({"webhookIds": [1000, 1001]})
    atlassian.delete(WEBHOOK, status=202, match=[wanted])

    client.delete_webhooks([1000, 1001])
