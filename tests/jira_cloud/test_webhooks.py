"""Dynamic webhooks: registering and delivering (jira-platform.md §5)."""

import threading
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from demo.jira_cloud.server import RunningJiraCloud
from tests.jira_cloud.receiver import Receiver
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api, Clock, Connect

URL = "https://unpack.test/webhooks/jira"
EVENTS = ["jira:issue_updated", "jira:issue_deleted"]


def register(api: Api, url: str = URL, **webhook: Any) -> dict[str, Any]:
    wanted = {"events": EVENTS, "jqlFilter": "project IN (PLAT, MOB)"} | webhook
    answer = api.post("/webhook", {"url": url, "webhooks": [wanted]})
    assert answer.status_code == 200, answer.text
    (result,) = answer.json()["webhookRegistrationResult"]
    outcome: dict[str, Any] = result
    return outcome


def ids(api: Api) -> list[int]:
    return [each["id"] for each in api.get("/webhook").json()["values"]]


def test_a_registration_is_listed_and_lives_thirty_days(api: Api, clock: Clock) -> None:
    number = register(api, fieldIdsFilter=["status"])["createdWebhookId"]

    (listed,) = api.get("/webhook").json()["values"]

    assert listed["id"] == number
    assert listed["fieldIdsFilter"] == ["status"]
    assert listed["expirationDate"] == int(clock.time.timestamp() + 30 * 24 * 3600) * 1000


@pytest.mark.parametrize(
    ("jql", "words"),
    [
        ("", "must have clauses"),
        ("watchCount > 3", "clause watchcount is unsupported"),
        ("assignee is not EMPTY", "Operator is not is unsupported"),
        ("project = NOPE", "does not exist"),
        ("project IN (", "JQL"),
    ],
)
def test_a_bad_filter_fails_inside_a_200(api: Api, jql: str, words: str) -> None:
    (error,) = register(api, jqlFilter=jql)["errors"][:1]

    assert words in error
    assert ids(api) == []


@pytest.mark.parametrize(
    "body",
    [
        {"url": "http://unpack.test/hook", "webhooks": [{"events": EVENTS, "jqlFilter": "x"}]},
        {"url": URL, "webhooks": []},
        {"url": URL, "webhooks": [{"events": ["jira:issue_moved"], "jqlFilter": "x"}]},
        {"url": URL, "webhooks": [{"events": EVENTS}]},
        {"url": URL},
    ],
)
def test_a_malformed_registration_is_a_400(api: Api, body: dict[str, Any]) -> None:
    assert api.post("/webhook", body).status_code == 400


def test_there_is_room_for_five(api: Api) -> None:
    for _ in range(5):
        assert "createdWebhookId" in register(api)

    assert "errors" in register(api)


def test_the_account_has_one_url(api: Api, connect: Connect) -> None:
    register(api)

    assert "single URL" in register(api, url="https://other.test/hook")["errors"][0]
    admin = connect("admin@acme.test")
    assert "createdWebhookId" in register(admin, url="https://other.test/hook")


def test_others_webhooks_are_neither_seen_nor_deleted(api: Api, connect: Connect) -> None:
    number = register(api)["createdWebhookId"]
    admin = connect("admin@acme.test")

    assert ids(admin) == []
    assert admin.call("DELETE", "/webhook", {"webhookIds": [number]}).status_code == 202
    assert ids(api) == [number]
    assert api.call("DELETE", "/webhook", {"webhookIds": [number]}).status_code == 202
    assert ids(api) == []


def test_refreshing_moves_the_end(cloud: RunningJiraCloud, api: Api, clock: Clock) -> None:
    number = register(api)["createdWebhookId"]
    clock.forward(days=20)
    api = Api(cloud.url, cloud.control.issue_tokens()["access_token"], api.base.split("/")[5])
    cloud.control.set(webhook_dates="text")

    answer = api.put("/webhook/refresh", {"webhookIds": [number, 4711]})

    assert answer.json() == {"expirationDate": "2027-01-13T15:20:00.000+0000"}
    assert api.get("/webhook/failed").status_code == 403


def test_a_delivery_is_signed_and_has_the_v2_form(
    cloud: RunningJiraCloud, api: Api, receiver: Receiver
) -> None:
    number = register(api, receiver.url)["createdWebhookId"]
    created = api.post("/issue", bodies.issue(description=bodies.document("Why", "How"))).json()

    cloud.control.transition_issue(created["key"], "Done", actor="member1@acme.test")

    assert cloud.control.wait_for_deliveries()
    (delivery,) = receiver.received
    token = delivery.headers["Authorization"].removeprefix("Bearer ")
    decoded = jwt.decode(token, OctKey.import_key(b"unpack-demo-secret"), algorithms=["HS256"])
    assert decoded.claims["exp"] > decoded.claims["iat"]
    body = delivery.body
    assert body["webhookEvent"] == "jira:issue_updated"
    assert body["matchedWebhookIds"] == [number]
    assert body["user"]["displayName"] == "Maya Lindqvist"
    assert "emailAddress" not in str(body)
    assert body["issue"]["fields"]["description"] == "Why\nHow"
    assert body["issue"]["fields"]["status"]["statusCategory"]["key"] == "done"
    host = cloud.url.replace("localhost", "acme-eng.localhost")
    assert body["issue"]["self"] == f"{host}/rest/api/2/{created['id']}"
    fields = {item["fieldId"]: item["toString"] for item in body["changelog"]["items"]}
    assert fields == {"status": "Done", "resolution": "Done"}


