"""Who changed what of issues: POST /changelog/bulkfetch."""

from datetime import UTC, datetime

import pytest
from responses import matchers

from app.jira.errors import JiraUnavailable
from app.jira.types import Change
from tests.jira.addresses import REST_URL

CHANGELOGS = f"{REST_URL}/changelog/bulkfetch"
AT = datetime(2026, 11, 24, 15, 20, 0, 128_000, tzinfo=UTC)


def history(created, *fields, author=None):
    items = [{"field": "x", "fieldId": field} for field in fields]
    return {"id": "1", "author": author, "created": created, "items": items}


def log(issue_id, *histories):
    return {"issueId": issue_id, "changeHistories": list(histories)}


def asking(**more):
    return [matchers.json_params_matcher({"issueIdsOrKeys": ["1", "2"], **more})]


@pytest.mark.parametrize(
    "created", ["2026-11-24T09:20:00.128-0600", "2026-11-24T15:20:00.128Z", 1795533600128]
)
def test_a_change_tells_who_and_when(atlassian, client, created):
    maya = {"accountId": "a1", "displayName": "Maya Lindqvist"}
    found = history(created, "description", author=maya)
    atlassian.post(CHANGELOGS, json={"issueChangeLogs": [log("1", found)]})

    [change] = client.changes(["1"], ["description"])

    assert change == Change("1", AT, "a1", "Maya Lindqvist", frozenset({"description"}))


def test_the_newest_change_may_be_on_the_last_page(atlassian, client):
    first = {"issueChangeLogs": [log(1, history(1, "summary"))], "nextPageToken": "more"}
    atlassian.post(CHANGELOGS, json=first, match=asking(fieldIds=["summary"]))
    last = {"issueChangeLogs": [log("2", history(2, "summary")), log("1", history(3, "summary"))]}
    match = asking(fieldIds=["summary"], nextPageToken="more")
    atlassian.post(CHANGELOGS, json=last, match=match)

    changes = client.changes(["1", "2", "1"], ["summary"])

    assert [(each.issue_id, each.at.microsecond) for each in changes] == [
        ("1", 1000),
        ("2", 2000),
        ("1", 3000),
    ]


def test_what_else_changed_with_it_or_without_it_is_told_apart(atlassian, client):
    found = log("1", history(1, "status", "resolution"), history(2, "duedate"), history(3))
    atlassian.post(CHANGELOGS, json={"issueChangeLogs": [found]})

    [change] = client.changes(["1"], ["status"])

    assert change.field_ids == {"status", "resolution"}
    assert (change.account_id, change.name) == (None, "")


@pytest.mark.parametrize("body", [{}, [], {"issueChangeLogs": None}])
def test_an_answer_without_changelogs_is_not_taken_for_none(atlassian, client, body):
    atlassian.post(CHANGELOGS, json=body)

    with pytest.raises(JiraUnavailable):
        client.changes(["1"], ["summary"])


@pytest.mark.parametrize("count", [0, 1_001])
def test_more_issues_than_jira_takes_are_not_asked_for(client, count):
    with pytest.raises(ValueError, match="1,000"):
        client.changes([str(number) for number in range(count)], ["summary"])
