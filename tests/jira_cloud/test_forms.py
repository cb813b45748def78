"""What people fill in on a site: every field of an issue, and the page that creates one.

Source: jira-platform.md §11.5.
"""

from typing import Any
from urllib.parse import urlencode

import pytest

from demo.jira_cloud.catalog.fields import KINDS
from demo.jira_cloud.pages.create_page import PATH
from demo.jira_cloud.server import RunningJiraCloud
from tests.jira_cloud.visits import on_site
from tests.support import jira_cloud_bodies as bodies
from tests.support.jira_cloud_api import Api
from tests.support.jira_cloud_kinds import LINKED, MAYA, TEAM, UNSETTABLE, versions
from tests.support.pages import Page

COMPONENT = str(10_068 * 10)
VERSIONS = versions("KIND")
# By kind: what is typed or chosen, and what the issue then keeps.
TYPED: dict[str, tuple[Any, Any]] = {
    "text": ("A disk", "A disk"),
    "paragraph": ("One\nTwo", bodies.document("One", "Two")),
    "environment": ("One", bodies.document("One")),
    "number": ("2.5", 2.5),
    "estimate": ("3", 3.0),
    "date": ("2026-12-01", "2026-12-01"),
    "datetime": ("2026-12-01T09:00", 1796115600.0),
    "url": ("https://a.test", "https://a.test"),
    "labels": ("b a", ["a", "b"]),
    "custom_labels": ("topic", ["topic"]),
    "select": ("10203", "10203"),
    "default_select": ("10271", "10271"),
    "radio": ("10210", "10210"),
    "many_options": ("Building 09999", "39998"),
    "multiselect": (["10220", "10221"], ["10220", "10221"]),
    "checkboxes": (["10230"], ["10230"]),
    "cascading": ("10240/10242", ["10240", "10242"]),
    "user": (MAYA, MAYA),
    "users": ([MAYA], [MAYA]),
    "group": ("276f955c-63d7-42c8-9520-000000000002",) * 2,
    "groups": (["276f955c-63d7-42c8-9520-000000000002"],) * 2,
    "version": (VERSIONS["1.0"], VERSIONS["1.0"]),
    "multi_version": ([VERSIONS["2.0"]], [VERSIONS["2.0"]]),
    "fix_versions": ([VERSIONS["1.1"], VERSIONS["2.0"]], [VERSIONS["1.1"], VERSIONS["2.0"]]),
    "affects_versions": ([VERSIONS["1.0"]], [VERSIONS["1.0"]]),
    "components": ([COMPONENT], [COMPONENT]),
    "priority": ("2", "2"),
    "security": (str(int(COMPONENT) + 5), str(int(COMPONENT) + 5)),
    "project_picker": ("10000", "10000"),
    "team": (TEAM, TEAM),
}


def address(**query: Any) -> str:
    target = {"pid": "10068", "issuetype": bodies.TASK}
    return f"{PATH}?{urlencode(target | query, doseq=True)}"


def filled_form(page: Page) -> dict[str, Any]:
    """What a browser would send of the page's inputs and lists."""
    form: dict[str, Any] = {each.get("name"): each.get("value") for each in page.all("input")}
    for each in page.all("select"):
        chosen = [option for option in each.iter("option") if option.get("selected") is not None]
        form[str(each.get("name"))] = [option.get("value") for option in chosen]
    return form


def test_every_kind_is_typed_somehow() -> None:
    assert set(TYPED) | {*LINKED, *UNSETTABLE} == set(KINDS)


@pytest.mark.parametrize("kind", TYPED)
def test_a_person_fills_and_empties_a_field(cloud: RunningJiraCloud, api: Api, kind: str) -> None:
    cloud.control.add_field(kind, "KIND", type="Task")
    name, (typed, kept) = KINDS[kind].id, TYPED[kind]
    key = api.post("/issue", bodies.issue("KIND")).json()["key"]

    filled = on_site(cloud, "POST", f"/browse/{key}/edit", **{name: typed})
    holds = cloud.control.issue(key)["fields"][name]
    shown = on_site(cloud, "GET", f"/browse/{key}").text
    emptied = on_site(cloud, "POST", f"/browse/{key}/edit", shown=name)

    assert (filled.status_code, emptied.status_code) == (303, 303)
    assert holds == kept
    assert name in Page(shown).values("name")
    assert not cloud.control.issue(key)["fields"][name]


