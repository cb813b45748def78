"""Link to an existing issue: searching and choosing."""

from urllib.parse import urlencode

import pytest

from app.extensions import db
from app.models import AuditEvent, IssueLink, LinkState, Phase, Retrospective
from tests.support.acme import person
from tests.support.carried import carried, next_one
from tests.support.chosen import FATIMA, OTHER, address, choose, issue, link_of, search
from tests.support.settings import NO_DELAYS
from tests.web.action_items.writing import both_ways

pytestmark = pytest.mark.environment(**NO_DELAYS)

ADMIN, OWNER, MAYA = "admin@acme.test", "owner@acme.test", "member1@acme.test"


@pytest.fixture
def fatima(acme, signed_in):
    return signed_in(FATIMA)


def said(answer) -> str:
    return answer.page.text


@pytest.mark.parametrize("typed", ["{key}", "{lower}", "{site}/browse/{key}", "{board}"])
def test_a_key_or_any_address_of_the_issue_finds_it(acme, fatima, typed):
    key = issue(acme, "Incident reviews with Support")["key"]
    site = acme.connection.site_url
    board = f"{site}/jira/software/projects/PLAT/boards/1?selectedIssue={key}"
    text = typed.format(key=key, lower=key.lower(), site=site, board=board)

    answer = search(fatima, acme.items[0], text)

    assert "Incident reviews with Support" in said(answer)
    assert f"Link {key}" in said(answer)


def test_words_find_titles_and_show_no_description(acme, fatima):
    key = issue(acme, "Incident reviews with Support", description=None)["key"]
    issue(acme, "Something else")

    answer = search(fatima, acme.items[0], "incident reviews")

    assert key in said(answer)
    assert "Something else" not in said(answer)
    [asked] = acme.jira.control.requests("search")
    assert "description" not in asked["body"]["fields"]


@pytest.mark.parametrize(
    "typed", ['x" OR project = MOB', "a\\", "AND OR NOT", "„“ — …", "שלום (x)"]
)
def test_words_are_words_whatever_they_are(acme, fatima, typed):
    answer = search(fatima, acme.items[0], typed)

    assert answer.status_code == 200
    assert "No issue in PLAT has these words in its title." in said(answer)
    assert all(each["status"] == 200 for each in acme.jira.control.requests("search"))


@both_ways
def test_linking_leads_on_and_is_in_the_history(acme, fatima, htmx):
    item, key = acme.items[0], issue(acme, "Incident reviews")["key"]

    answer = choose(fatima, item, key, htmx=htmx)

    assert answer.status_code == (200 if htmx else 303)
    assert (link_of(item).issue_key, link_of(item).unmarked) == (key, True)
    event = db.session.query(AuditEvent).filter_by(action="jira.linked").one()
    assert event.user_id == person("Fatima").id
    assert event.details == {"action_item": item.id, "before": None, "after": key}


@both_ways
@pytest.mark.parametrize("state", [LinkState.ERROR, LinkState.DELETED, LinkState.WAITING])
def test_what_has_no_issue_that_is_there_can_be_linked(acme, fatima, htmx, state):
    item, key = acme.items[0], issue(acme, "Incident reviews")["key"]
    before = IssueLink(action_item=item, connection=acme.connection, state=state)
    if state is LinkState.DELETED:
        before.issue_id, before.issue_key, before.cloud_id = "1", "PLAT-1", acme.connection.cloud_id
    db.session.add(before)

    choose(fatima, item, key, htmx=htmx)

    assert link_of(item).issue_key == key
    db.session.refresh(before)
    assert (before.active, before.due_at) == (False, None)


@pytest.mark.parametrize("who", [ADMIN, OWNER])
def test_admins_choose_in_any_project_of_the_site(acme, signed_in, who):
    somebody, item = signed_in(who), acme.items[0]
    key = issue(acme, "Of another team", OTHER)["key"]

    assert key in said(search(somebody, item, "another team"))
    assert choose(somebody, item, key).status_code == 303


def test_the_row_offers_it_where_it_leads_anywhere(acme, fatima, signed_in):
    acme.retrospective.phase = Phase.COMMIT
    page = fatima.get(f"/retrospectives/{acme.retrospective.id}")
    members = signed_in(MAYA).get(f"/retrospectives/{acme.retrospective.id}")

    assert page.page.text.count("Link to an existing issue…") == len(acme.items)
    assert "Link to an existing issue…" not in members.page.text


def carried_to_the_next(acme) -> Retrospective:
    """Sprint 15, which goes on with the first item of Sprint 14."""
    acme.retrospective.phase = Phase.COMMIT
    later = next_one(Phase.COMMIT)
    carried(acme.items[0], later)
    return later


def test_the_dialog_of_a_carried_item_stays_a_dialog_while_one_types(acme, fatima):
    item, key = acme.items[0], issue(acme, "Incident reviews")["key"]
    later = carried_to_the_next(acme)
    url = f"{address(item)}?in={later.id}"
    dialog = fatima.get(url, htmx=True).page
    [form] = [each for each in dialog.all("form") if each.get("class") == "dialog-body"]
    sent = {each.get("name"): each.get("value") or "" for each in form.iter("input")}
    sent["query"] = key

    # As htmx does: what the form holds comes behind what the address says.
    found = fatima.get(f"{url}&{urlencode(sent)}", htmx=True, headers={"HX-Target": "found"}).page

    assert found.by_id("found").get("hx-post") == url


def test_without_script_a_search_for_a_carried_item_leads_back(acme, fatima):
    item, key = acme.items[0], issue(acme, "Incident reviews")["key"]
    later = carried_to_the_next(acme)
    page = fatima.get(f"{address(item)}?in={later.id}").page
    [form] = [each for each in page.all("form") if each.get("class") == "dialog-body"]
    sent = {each.get("name"): each.get("value") for each in form.iter("input")}

    found = fatima.get(address(item), query_string={**sent, "query": key}).page

    form = found.by_id("found")
    assert form.get("action") == f"{address(item)}?in={later.id}"
    assert form.get("hx-post") is None
    answer = fatima.post(form.get("action"), {"query": key})
    assert answer.location == f"/action-items/{item.id}?in={later.id}"
