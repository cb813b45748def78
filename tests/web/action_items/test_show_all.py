"""Show all in Jira, in the panel's head."""

from urllib.parse import unquote

from app.models import LinkState, Phase
from tests.support.acme import SITE, connect_and_choose, items, link, sprint_14


def head(person) -> str:
    answer = person.get(f"/retrospectives/{sprint_14(Phase.COMMIT).id}")
    return next(
        (each.get("href") for each in answer.page.all("a") if each.get("id") == "all-in-jira"), ""
    )


def test_the_head_leads_to_all_issues_that_are_there(facilitator):
    connect_and_choose()
    for number, item in enumerate(items()[:3]):
        state = LinkState.DELETED if number == 2 else LinkState.SYNCED
        link(item, state, key=f"PLAT-{140 + number}")

    assert unquote(head(facilitator)) == f"{SITE}/issues/?jql=key in (PLAT-140, PLAT-141)"


def test_without_issues_there_is_nothing_to_show(facilitator):
    connect_and_choose()

    assert head(facilitator) == ""
