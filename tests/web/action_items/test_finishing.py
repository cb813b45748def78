"""Finish in Jira: the form there, the hold meanwhile, its ends, and what is offered to link."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine

from app.clock import utcnow
from app.extensions import db
from app.models import AuditEvent, Finishing, JiraPerson, LinkState, MatchState, Phase
from app.services.outbound import links
from demo.jira_cloud.catalog.accounts import by_email
from tests.support.acme import person
from tests.support.chosen import FATIMA, address, choose, claim_elsewhere, issue, link_of
from tests.support.settings import NO_DELAYS
from tests.web.action_items.writing import both_ways

pytestmark = pytest.mark.environment(**NO_DELAYS)

ADMIN, MAYA = "admin@acme.test", "member1@acme.test"
HALF_AN_HOUR, TEN_MINUTES = timedelta(minutes=30), timedelta(minutes=10)
SECOND = timedelta(seconds=1)


@pytest.fixture
def clock():
    with time_machine.travel(utcnow(), tick=True) as traveller:
        yield traveller


@pytest.fixture
def fatima(acme, signed_in, clock):
    acme.retrospective.phase = Phase.COMMIT
    return signed_in(FATIMA)


@pytest.fixture
def item(acme):
    return acme.items[0]


def begin(somebody, item):
    return somebody.post(address(item, "finishing"))


def shown(somebody, item) -> str:
    return somebody.get(address(item, "finishing")).page.text


def in_panel(somebody, item) -> str:
    return somebody.get(f"/retrospectives/{item.retrospective_id}").page.text


def suggested(somebody, item) -> str:
    return somebody.get(address(item, "finishing/suggestions"), htmx=True).page.text


def match(acme, state: MatchState = MatchState.MATCHED, email: str = FATIMA, **more) -> None:
    db.session.add(
        JiraPerson(
            connection_id=acme.connection.id,
            user_id=person("Fatima").id,
            state=state,
            account_id=by_email(email).id,
            **more,
        )
    )
    db.session.commit()


def test_the_form_is_filled_in(acme, fatima, item):
    item.description, item.due_on = "Ask **two people**", utcnow().date()
    begin(fatima, item)

    page = fatima.get(address(item, "finishing")).page

    [form] = [
        each.get("href") for each in page.all("a") if "CreateIssueDetails" in each.get("href")
    ]
    asked = parse_qs(urlsplit(form).query)
    mapping = acme.connection.mappings[0]
    assert form.startswith(acme.connection.site_url)
    assert asked["pid"] == [mapping.project_id]
    assert asked["issuetype"] == [mapping.issue_type_id]
    assert asked["summary"] == [item.title]
    assert asked["description"][0].startswith("Ask two people\n\nAssignee: ")
    assert f"/retrospectives/{item.retrospective_id}" in asked["description"][0]


def test_the_form_of_a_long_text_stays_short_enough_and_leads_back(acme, fatima, item):
    item.description = "Wörter " * 3000
    begin(fatima, item)

    page = fatima.get(address(item, "finishing")).page

    [form] = [
        each.get("href") for each in page.all("a") if "CreateIssueDetails" in each.get("href")
    ]
    assert len(form) <= 4000
    assert (
        f"/retrospectives/{item.retrospective_id}"
        in parse_qs(urlsplit(form).query)["description"][0]
    )


def test_meanwhile_no_trigger_creates_and_everybody_reads_why(acme, fatima, item, drain, signed_in):
    begin(fatima, item)

    acme.commit_items()
    pressed = fatima.post(f"/action-items/{item.id}/syncs")
    drain()

    assert len(acme.issues()) == len(acme.items) - 1
    assert link_of(item).issue_id is None
    assert pressed.status_code == 409
    assert "Fatima Said is finishing this in Jira" in pressed.page.text
    assert "Fatima Said is finishing this in Jira." in in_panel(signed_in(MAYA), item)
    assert "Stop waiting" not in in_panel(signed_in(MAYA), item)
    assert "Stop waiting" in in_panel(signed_in(ADMIN), item)


@both_ways
def test_stop_waiting_lets_go_of_what_became_due(acme, fatima, item, drain, htmx):
    begin(fatima, item)
    acme.commit_items()

    answer = fatima.post(address(item, "finishing/removal"), htmx=htmx)
    drain()

    assert answer.status_code == (200 if htmx else 303)
    assert link_of(item).state is LinkState.SYNCED
    actions = [each.action for each in db.session.query(AuditEvent).order_by(AuditEvent.id)]
    assert actions[-2:] == ["jira.finishing-begun", "jira.finishing-stopped"]


@pytest.mark.both_databases
def test_it_ends_by_itself_after_half_an_hour(acme, fatima, item, drain, tick, clock, queued):
    begin(fatima, item)
    acme.commit_items()
    drain()

    clock.shift(HALF_AN_HOUR - SECOND * 30)
    drain()
    assert link_of(item).issue_id is None
    assert "is finishing this" in in_panel(fatima, item)
    clock.shift(SECOND * 31)
    tick()
    assert queued()
    drain()

    assert link_of(item).state is LinkState.SYNCED
    assert "is finishing this" not in in_panel(fatima, item)


def test_linking_ends_it(acme, fatima, item, drain):
    begin(fatima, item)
    key = issue(acme, "Created by hand")["key"]

    answer = choose(fatima, item, key)
    drain()

    assert answer.status_code == 303
    assert db.session.query(Finishing).count() == 0
    assert link_of(item).issue_key == key
    assert len(acme.issues()) == 1


def test_a_sync_error_is_held_too_and_retry_creates_nothing(acme, fatima, item, drain):
    acme.jira.control.fault("status", "create", status=400, times=1)
    links.request_sync(item)
    db.session.commit()
    drain()
    db.session.expire_all()
    link = link_of(item)
    link.state, link.due_at = LinkState.ERROR, None
    db.session.commit()
    begin(fatima, item)
    created = len(acme.issues())

    links.retry(link_of(item))
    db.session.commit()
    drain()

    assert len(acme.issues()) == created


@pytest.mark.environment(SYNC_PROBE_DELAYS="60,60")
def test_it_is_not_offered_while_a_create_is_unknown(acme, fatima, item, drain):
    acme.jira.control.fault("drop_after", "create", times=1)
    links.request_sync(item)
    db.session.commit()
    drain()

    answer = begin(fatima, item)

    assert answer.status_code == 409
    assert "still finding out" in answer.page.text
    assert "Finish in Jira…" not in fatima.get(f"/action-items/{item.id}").page.text


def test_another_person_is_told_and_may_stop_it(acme, fatima, item, signed_in):
    begin(fatima, item)
    admin = signed_in(ADMIN)

    answer = begin(admin, item)
    admin.post(address(item, "finishing/removal"))
    again = begin(admin, item)

    assert answer.status_code == 409
    assert "Fatima Said is finishing this in Jira." in answer.page.text
    assert again.status_code == 303
    assert db.session.query(Finishing).one().user.email == ADMIN


def test_members_finish_nothing(acme, fatima, item, signed_in):
    maya = signed_in(MAYA)

    codes = {
        maya.post(address(item, "finishing")).status_code,
        maya.post(address(item, "finishing/removal")).status_code,
        maya.get(address(item, "finishing")).status_code,
        maya.get(address(item, "finishing/suggestions")).status_code,
    }

    assert codes == {403}


def test_what_the_person_creates_is_offered_for_ten_minutes(acme, fatima, item, clock):
    issue(acme, "Older", actor=FATIMA)
    clock.shift(SECOND * 5)
    match(acme)
    begin(fatima, item)
    clock.shift(SECOND * 5)
    key = issue(acme, "Created just now", actor=FATIMA)["key"]

    offered = suggested(fatima, item)
    clock.shift(TEN_MINUTES)
    later = suggested(fatima, item)

    assert f"Link {key}" in offered
    assert "Older" not in offered
    assert "Link" not in later
    assert link_count(item) == 0


def link_count(item) -> int:
    return len(links.active_links([item]))


def test_looking_again_swaps_nothing_until_something_was_created(acme, fatima, item):
    match(acme)
    begin(fatima, item)
    part = fatima.get(address(item, "finishing")).page.by_id("suggestions")
    same = fatima.get(part.get("hx-get"), htmx=True)
    key = issue(acme, "Created just now", actor=FATIMA)["key"]
    news = fatima.get(part.get("hx-get"), htmx=True)
    assert (same.status_code, news.status_code) == (204, 200)
    assert f"You have just created {key}" in news.page.text


@pytest.mark.parametrize("picked", [False, True])
def test_a_hidden_account_is_looked_at_only_if_somebody_picked_it(acme, fatima, item, picked):
    match(acme, MatchState.HIDDEN, picked=picked)
    begin(fatima, item)
    key = issue(acme, "Created just now", actor=FATIMA)["key"]

    assert (f"Link {key}" in suggested(fatima, item)) == picked


def test_the_connecting_account_creates_for_everybody(acme, fatima, item):
    match(acme, email="unpack@acme.test")
    begin(fatima, item)
    key = issue(acme, "By Unpack", actor="unpack@acme.test")["key"]

    assert key not in suggested(fatima, item)
    assert acme.jira.control.requests("search") == []


def test_others_issues_and_those_of_action_items_are_not_offered(acme, fatima, item):
    match(acme)
    begin(fatima, item)
    others = issue(acme, "Somebody else's", actor=MAYA)["key"]
    taken = issue(acme, "Of an action item", actor=FATIMA)["key"]
    claim_elsewhere(acme, taken)

    offered = suggested(fatima, item)

    assert others not in offered
    assert taken not in offered


@pytest.mark.parametrize("kind", ["unavailable", "rate_limit", "drop_before"])
def test_jira_in_trouble_offers_nothing_and_the_key_still_works(acme, fatima, item, kind):
    match(acme)
    begin(fatima, item)
    acme.jira.control.fault(kind, "search")

    assert "Link" not in suggested(fatima, item)
    assert "Key or URL of the issue" in shown(fatima, item)
