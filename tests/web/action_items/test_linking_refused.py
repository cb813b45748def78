"""Link to an existing issue: what is refused, to whom, and how it is said."""

import pytest

from app.extensions import db
from app.models import LinkState
from app.services.retrospectives import dropping
from tests.support import factories
from tests.support.acme import make_free, person, team
from tests.support.chosen import (
    FATIMA,
    OTHER,
    address,
    choose,
    claim_elsewhere,
    has_no_link,
    issue,
    link_of,
    mark_in,
    search,
)
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

ADMIN, OWNER, MAYA = "admin@acme.test", "owner@acme.test", "member1@acme.test"


@pytest.fixture
def fatima(acme, signed_in):
    return signed_in(FATIMA)


def said(answer) -> str:
    return answer.page.text


def test_facilitators_choose_in_their_teams_project_and_learn_nothing_of_others(acme, fatima):
    item = acme.items[0]
    elsewhere = issue(acme, "Of another team", OTHER)["key"]
    nowhere = f"{OTHER}-99999"

    answers = [search(fatima, item, key) for key in (elsewhere, nowhere)]
    refused = choose(fatima, item, elsewhere)

    words = [said(each).replace(elsewhere, "KEY").replace(nowhere, "KEY") for each in answers]
    assert words[0] == words[1]
    assert f"{elsewhere} cannot be linked here." in said(answers[0])
    assert "Of another team" not in said(answers[0])
    assert elsewhere not in said(search(fatima, item, "another team"))
    assert refused.status_code == 422
    assert has_no_link(item)


def test_members_link_nothing(acme, signed_in):
    maya, item = signed_in(MAYA), acme.items[0]
    key = issue(acme, "Incident reviews")["key"]

    assert search(maya, item, key).status_code == 403
    assert choose(maya, item, key).status_code == 403
    assert has_no_link(item)


def test_an_issue_of_another_site_is_refused_without_asking(acme, fatima):
    answer = search(fatima, acme.items[0], "https://tiny.atlassian.net/browse/OPS-7")

    assert "tiny.atlassian.net is not connected; Acme is connected to" in said(answer)
    assert acme.jira.control.requests() == []


def test_what_is_not_there_is_said_to_an_admin_with_who_looked(acme, signed_in):
    answer = search(signed_in(ADMIN), acme.items[0], "PLAT-99999")

    assert "cannot see PLAT-99999. It does not exist, or a Jira admin has to let" in said(answer)


def test_an_issue_of_another_item_is_named_to_who_may_see_that(acme, fatima, drain):
    first, second = acme.items[:2]
    key = issue(acme, "Incident reviews")["key"]
    choose(fatima, first, key)
    drain()

    answer = search(fatima, second, key)
    refused = choose(fatima, second, key)

    assert f"{key} belongs to {first.title}. Unlink it there first." in said(answer)
    assert refused.status_code == 422
    assert mark_in(acme, key)["id"] == first.public_id
    assert has_no_link(second)


def test_what_was_dropped_lets_its_issue_go_where_the_refusal_leads(acme, fatima, drain):
    first, second = acme.items[:2]
    key = issue(acme, "Incident reviews")["key"]
    choose(fatima, first, key)
    drain()
    dropping.drop(first, person("Fatima"))
    db.session.commit()
    refused = search(fatima, second, key)
    assert f"{key} belongs to {first.title}. Unlink it there first." in said(refused)

    there = fatima.get(f"/action-items/{first.id}").page
    [unlink] = [each for each in there.values("href") if each == address(first, "link/removal")]
    fatima.post(unlink)
    answer = choose(fatima, second, key)
    drain()

    assert answer.status_code == 303
    assert link_of(second).issue_key == key
    assert mark_in(acme, key)["id"] == second.public_id
    assert first.dropped


def test_an_item_that_the_viewer_may_not_see_is_not_named(acme, fatima, signed_in):
    hidden = factories.retrospective(team("Mobile"), title="Sprint 9 Retro")
    item = factories.action_item(hidden, "Secret plans")
    key = issue(acme, "Incident reviews")["key"]
    choose(signed_in(ADMIN), item, key)

    answer = search(fatima, acme.items[0], key)

    assert f"{key} belongs to another action item already. Ask an admin." in said(answer)
    assert item.title not in said(answer)


def test_an_issue_of_another_organization_in_unpack_is_refused(acme, fatima):
    key = issue(acme, "Incident reviews")["key"]
    claim_elsewhere(acme, key)

    answer = choose(fatima, acme.items[0], key)

    assert answer.status_code == 422
    assert f"{key} belongs to another Unpack organization." in said(answer)
    assert has_no_link(acme.items[0])


