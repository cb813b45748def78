"""Rate limits: bursts, writes to one issue, points (jira-platform.md §4)."""

from datetime import UTC, datetime

import pytest

from demo.jira_cloud.answers.refusals import Refusal
from demo.jira_cloud.machine import Clock
from demo.jira_cloud.server import RunningJiraCloud
from demo.jira_cloud.traffic.limits import HOURLY_POINTS, Limits
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api

NOW = datetime(2026, 11, 24, 15, 20, tzinfo=UTC)


def test_one_issue_takes_twenty_writes_in_two_seconds(cloud: RunningJiraCloud, api: Api) -> None:
    key = api.post("/issue", bodies.issue()).json()["key"]
    answers = [
        api.put(f"/issue/{key}", {"fields": {"summary": f"Try {number}"}}) for number in range(30)
    ]

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert refused[0].headers["RateLimit-Reason"] == "jira-per-issue-on-write"
    assert int(refused[0].headers["Retry-After"]) >= 1


def test_a_burst_beyond_the_bucket_is_refused() -> None:
    limits = Limits(Clock())
    for _ in range(50):
        limits.enter("acme-eng", "edit", "PUT", NOW)

    with pytest.raises(Refusal) as refused:
        _enter_often(limits)

    assert refused.value.status == 429
    assert refused.value.headers["RateLimit-Reason"] == "jira-burst-based"
    limits.enter("acme-labs", "edit", "PUT", NOW)


def _enter_often(limits: Limits) -> None:
    for _ in range(200):
        limits.enter("acme-eng", "edit", "PUT", NOW)


def test_the_hours_points_are_gone_until_the_hour_turns() -> None:
    limits = Limits(Clock())
    limits.spend(HOURLY_POINTS, NOW)

    with pytest.raises(Refusal) as refused:
        limits.enter("acme-eng", "edit", "PUT", NOW)

    assert refused.value.headers["RateLimit-Reason"] == "jira-quota-global-based"
    assert refused.value.headers["Retry-After"] == "2400"
    assert refused.value.headers["X-RateLimit-Reset"] == "2026-11-24T16:00Z"
    limits.enter("acme-eng", "edit", "PUT", NOW.replace(hour=16))


def test_a_bulk_create_costs_as_much_as_its_issues(cloud: RunningJiraCloud, api: Api) -> None:
    before = cloud.control.counters()["points_this_hour"]

    api.post("/issue/bulk", {"issueUpdates": [bodies.issue() for _ in range(20)]})

    assert cloud.control.counters()["points_this_hour"] - before == 21


def test_answers_tell_how_much_is_left(cloud: RunningJiraCloud, api: Api) -> None:
    calm = api.get("/myself").headers
    cloud.control.set(near_limit=True)

    assert calm["X-RateLimit-Limit"] == "100"
    assert "X-RateLimit-NearLimit" not in calm
    assert api.get("/myself").headers["X-RateLimit-NearLimit"] == "true"


def test_limits_can_be_switched_off(cloud: RunningJiraCloud, api: Api) -> None:
    cloud.control.set(limits=False)
    key = api.post("/issue", bodies.issue()).json()["key"]

    for number in range(25):
        body = {"fields": {"summary": f"Try {number}"}}
        assert api.put(f"/issue/{key}", body).status_code == 204
