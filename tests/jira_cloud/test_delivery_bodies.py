"""What a delivery says of an issue with every kind of field, and where it says the issue is.

Source: jira-platform.md §5.3, §11.1.
"""

from typing import Any

import pytest

from demo.jira_cloud.server import RunningJiraCloud
from tests.jira_cloud.receiver import Receiver
from tests.support.jira_cloud_api import ENG, Api
from tests.support.jira_cloud_kinds import examples, field_id, identity

LEFT_OUT = {"many_options", "paragraph", "environment", "datetime"}


@pytest.fixture
def changed(cloud: RunningJiraCloud, api: Api, receiver: Receiver) -> dict[str, Any]:
    """What is delivered of an issue in which every field was filled at once."""
    wanted = {"events": ["jira:issue_updated"], "jqlFilter": "project = KIND"}
    api.post("/webhook", {"url": receiver.url, "webhooks": [wanted]})
    key = cloud.control.create_issue("KIND", "x")["key"]
    values = {
        field_id(kind, "KIND"): each.sent
        for kind, each in examples().items()
        if kind != "many_options"
    }
    cloud.control.edit_issue(key, **values)
    assert cloud.control.wait_for_deliveries()
    body: dict[str, Any] = receiver.received[-1].body
    return body


def test_every_field_that_changed_is_named_and_shown(changed: dict[str, Any]) -> None:
    items = {each["fieldId"]: each for each in changed["changelog"]["items"]}
    fields = changed["issue"]["fields"]

    for kind, example in examples().items():
        if kind not in LEFT_OUT:
            assert field_id(kind, "KIND") in items, kind
            assert identity(fields[field_id(kind, "KIND")]) == example.read, kind
    # The v2 form has text for a document.
    assert fields[field_id("paragraph", "KIND")] == "Why\nAnd how"
    assert items[field_id("cascading", "KIND")]["toString"] == "Japan - Osaka"
    assert items["components"]["toString"] == "API, Web"
    assert items[field_id("team", "KIND")]["toString"] == "Platform"


def test_an_address_may_be_that_of_the_gateway(
    cloud: RunningJiraCloud, api: Api, receiver: Receiver
) -> None:
    cloud.control.set(webhook_addresses="gateway")
    wanted = {"events": ["jira:issue_deleted"], "jqlFilter": "project = KIND"}
    api.post("/webhook", {"url": receiver.url, "webhooks": [wanted]})
    made = cloud.control.create_issue("KIND", "x")

    cloud.control.delete_issue(made["key"])

    assert cloud.control.wait_for_deliveries()
    place = receiver.received[-1].body["issue"]["self"]
    assert place == f"{cloud.url}/ex/jira/{ENG}/rest/api/3/issue/{made['id']}"