def test_what_was_unlinked_may_be_chosen_again_and_by_others(acme, fatima, drain):
    first, second = acme.items[:2]
    acme.commit_items()
    drain()
    key = link_of(first).issue_key
    for item in (first, second):
        fatima.post(f"/action-items/{item.id}/link/removal")

    choose(fatima, second, key)
    drain()

    assert link_of(second).issue_key == key
    assert mark_in(acme, key)["id"] == second.public_id


@pytest.mark.environment(SYNC_PROBE_DELAYS="60,60")
def test_a_create_without_an_answer_is_never_linked_by_hand(acme, fatima, drain):
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    drain()
    unknown = next(each for each in acme.links if each.state is LinkState.UNKNOWN)
    key = issue(acme, "Incident reviews")["key"]

    answer = choose(fatima, unknown.action_item, key)

    assert answer.status_code == 409
    assert "still finding out whether Jira created the issue" in said(answer)
    assert mark_in(acme, key) is None
    assert link_of(unknown.action_item).id == unknown.id


def test_what_is_being_created_just_now_is_not_linked(acme, fatima):
    acme.commit_items()
    item = acme.items[0]
    link_of(item).claim_id = "a-drain"
    key = issue(acme, "Incident reviews")["key"]

    answer = choose(fatima, item, key)

    assert answer.status_code == 409
    assert "being created just now" in said(answer)


def test_an_item_that_has_an_issue_says_who_linked_it(acme, fatima, signed_in):
    item = acme.items[0]
    first, second = (issue(acme, f"Review {number}")["key"] for number in (1, 2))
    choose(fatima, item, first)

    answer = choose(signed_in(ADMIN), item, second)

    assert answer.status_code == 409
    assert f"Fatima Said linked {first} to it. Unlink it first to choose another." in said(answer)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("drop_before", "Jira did not answer within 5 seconds. Nothing was changed."),
        ("unavailable", "Jira did not answer. Nothing was changed."),
        ("rate_limit", "Jira asked us to slow down. Nothing was changed."),
    ],
)
def test_trouble_in_jira_is_said_and_changes_nothing(acme, fatima, kind, words):
    item, key = acme.items[0], issue(acme, "Incident reviews")["key"]
    acme.jira.control.fault(kind, "bulkfetch", "search")

    found, chosen = search(fatima, item, key), choose(fatima, item, key)

    assert words in said(found)
    assert chosen.status_code == 422
    assert has_no_link(item)


def test_a_request_to_slow_down_holds_for_everything_and_is_not_asked_again(acme, fatima):
    item, key = acme.items[0], issue(acme, "Incident reviews")["key"]
    acme.jira.control.fault("rate_limit", "bulkfetch", retry_after=120)
    search(fatima, item, key)
    acme.jira.control.clear_requests()

    answer = search(fatima, item, key)

    assert "Jira asked us to slow down." in said(answer)
    assert acme.jira.control.requests() == []
    assert acme.connection.paused_until is not None


@pytest.mark.environment(JIRA_TIMEOUT="20")
def test_a_slow_jira_is_not_waited_for_longer_than_promised(acme, fatima, monkeypatch):
    from app.services.linking import issue_search

    monkeypatch.setattr(issue_search, "LONGEST", 0.3)
    acme.jira.control.fault("latency", "search", min_ms=900, max_ms=900)

    answer = search(fatima, acme.items[0], "incident")

    assert "Jira did not answer within" in said(answer)


def test_without_a_connection_a_project_or_the_plan_it_says_so(acme, fatima):
    item = acme.items[0]
    key = issue(acme, "Incident reviews")["key"]
    db.session.query(type(acme.connection.mappings[0])).delete()
    unmapped = choose(fatima, item, key)
    acme.map_to("PLAT")
    make_free()
    free = choose(fatima, item, key)

    assert (unmapped.status_code, free.status_code) == (409, 409)
    assert "No Jira project is chosen for this team." in said(unmapped)
    assert has_no_link(item)


def test_sixty_searches_a_minute_are_enough(acme, fatima):
    item = acme.items[0]
    codes = [search(fatima, item, "https://x.invalid/").status_code for _ in range(61)]

    assert (codes[:60], codes[60]) == ([200] * 60, 429)
    assert search(fatima, item, "").status_code == 200


def test_what_a_security_level_keeps_from_others_is_not_there_for_facilitators(
    acme, fatima, signed_in
):
    """The connected account sees both; who asks may be nobody of those who do in Jira."""
    acme.map_to("KIND")
    level = {"id": str(10_068 * 10 + 5)}
    secret = issue(acme, "Incident of the year", "KIND", security=level)["key"]
    item = acme.items[0]

    found, chosen = search(fatima, item, "incident"), choose(fatima, item, secret)

    assert secret not in said(found)
    assert f"{secret} cannot be linked here." in said(chosen)
    assert secret in said(search(signed_in(ADMIN), item, "incident"))
