"""Finding people (jira-platform.md §2.8)."""

from typing import Any

import pytest

from demo.jira_cloud.server import RunningJiraCloud
from tests.support.jira_cloud_api import Api


def assignable(api: Api, query: str, **more: Any) -> list[dict[str, Any]]:
    people: list[dict[str, Any]] = api.get(
        "/user/assignable/search", project="PLAT", query=query, **more
    ).json()
    return people


def test_a_shown_email_comes_along(api: Api) -> None:
    (maya,) = assignable(api, "member1@acme.test")

    assert maya["emailAddress"] == "member1@acme.test"
    assert maya["accountType"] == "atlassian"


def test_a_hidden_email_is_matched_and_left_out(api: Api) -> None:
    (fatima,) = assignable(api, "facilitator@acme.test")

    assert fatima["displayName"] == "Fatima Said"
    assert "emailAddress" not in fatima


@pytest.mark.parametrize(
    ("email", "count"),
    [("member2@acme.test", 0), ("several@acme.test", 2), ("inactive@acme.test", 0)],
)
def test_not_every_email_is_one_person(api: Api, email: str, count: int) -> None:
    assert len(assignable(api, email)) == count


def test_something_like_an_email_is_held_against_emails_only(api: Api) -> None:
    assert assignable(api, "@") == []
    assert [each["displayName"] for each in assignable(api, "maya")] == ["Maya Lindqvist"]


def test_who_is_assignable_is_asked_after_the_page_is_cut(api: Api) -> None:
    everybody = assignable(api, "", maxResults=200)
    pages = [len(assignable(api, "", startAt=start, maxResults=5)) for start in range(0, 50, 5)]

    assert sum(pages) == len(everybody)
    assert any(0 < size < 5 for size in pages[:-2])
    assert {each["accountType"] for each in everybody} == {"atlassian"}


def test_without_a_place_nobody_is_assignable(api: Api) -> None:
    answer = api.get("/user/assignable/search", query="maya")

    assert answer.status_code == 400
    assert answer.json()["errorMessages"] == ["No project, issue key or issue ID was provided"]


def test_without_browse_users_the_search_is_empty_not_refused(
    cloud: RunningJiraCloud, api: Api
) -> None:
    assert api.get("/user/search", query="maya").json() != []
    cloud.control.deny("USER_PICKER")

    answer = api.get("/user/search", query="maya")

    assert (answer.status_code, answer.json()) == (200, [])


@pytest.mark.parametrize("denied", [["USER_PICKER"], ["ASSIGN_ISSUES"]])
def test_either_permission_is_enough_to_find_the_assignable(
    cloud: RunningJiraCloud, api: Api, denied: list[str]
) -> None:
    for each in denied:
        cloud.control.deny(each)

    assert [each["displayName"] for each in assignable(api, "maya")] == ["Maya Lindqvist"]


def test_without_both_nobody_is_found_among_the_assignable(
    cloud: RunningJiraCloud, api: Api
) -> None:
    cloud.control.deny("USER_PICKER")
    cloud.control.deny("ASSIGN_ISSUES")

    assert assignable(api, "maya") == []


def test_user_search_wants_exactly_one_of_query_and_account(api: Api) -> None:
    assert api.get("/user/search").status_code == 400
    assert api.get("/user/search", query="a", accountId="b").status_code == 400


def test_myself_knows_its_own_zone(api: Api) -> None:
    me = api.get("/myself").json()

    assert (me["displayName"], me["timeZone"]) == ("Unpack Service", "America/Chicago")
