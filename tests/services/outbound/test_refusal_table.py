"""What Jira answers, read by the real client, decided, and put into words for a person."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import responses

from app.jira.client import JiraClient
from app.jira.errors import JiraError, JiraRefused, JiraUnavailable
from app.jira.types import IssueDraft
from app.models import LinkState, Operation, Outcome
from app.services.outbound.outcomes import Decision, Delays, Try, outcome_of
from app.services.panel.advice import Place, advice_for
from tests.services.outbound.refusal_case import Case
from tests.services.outbound.refusal_table import CASES

API_URL = "https://api.atlassian.test"
REST_URL = f"{API_URL}/ex/jira/cloud-1/rest/api/3"
NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
DELAYS = Delays(retries=(10.0, 60.0, 300.0), first_probe=15.0)
PLACE = Place(project="PLAT", issue_type="Task", account="Unpack")
LANGUAGES = pytest.mark.parametrize("language", ["English", "German"])


def named(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=lambda case: case.name)


@pytest.fixture
def decided() -> Callable[..., tuple[JiraError, Decision]]:
    """Let Jira answer as the case says, in a language; what the engine makes of it."""
    client = JiraClient(api_url=API_URL, cloud_id="cloud-1", access_token="a")

    def run(case: Case, language: str, failures: int = 0) -> tuple[JiraError, Decision]:
        with responses.RequestsMock() as atlassian:
            error = _turned_down(atlassian, client, case, language)
            permissions = None
            if isinstance(error, JiraRefused):
                permissions = _permissions(atlassian, client, case.permissions)
        tried = Try(case.operation, failures, NOW, permissions, case.sent_account)
        return error, outcome_of(error, tried, DELAYS)

    return run


@LANGUAGES
@named(CASES)
def test_an_answer_leads_to_its_decision_in_any_language(decided, case, language):
    error, decision = decided(case, language)

    assert (decision.state, decision.code) == (case.state, case.code)
    assert decision.counts_as_try == case.uses_up_a_try
    assert (decision.pause.scope if decision.pause else None) is case.pause
    assert decision.assignee_note is case.note
    until = decision.pause.until if decision.pause else decision.not_before
    assert until == (NOW + timedelta(seconds=case.seconds) if case.seconds else None)
    _is_put_into_our_words(case, error, decision)


@named([case for case in CASES if case.state is LinkState.RETRYING])
def test_the_fourth_failure_waits_for_a_person(decided, case):
    _, decision = decided(case, "German", failures=3)

    assert (decision.state, decision.code) == (LinkState.ERROR, case.code)
    assert not decision.still_due


@named([case for case in CASES if case.state in {LinkState.WAITING, LinkState.UNKNOWN}])
def test_what_is_not_settled_never_becomes_an_error_by_itself(decided, case):
    _, decision = decided(case, "German", failures=3)

    assert decision.state is case.state
    assert decision.still_due
    assert decision.outcome is not Outcome.SUCCEEDED


def _is_put_into_our_words(case: Case, error: JiraError, decision: Decision) -> None:
    """Our heading, and where the setting is; Jira's words stand beside them, never in them."""
    if decision.code is not None:
        advice = advice_for(decision.code, PLACE, decision.fields)
        assert (advice.heading, advice.endpoint) == (case.heading, case.setting)
        assert not error.sentence or error.sentence not in advice.admin


def _turned_down(
    atlassian: responses.RequestsMock, client: JiraClient, case: Case, language: str
) -> JiraError:
    body = case.body(language)
    if not isinstance(body, str | Exception):
        body = json.dumps(body)
    creates = case.operation is Operation.CREATE
    method, path = ("POST", "/issue") if creates else ("PUT", "/issue/10001")
    answer: dict[str, Any] = {"status": case.status or 200, "headers": dict(case.headers)}
    atlassian.add(method, REST_URL + path, body=body, **answer)
    with pytest.raises(JiraError) as caught:
        _send(client, case.operation)
    return caught.value


def _send(client: JiraClient, operation: Operation) -> None:
    if operation is Operation.CREATE:
        client.create_issue(IssueDraft(fields={"summary": "Fix flaky build"}))
    else:
        client.edit_issue("10001", {"summary": "Fix flaky build"})


def _permissions(
    atlassian: responses.RequestsMock, client: JiraClient, held: Mapping[str, bool] | None
) -> Mapping[str, bool] | None:
    """As the engine asks: a project that is refused may be nothing; no answer is no answer."""
    said = {name: {"havePermission": may} for name, may in (held or {}).items()}
    status = {True: 500, False: 200 if said else 404}[held is None]
    atlassian.get(f"{REST_URL}/mypermissions", json={"permissions": said}, status=status)
    try:
        return client.permissions(list(said) or ["BROWSE_PROJECTS"], project_id="10000")
    except JiraUnavailable:
        return None
    except JiraRefused:
        return {}
