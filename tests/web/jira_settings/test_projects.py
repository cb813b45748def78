"""Choosing a project and an issue type among those that Jira knows."""

from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.support.atlassian import JIRA, connect
from tests.web.jira_settings.choices import ask_for_types, chosen, options


def test_the_page_is_there_before_jira_has_answered(admin, jira):
    connect(admin, jira)
    jira.control.set(down=True)

    answer = admin.get(JIRA)

    assert answer.status_code == 200
    assert "Loading projects from Jira…" in answer.page.text
    assert "every 1s" in answer.get_data(as_text=True)


def test_every_page_of_projects_arrives(settings):
    names = options(settings.get(JIRA), "project")

    assert len([name for name in names if "·" in name]) >= 63
    assert names["PLAT · Platform Engineering"]


def test_a_project_without_permission_is_disabled_with_the_reason(settings):
    names = options(settings.get(JIRA), "project")

    assert names["SEC · Security Reviews (no permission to create issues)"] is False


def test_when_everything_has_arrived_the_page_stops_asking(settings):
    triggers = settings.get(JIRA).page.values("hx-trigger")
    assert [each for each in triggers if each.startswith("every")] == []


@pytest.mark.both_databases
def test_typing_narrows_the_projects(settings):
    answer = settings.get(f"{JIRA}/projects?query=pla", htmx=True)

    rows = [each.get("data-label") for each in answer.page.all("li")]
    assert set(rows[:3]) == {
        "PLAT · Platform Engineering",
        "PLAY · Player Accounts",
        "PLAN · Planning and Forecasts",
    }
    assert set(rows[3:]) >= {"TPL · Template Library", "DPA · Data Platform Analytics"}


def test_without_typing_twenty_projects_are_offered(settings):
    answer = settings.get(f"{JIRA}/projects", htmx=True)

    assert len(answer.page.all("li")) == 20
    assert "Type to narrow" in answer.page.text


@pytest.mark.parametrize("query", ["%", "_", "\\", "' or 1=1", "ü" * 300])
def test_odd_searches_find_nothing_and_break_nothing(settings, query):
    answer = settings.get(f"{JIRA}/projects", query_string={"query": query}, htmx=True)

    assert answer.page.all("li") == []


def test_choosing_a_project_fetches_its_types(settings, work):
    waiting = settings.post(f"{JIRA}/issue-types", chosen("PLAT", ""), htmx=True)
    assert "Loading issue types from Jira…" in waiting.page.text

    work()

    address = f"{JIRA}/issue-types"
    answer = settings.get(address, query_string=chosen("PLAT", ""), htmx=True)
    types = options(answer, "type")
    assert types["Task"]
    assert types["Story"]
    assert types["Sub-task"] is True
    assert types["Epic (groups other issues)"] is False


def test_a_type_with_a_field_that_unpack_does_not_fill_names_it(settings, work, jira):
    jira.control.add_field("app", "OPS", type="Change", required=True)
    ask_for_types(settings, work, "OPS")

    answer = settings.get(f"{JIRA}/issue-types", query_string=chosen("OPS", ""), htmx=True)

    blocked = [
        name for name, free in options(answer, "type").items() if "Change" in name and not free
    ]
    assert blocked
    assert "needs “" in blocked[0]


def test_a_poll_that_has_seen_everything_swaps_nothing(settings):
    address = settings.get(JIRA).page.by_id("choices").get("hx-get")
    asked = dict(parse_qsl(urlsplit(address).query))
    form = asked | {"version": 0, "project": "", "type": ""}

    assert settings.get(f"{JIRA}/issue-types", query_string=form, htmx=True).status_code == 204
    form["overrides"] = "on"
    assert settings.get(f"{JIRA}/issue-types", query_string=form, htmx=True).status_code == 200


def test_without_scripts_choosing_a_project_comes_back_to_the_whole_page(settings, work):
    answer = settings.post(f"{JIRA}/issue-types", chosen("PLAT", "", overrides="on"))
    work()

    page = settings.get(answer.location)
    assert answer.status_code == 303
    assert options(page, "type")["Task"]
    assert "Changed" in page.page.text


@pytest.mark.parametrize(
    ("query", "found"), [("do not", "Do not sync"), ("DEFAULT", "Use the default")]
)
def test_what_stands_beside_a_teams_projects_is_found_by_typing(settings, query, found):
    answer = settings.get(f"{JIRA}/projects?default=&query={query}", htmx=True)

    assert [each.get("data-label") for each in answer.page.all("li")] == [found]
    assert "None of" not in answer.page.text


def test_the_default_has_no_such_choices(settings):
    answer = settings.get(f"{JIRA}/projects?query=do not", htmx=True)

    assert answer.page.all("li") == []
    assert "None of" in answer.page.text