def test_one_message_names_every_webhook_that_matches(
    cloud: RunningJiraCloud, api: Api, connect: Connect, receiver: Receiver
) -> None:
    mine = register(api, receiver.url)["createdWebhookId"]
    theirs = register(connect("admin@acme.test"), receiver.url)["createdWebhookId"]
    key = cloud.control.create_issue("PLAT", "x")["key"]

    cloud.control.delete_issue(key)

    assert cloud.control.wait_for_deliveries()
    (delivery,) = receiver.received
    assert delivery.body["webhookEvent"] == "jira:issue_deleted"
    assert delivery.body["matchedWebhookIds"] == [mine, theirs]
    assert "changelog" not in delivery.body


def test_only_what_the_filters_name_is_delivered(
    cloud: RunningJiraCloud, api: Api, receiver: Receiver
) -> None:
    register(api, receiver.url, fieldIdsFilter=["status"])
    inside = cloud.control.create_issue("PLAT", "x")["key"]
    outside = cloud.control.create_issue("OPS", "x")["key"]

    cloud.control.edit_issue(inside, summary="y")
    cloud.control.edit_issue(inside, summary="y")
    cloud.control.transition_issue(outside, "Done")
    cloud.control.transition_issue(inside, "Done")

    assert cloud.control.wait_for_deliveries()
    assert [each.body["issue"]["key"] for each in receiver.received] == [inside]


def test_a_property_can_be_listened_to(
    cloud: RunningJiraCloud, api: Api, receiver: Receiver
) -> None:
    register(
        api, receiver.url, events=["issue_property_set"], issuePropertyKeysFilter=["unpack.probe"]
    )
    key = cloud.control.create_issue("PLAT", "x")["key"]

    api.put(f"/issue/{key}/properties/other", 1)
    api.put(f"/issue/{key}/properties/unpack.probe", 2)

    assert cloud.control.wait_for_deliveries()
    (delivery,) = receiver.received
    assert delivery.body["property"] == {"key": "unpack.probe", "value": 2}
    assert "issue" not in delivery.body


@pytest.mark.parametrize(
    ("answers", "tries", "state"),
    [
        ([503, 429, 204], 3, "delivered"),
        ([500, 500, 500], 3, "failed"),
        ([401], 1, "failed"),
        ([302], 1, "failed"),
    ],
)
def test_some_answers_are_tried_again(
    cloud: RunningJiraCloud,
    api: Api,
    receiver: Receiver,
    answers: list[int],
    tries: int,
    state: str,
) -> None:
    cloud.control.set(webhook_retry_delays=[0.01, 0.01])
    register(api, receiver.url)
    receiver.answers = list(answers)
    key = cloud.control.create_issue("PLAT", "x")["key"]

    cloud.control.edit_issue(key, summary="y")

    assert cloud.control.wait_for_deliveries()
    (delivery,) = cloud.control.deliveries()
    assert (len(delivery["tries"]), delivery["state"]) == (tries, state)
    retries = [each.headers.get("X-Atlassian-Webhook-Retry") for each in receiver.received]
    assert retries == [None, "1", "2"][:tries]
    names = {each.headers["X-Atlassian-Webhook-Identifier"] for each in receiver.received}
    assert len(names) == 1


def test_deliveries_can_be_doubled_and_dropped(
    cloud: RunningJiraCloud, api: Api, receiver: Receiver
) -> None:
    register(api, receiver.url)
    key = cloud.control.create_issue("PLAT", "x")["key"]

    cloud.control.webhook_mode("duplicate")
    cloud.control.edit_issue(key, summary="y")
    assert cloud.control.wait_for_deliveries()
    cloud.control.webhook_mode("drop")
    cloud.control.edit_issue(key, summary="z")

    assert cloud.control.wait_for_deliveries()
    assert len(receiver.received) == 2
    assert [each["state"] for each in cloud.control.deliveries()] == ["delivered", "dropped"]


def test_a_slow_receiver_is_told_of_several_issues_at_once(
    cloud: RunningJiraCloud, api: Api, receiver: Receiver
) -> None:
    register(api, receiver.url)
    keys = [cloud.control.create_issue("PLAT", "x")["key"] for _ in range(12)]
    receiver.together = threading.Barrier(12)

    for key in keys:
        cloud.control.edit_issue(key, summary="y")

    assert cloud.control.wait_for_deliveries()
    assert {each["state"] for each in cloud.control.deliveries()} == {"delivered"}
    assert sorted(each.body["issue"]["key"] for each in receiver.received) == sorted(keys)


@pytest.mark.parametrize("reason", ["expired", "revoked", "private", "unseen"])
def test_nobody_hears_without_the_right_to(
    cloud: RunningJiraCloud, api: Api, receiver: Receiver, reason: str
) -> None:
    register(api, receiver.url)
    key = cloud.control.create_issue("PLAT", "x")["key"]
    trouble = {
        "expired": lambda: cloud.control.age_webhooks(31),
        "revoked": lambda: cloud.control.revoke(),
        "private": lambda: cloud.control.set(private_app_owner="admin@acme.test"),
        "unseen": lambda: cloud.control.deny("BROWSE_PROJECTS", project="PLAT"),
    }
    trouble[reason]()

    cloud.control.edit_issue(key, summary="y")

    assert cloud.control.wait_for_deliveries()
    assert receiver.received == []


def test_webhooks_come_back_to_life_with_a_new_consent(
    cloud: RunningJiraCloud, api: Api, receiver: Receiver
) -> None:
    register(api, receiver.url)
    key = cloud.control.create_issue("PLAT", "x")["key"]
    cloud.control.revoke()
    cloud.control.issue_tokens()

    cloud.control.edit_issue(key, summary="y")

    assert cloud.control.wait_for_deliveries()
    assert len(receiver.received) == 1
