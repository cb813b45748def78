"""Search by JQL: bounded, paged, late and forgetful (jira-platform.md §2.7)."""

import re
from typing import Any

import pytest

from demo.jira_cloud.server import RunningJiraCloud
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api, Clock, Connect

SERVICE = "712020:0c8f6d1e-5a3b-4d0e-9f27-4b1d5f0a7e11"


def found(api: Api, jql: str, **more: Any) -> list[str]:
    answer = api.post("/search/jql", {"jql": jql, "fields": ["summary"], **more})
    assert answer.status_code == 200, answer.text
    return [each["fields"]["summary"] for each in answer.json()["issues"]]


def create(api: Api, summary: str, project: str = "PLAT", **fields: Any) -> dict[str, Any]:
    body: dict[str, Any] = api.post(
        "/issue", bodies.issue(project, summary=summary, **fields)
    ).json()
    return body


def test_a_recent_creation_is_found_by_creator_and_minutes(
    cloud: RunningJiraCloud, api: Api, clock: Clock
) -> None:
    create(api, "old")
    clock.forward(minutes=30)
    body = bodies.issue(summary="new") | {"properties": [{"key": "k", "value": {"link": "7"}}]}
    api.post("/issue", body)
    cloud.control.create_issue("PLAT", "by somebody else")

    answer = api.post(
        "/search/jql",
        {"jql": f"creator IN ({SERVICE}) AND created >= -10m", "properties": ["k"]},
    ).json()

    assert answer["isLast"]
    assert [each["properties"] for each in answer["issues"]] == [{"k": {"link": "7"}}]


@pytest.mark.parametrize(
    ("account", "zone_hours"), [("unpack@acme.test", -6), ("admin@acme.test", 9)]
)
def test_absolute_times_are_in_the_accounts_zone(
    connect: Connect, clock: Clock, account: str, zone_hours: int
) -> None:
    api = connect(account)
    create(api, "now")
    local = (clock.time.hour + zone_hours) % 24
    day = "2026-11-25" if zone_hours == 9 else "2026-11-24"

    assert found(api, f'created >= "{day} {local:02d}:20"') == ["now"]
    assert found(api, f'created >= "{day} {local:02d}:21"') == []


@pytest.mark.parametrize(
    ("jql", "expected"),
    [
        ("project = PLAT", ["c", "a"]),
        ("project IN (PLAT, MOB)", ["c", "b", "a"]),
        ("project != PLAT", ["b"]),
        ("project = PLAT AND NOT key = PLAT-1", ["c"]),
        ("key = PLAT-1 OR key = MOB-1 ORDER BY key ASC", ["a", "b"]),
        ("statusCategory = Done", ["c"]),
        ('status = "To Do" AND project = PLAT', ["a"]),
        ("assignee IS EMPTY", ["b"]),
        ("assignee IS NOT EMPTY", ["c", "a"]),
        ('summary ~ "b"', ["b"]),
        ("creator = currentUser() ORDER BY created ASC, key DESC", ["c", "b", "a"]),
        ("duedate <= 2026-12-01", ["b"]),
        ("issuetype = Task AND labels NOT IN (x)", []),
    ],
)
def test_queries(cloud: RunningJiraCloud, api: Api, jql: str, expected: list[str]) -> None:
    create(api, "a")
    create(api, "b", "MOB", duedate="2026-12-01", assignee=None)
    create(api, "c")
    cloud.control.transition_issue("PLAT-2", "Done")

    assert found(api, jql) == expected


@pytest.mark.parametrize(
    ("jql", "expected"),
    [
        ('text ~ "build"', ["Fix the build", "Late"]),
        ('text ~ "bui"', []),
        ('text ~ "bui*"', ["Fix the build", "Late"]),
        ('text ~ "\\"fix the\\""', ["Fix the build"]),
        ('text ~ "the fix"', ["Fix the build"]),
        ('text ~ "\\"the fix\\""', []),
        ('text ~ "build\\\\?"', ["Fix the build", "Late"]),
        ("hierarchyLevel = 1", ["Epic"]),
        ("issuetype in (10000) AND statusCategory != Done", ["Epic"]),
        ("parent = KIND-1", ["Fix the build"]),
        ("parent is not EMPTY", ["Fix the build"]),
        ("component = API", ["Fix the build"]),
        ("fixVersion in ('2.0')", ["Late"]),
        ("cf[10107] = Red", ["Late"]),
        ("sprint in openSprints()", ["Late"]),
        ("sprint = 'Sprint 7' AND sprint not in futureSprints()", ["Late"]),
        ("sprint is EMPTY AND project = KIND", ["Epic", "Fix the build"]),
    ],
)
def test_queries_for_values_and_words(
    cloud: RunningJiraCloud, api: Api, jql: str, expected: list[str]
) -> None:
    cloud.control.create_issue("KIND", "Epic", type="Epic", customfield_10011="Epic")
    sprint = cloud.control.create_sprint("KIND", "Sprint 7")["id"]
    parent, parts = {"key": "KIND-1"}, [{"name": "API"}]
    create(api, "Fix the build", "KIND", parent=parent, components=parts)
    words = bodies.document("about the build")
    fields = {"customfield_10020": sprint, "customfield_10107": {"value": "Red"}}
    create(api, "Late", "KIND", description=words, fixVersions=[{"name": "2.0"}], **fields)

    assert found(api, f"({jql}) AND project = KIND ORDER BY key ASC") == expected


