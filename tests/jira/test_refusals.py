"""Which error each answer becomes; the caller's decisions hang on it (design.md §4)."""

import json
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from responses import RequestsMock

from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraRateLimited, JiraRefused, JiraUnavailable
from app.jira.types import IssueDraft
from tests.jira.addresses import REST_URL, TOKEN
from tests.jira.answers import RATE_LIMITED, REFUSED, UNAUTHORIZED, UNAVAILABLE, Recorded

DRAFT = IssueDraft(fields={"summary": "Fix flaky build"})


def named(answers: list[Recorded]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("answer", answers, ids=lambda answer: answer.name)


def creation(atlassian: RequestsMock, client: JiraClient, answer: Recorded, **headers: str):
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    sent = {name.replace("_", "-"): value for name, value in headers.items()}
    atlassian.post(f"{REST_URL}/issue", status=answer.status, body=body, headers=sent)
    with pytest.raises(JiraError) as caught:
        client.create_issue(DRAFT)
    assert type(caught.value) is answer.error
    assert caught.value.status == answer.status
    return caught.value


@named(REFUSED)
def test_what_jira_refuses_is_known_not_to_have_happened(atlassian, client, answer):
    error = creation(atlassian, client, answer)

    assert set(error.field_errors) == answer.facts["fields"]
    assert not error.outcome_unknown


@named(UNAUTHORIZED)
def test_a_lost_grant_scope_or_site_needs_an_admin(atlassian, client, answer):
    error = creation(atlassian, client, answer)

    assert error.reason == answer.facts["reason"]
    assert not error.outcome_unknown


@named(UNAVAILABLE)
def test_an_unusable_answer_leaves_a_write_in_doubt(atlassian, client, answer):
    error = creation(atlassian, client, answer)

    assert error.outcome_unknown == answer.facts["unknown"]


@named(RATE_LIMITED)
def test_a_429_did_nothing(atlassian, client, answer):
    error = creation(atlassian, client, answer)

    assert not error.outcome_unknown
    assert error.retry_after is None
    assert error.reason is None


@named([answer for answer in UNAVAILABLE if answer.status >= 300])
def test_a_read_is_never_in_doubt(atlassian, client, answer):
    body = answer.body if isinstance(answer.body, str) else json.dumps(answer.body)
    atlassian.get(f"{REST_URL}/myself", status=answer.status, body=body)

    with pytest.raises(JiraUnavailable) as caught:
        client.myself()

    assert not caught.value.outcome_unknown


def test_searching_by_post_is_a_read(atlassian, client):
    atlassian.post(f"{REST_URL}/search/jql", status=503)

    with pytest.raises(JiraUnavailable) as caught:
        client.search("project = PLAT")

    assert not caught.value.outcome_unknown


def test_a_429_says_why_and_until_when(atlassian, client):
    error = creation(
        atlassian,
        client,
        RATE_LIMITED[0],
        Retry_After="90",
        RateLimit_Reason="jira-quota-global-based",
        X_RateLimit_Reset="2026-11-23T15:00:00Z",
    )

    assert isinstance(error, JiraRateLimited)
    assert error.retry_after == 90
    assert error.reason == "jira-quota-global-based"
    assert error.reset_at == datetime(2026, 11, 23, 15, tzinfo=UTC)


@pytest.mark.parametrize("odd", ["", "soon", "nan", "inf", "Wed, 99 Foo 2026"])
def test_an_odd_retry_after_is_as_good_as_none(atlassian, client, odd):
    assert creation(atlassian, client, RATE_LIMITED[0], Retry_After=odd).retry_after is None


def test_a_retry_after_may_be_a_date(atlassian, client):
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=120), usegmt=True)

    error = creation(atlassian, client, RATE_LIMITED[0], Retry_After=later)

    assert 110 < error.retry_after <= 120


def test_a_retry_after_in_the_past_means_now(atlassian, client):
    past = "Wed, 21 Oct 2015 07:28:00 GMT"

    assert creation(atlassian, client, RATE_LIMITED[0], Retry_After=past).retry_after == 0


def test_a_503_may_ask_to_wait(atlassian, client):
    assert creation(atlassian, client, UNAVAILABLE[3], Retry_After="30").retry_after == 30


def test_an_error_names_the_request_at_atlassian(atlassian, client):
    assert creation(atlassian, client, REFUSED[0], Atl_Traceid="abc").trace_id == "abc"


def test_an_error_can_show_jiras_own_words(atlassian, client):
    both = {"errorMessages": ["Nein."], "errors": {"summary": "Zu lang.", "duedate": "Zu lang."}}
    error = creation(atlassian, client, Recorded("", 400, both, JiraRefused, {}))

    assert error.sentence == "Nein. Zu lang."


def test_an_error_keeps_neither_the_token_nor_a_long_body(atlassian, client):
    body = f"<html>{TOKEN}</html>" + "x" * 9000
    error = creation(atlassian, client, Recorded("", 502, body, JiraUnavailable, {}))

    assert TOKEN not in error.body
    assert len(error.body) == 2000


def test_a_log_line_shows_facts_and_no_words_of_people(atlassian, client):
    error = creation(atlassian, client, REFUSED[0], X_Arequestid="abc")

    assert str(error) == "create_issue: 400 (trace abc)"