def test_what_nobody_changed_stays_as_it_is(cloud: RunningJiraCloud, api: Api) -> None:
    rich = bodies.document("Why")
    rich["content"][0]["content"][0]["marks"] = [{"type": "strong"}]
    key = api.post("/issue", bodies.issue(description=rich)).json()["key"]

    on_site(cloud, "POST", f"/browse/{key}/edit", description="Why", summary="Other")

    kept = cloud.control.issue(key)["fields"]
    assert (kept["description"], kept["summary"]) == (rich, "Other")


def test_a_parent_and_a_sprint_are_given_on_the_page(cloud: RunningJiraCloud) -> None:
    sprint = cloud.control.create_sprint("KIND", "Sprint 7")["id"]
    cloud.control.create_issue("KIND", "Epic", type="Epic", customfield_10011="Epic")
    key = cloud.control.create_issue("KIND", "Task")["key"]

    on_site(cloud, "POST", f"/browse/{key}/edit", parent="kind-1", customfield_10020=str(sprint))
    page = on_site(cloud, "GET", f"/browse/{key}").text

    kept = cloud.control.issue(key)["fields"]
    assert kept["parent"] == cloud.control.issue("KIND-1")["id"]
    assert kept["customfield_10020"] == [sprint]
    assert "Sprint 7 (active)" in page


def test_the_address_fills_the_form_and_the_form_creates(cloud: RunningJiraCloud) -> None:
    place = address(
        summary="From the retro",
        description="Line one\nhttps://unpack.test/items/1",
        priority="2",
        labels=["retro", "team-core"],
        components=[COMPONENT],
        fixVersions=[VERSIONS["2.0"]],
        customfield_10101="A disk",
        customfield_10107="10201",
        duedate="01/Dec/26",
        assignee=MAYA,
    )
    form = filled_form(Page(on_site(cloud, "GET", place).text))

    answer = on_site(cloud, "POST", place, **form | {"description": "Line one", "person": MAYA})

    assert answer.status_code == 303, answer.text
    made = cloud.control.issue("KIND-1")
    assert answer.headers["Location"] == "/browse/KIND-1"
    assert (made["creator"], made["type"]) == (MAYA, "Task")
    kept = made["fields"]
    assert (kept["summary"], kept["priority"]) == ("From the retro", "2")
    assert kept["labels"] == ["retro", "team-core"]
    assert (kept["components"], kept["fixVersions"]) == ([COMPONENT], [VERSIONS["2.0"]])
    assert (kept["customfield_10101"], kept["customfield_10107"]) == ("A disk", "10201")
    # Neither is read from the address.
    assert (kept.get("duedate"), kept["assignee"]) == (None, None)


def test_the_page_is_held_to_validators_and_permissions(cloud: RunningJiraCloud) -> None:
    cloud.control.demand_field("text", "KIND")
    place = address(summary="From the retro")

    refused = on_site(cloud, "POST", place, summary="Typed", person=MAYA)
    right = on_site(cloud, "POST", place, summary="Typed", person=MAYA, customfield_10101="x")

    assert refused.status_code == 422
    assert "Root cause is required" in refused.text
    assert "Typed" in Page(refused.text).values("value")
    assert right.status_code == 303


@pytest.mark.parametrize(
    ("query", "status"),
    [({"pid": "1"}, 404), ({"issuetype": "1"}, 404), ({"summary": "x" * 4_000}, 414)],
)
def test_an_address_that_leads_nowhere(
    cloud: RunningJiraCloud, query: dict[str, str], status: int
) -> None:
    assert on_site(cloud, "GET", address(**query)).status_code == status
