"""Who changed what and when: POST /changelog/bulkfetch (jira-platform.md §11.16)."""

from typing import Any

import pytest

from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api, Clock

OLGA = "5b10ac8d82e05b22cc7d4ef0"


def created(api: Api) -> dict[str, str]:
    answer: dict[str, str] = api.post("/issue", bodies.issue()).json()
    return answer


def changes(api: Api, *issues: str, **more: Any) -> Any:
    answer = api.post("/changelog/bulkfetch", {"issueIdsOrKeys": list(issues), **more})
    assert answer.status_code == 200
    return answer.json()


def test_changes_are_told_with_their_author(cloud: RunningJiraCloud, api: Api) -> None:
    issue = created(api)
    cloud.control.edit_issue(issue["key"], duedate="2026-12-24")

    [log] = changes(api, issue["key"])["issueChangeLogs"]

    assert log["issueId"] == issue["id"]
    [history] = log["changeHistories"]
    assert history["author"]["accountId"] == OLGA
    assert "emailAddress" not in history["author"] or history["author"]["emailAddress"]
    assert history["created"] == "2026-11-24T09:20:00.000-0600"
    [item] = history["items"]
    assert (item["fieldId"], item["from"], item["to"]) == ("duedate", None, "2026-12-24")


def test_dates_may_be_milliseconds(cloud: RunningJiraCloud, api: Api, clock: Clock) -> None:
    issue = created(api)
    cloud.control.edit_issue(issue["key"], duedate="2026-12-24")
    cloud.control.set(changelog_dates="milliseconds")

    [log] = changes(api, issue["id"])["issueChangeLogs"]

    assert log["changeHistories"][0]["created"] == int(clock.now().timestamp() * 1000)


def test_pages_are_cut_by_age_over_all_issues(
    cloud: RunningJiraCloud, api: Api, clock: Clock
) -> None:
    first, second = created(api), created(api)
    for number, key in enumerate([first["key"], second["key"], first["key"]]):
        clock.forward(minutes=1)
        cloud.control.edit_issue(key, summary=f"Title {number}")

    asked = {"maxResults": 2}
    page = changes(api, second["id"], first["id"], **asked)
    rest = changes(api, second["id"], first["id"], nextPageToken=page["nextPageToken"], **asked)

    def titles(page: Any) -> dict[str, list[str]]:
        return {
            log["issueId"]: [each["items"][0]["toString"] for each in log["changeHistories"]]
            for log in page["issueChangeLogs"]
        }

    assert titles(page) == {first["id"]: ["Title 0"], second["id"]: ["Title 1"]}
    assert titles(rest) == {first["id"]: ["Title 2"]}
    assert "nextPageToken" not in rest


def test_only_changes_of_the_asked_fields_come(cloud: RunningJiraCloud, api: Api) -> None:
    issue = created(api)
    cloud.control.edit_issue(issue["key"], summary="New")
    cloud.control.edit_issue(issue["key"], duedate="2026-12-24")
    cloud.control.transition_issue(issue["key"], "Done")

    [log] = changes(api, issue["id"], fieldIds=["duedate", "status"])["issueChangeLogs"]

    named = [item["fieldId"] for each in log["changeHistories"] for item in each["items"]]
    # A history comes whole: whether Jira trims it is not known.
    assert named == ["duedate", "resolution", "status"]


def test_what_is_unseen_or_unchanged_is_left_out(cloud: RunningJiraCloud, api: Api) -> None:
    untouched, hidden = created(api), api.post("/issue", bodies.issue("OPS", "10001")).json()
    cloud.control.edit_issue(hidden["key"], summary="New")
    cloud.control.deny("BROWSE_PROJECTS", project="OPS")

    assert changes(api, untouched["id"], hidden["id"], "PLAT-999")["issueChangeLogs"] == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"issueIdsOrKeys": []},
        {"issueIdsOrKeys": [str(number) for number in range(1001)]},
        {"issueIdsOrKeys": ["1"], "fieldIds": [str(number) for number in range(11)]},
        {"issueIdsOrKeys": ["1"], "maxResults": 10_001},
        {"issueIdsOrKeys": ["1"], "nextPageToken": "nothing"},
        {"issueIdsOrKeys": ["1"], "unknown": 1},
    ],
)
def test_a_request_beyond_the_limits_is_refused(api: Api, body: dict[str, Any]) -> None:
    assert api.post("/changelog/bulkfetch", body).status_code == 400