@pytest.mark.parametrize(
    "jql",
    [
        "",
        'text ~ "what?"',
        'text ~ "a[0]"',
        'text ~ "\\"open"',
        'text ~ "*"',
        "text = build",
        "sprint = 99",
        "sprint in someSprints()",
        "cf[99999] = 1",
        "component = Nonsense",
        "parent = PLAT-99",
        "ORDER BY created",
        "project = NOPE",
        "key = PLAT-99",
        "creator = nobody",
        "issue.property[unpack.action-item].id = 1",
        "created >= yesterday",
        "project > PLAT",
        "project = PLAT AND",
        "assignee = membersOf(x)",
        "updated >= startOfDay()",
    ],
)
def test_refused_queries(api: Api, jql: str) -> None:
    answer = api.post("/search/jql", {"jql": jql})

    assert answer.status_code == 400
    assert answer.json()["errorMessages"]


@pytest.mark.parametrize(
    "body",
    [
        {"maxResults": 0},
        {"maxResults": 5001},
        {"startAt": 0},
        {"properties": list("abcdef")},
        {"reconcileIssues": list(range(51))},
        {"nextPageToken": "made up"},
    ],
)
def test_refused_bodies(api: Api, body: dict[str, Any]) -> None:
    assert api.post("/search/jql", {"jql": "project = PLAT"} | body).status_code == 400


def test_only_ids_come_unless_fields_are_asked_for(api: Api) -> None:
    created = create(api, "a")

    answer = api.post("/search/jql", {"jql": "project = PLAT"}).json()

    assert answer == {"issues": [{"id": created["id"]}], "isLast": True}


def test_pages_follow_a_token_and_have_no_total(api: Api) -> None:
    for number in range(5):
        create(api, str(number))
    body: dict[str, Any] = {"jql": "project = PLAT", "maxResults": 2, "fields": ["summary"]}
    seen = []
    while True:
        page = api.post("/search/jql", body).json()
        assert "total" not in page
        seen += [each["fields"]["summary"] for each in page["issues"]]
        if page["isLast"]:
            break
        body["nextPageToken"] = page["nextPageToken"]

    assert seen == ["4", "3", "2", "1", "0"]


def test_a_token_belongs_to_its_query(api: Api) -> None:
    create(api, "a")
    create(api, "b")
    page = api.post("/search/jql", {"jql": "project = PLAT", "maxResults": 1}).json()

    other = {"jql": "project = MOB", "nextPageToken": page["nextPageToken"]}

    assert api.post("/search/jql", other).status_code == 400


def test_what_was_just_written_is_missing_until_the_index_has_it(
    cloud: RunningJiraCloud, api: Api, clock: Clock
) -> None:
    cloud.control.set(search_lag=20)
    issue = create(api, "late")

    assert found(api, "project = PLAT") == []
    assert found(api, "project = PLAT", reconcileIssues=[int(issue["id"])]) == ["late"]
    clock.forward(seconds=21)
    assert found(api, "project = PLAT") == ["late"]
    api.put(f"/issue/{issue['key']}", {"fields": {"summary": "later"}})
    assert found(api, "project = PLAT") == ["late"]
    clock.forward(seconds=21)
    assert found(api, "project = PLAT") == ["later"]


def test_what_was_found_can_vanish_for_a_while(cloud: RunningJiraCloud, api: Api) -> None:
    create(api, "there")
    cloud.control.seed(7)
    cloud.control.set(search_flap=0.5)

    answers = {tuple(found(api, "project = PLAT")) for _ in range(30)}

    assert answers == {(), ("there",)}


def test_every_issue_can_vanish_once_for_so_many_seconds(
    cloud: RunningJiraCloud, api: Api, clock: Clock
) -> None:
    cloud.control.set(search_lag=2.0, search_gap=3.0)
    create(api, "there")

    seen = ""
    for _ in range(12):
        seen += "x" if found(api, "project = PLAT") else "-"
        clock.forward(seconds=1)

    assert re.fullmatch("-{2}x*-{3}x+", seen)


def test_projects_that_cannot_be_browsed_are_not_searched(
    cloud: RunningJiraCloud, api: Api
) -> None:
    create(api, "hidden", "MOB")
    cloud.control.deny("BROWSE_PROJECTS", project="MOB")

    assert found(api, f"creator = {SERVICE}") == []
