"""The table of design.md §4: what happened, and what we do about it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.jira.errors import (
    GrantRefused,
    JiraError,
    JiraRateLimited,
    JiraRefused,
    JiraUnauthorized,
    JiraUnavailable,
)
from app.models import AssigneeNote, FailureCode, LinkState, Operation, Outcome
from app.services.grants.pauses import PauseScope
from app.services.outbound.outcomes import Decision, Delays, Try, after_empty_probes, outcome_of

NOW = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
DELAYS = Delays(retries=(10.0, 60.0, 300.0), first_probe=15.0)
MAY_ALL = {"CREATE_ISSUES": True, "BROWSE_PROJECTS": True, "EDIT_ISSUES": True}
MAY_NOT_CREATE = MAY_ALL | {"CREATE_ISSUES": False}
MAY_NOT_EDIT = MAY_ALL | {"EDIT_ISSUES": False}
MAY_NOTHING: dict[str, bool] = {}


def decided(error: JiraError, operation: Operation = Operation.CREATE, **tried: object) -> Decision:
    facts = {"failures_before": 0, "now": NOW, "permissions": MAY_ALL} | tried
    return outcome_of(error, Try(operation, **facts), DELAYS)  # type: ignore[arg-type]


def refused(status: int, **fields: str) -> JiraRefused:
    return JiraRefused("create_issue", status=status, field_errors=fields)


REFUSED_CREATES = [
    (refused(400, summary="is required"), MAY_ALL, FailureCode.FIELD_REFUSED),
    (refused(400, customfield_10070="Risk is required."), MAY_ALL, FailureCode.REQUIRED_FIELD),
    (refused(400, customfield_10070="Risiko ist erforderlich."), MAY_ALL, "required-field"),
    (refused(400, issuetype="The issue type selected is invalid."), MAY_ALL, "issue-type-gone"),
    (refused(400, issuetype="Der Vorgangstyp ist ungültig."), MAY_ALL, "issue-type-gone"),
    (refused(400, project="Specify a valid project ID or key"), MAY_ALL, "project-gone"),
    (refused(400), MAY_NOT_CREATE, FailureCode.MAY_NOT_CREATE),
    (refused(400, summary="cannot be set"), MAY_NOT_CREATE, FailureCode.MAY_NOT_CREATE),
    (refused(403), MAY_NOT_CREATE, FailureCode.MAY_NOT_CREATE),
    (refused(403), None, FailureCode.MAY_NOT_CREATE),
    (refused(404), MAY_NOTHING, FailureCode.PROJECT_GONE),
    (refused(404), None, FailureCode.PROJECT_GONE),
    (refused(409), MAY_ALL, FailureCode.CONFLICT),
    (refused(413), MAY_ALL, FailureCode.TOO_LARGE),
    (refused(422), MAY_ALL, FailureCode.REFUSED),
    (refused(400), MAY_ALL, FailureCode.REFUSED),
]


@pytest.mark.parametrize(("error", "permissions", "code"), REFUSED_CREATES)
def test_a_refused_create_is_retried_under_the_products_own_heading(error, permissions, code):
    decision = decided(error, permissions=permissions)

    assert decision.code == code
    assert decision.state is LinkState.RETRYING
    assert decision.counts_as_try
    assert decision.not_before == NOW + timedelta(seconds=10)


def test_the_fourth_failure_is_a_sync_error_and_waits_for_a_person():
    decision = decided(refused(403), failures_before=3, permissions=MAY_NOT_CREATE)

    assert decision.state is LinkState.ERROR
    assert not decision.still_due


@pytest.mark.parametrize(("failures", "seconds"), [(0, 10), (1, 60), (2, 300)])
def test_each_retry_waits_longer(failures, seconds):
    error = JiraUnavailable("edit_issue", status=500)

    decision = decided(error, Operation.UPDATE, failures_before=failures)

    assert decision.not_before == NOW + timedelta(seconds=seconds)


def test_retry_after_is_the_minimum():
    error = JiraUnavailable("edit_issue", status=503, retry_after=40)

    assert decided(error, Operation.UPDATE).not_before == NOW + timedelta(seconds=40)


def test_a_create_without_an_answer_is_unknown_and_looked_up_after_15_seconds():
    decision = decided(JiraUnavailable("create_issue", outcome_unknown=True))

    assert decision.state is LinkState.UNKNOWN
    assert decision.still_due
    assert decision.not_before == NOW + timedelta(seconds=15)


def test_a_create_that_never_left_is_simply_retried():
    assert decided(JiraUnavailable("create_issue")).state is LinkState.RETRYING


def test_an_update_without_an_answer_is_simply_sent_again():
    error = JiraUnavailable("edit_issue", outcome_unknown=True)

    assert decided(error, Operation.UPDATE).state is LinkState.RETRYING


@pytest.mark.parametrize(
    ("reason", "scope"),
    [
        ("jira-per-issue-on-write", PauseScope.LINK),
        ("jira-burst-based", PauseScope.CONNECTION),
        ("jira-quota-tenant-based", PauseScope.CONNECTION),
        ("jira-quota-global-based", PauseScope.INSTALLATION),
        (None, PauseScope.CONNECTION),
    ],
)
def test_a_rate_limit_pauses_what_it_concerns_and_uses_up_no_try(reason, scope):
    error = JiraRateLimited("create_issue", status=429, retry_after=60, reason=reason)

    decision = decided(error, failures_before=3)

    assert (decision.pause.scope, decision.pause.until) == (scope, NOW + timedelta(seconds=60))
    assert decision.still_due
    assert not decision.counts_as_try


def test_the_installation_waits_until_the_quota_is_whole_again():
    reset = NOW + timedelta(minutes=30)
    error = JiraRateLimited(
        "create_issue", retry_after=5, reason="jira-quota-global-based", reset_at=reset
    )

    assert decided(error).pause.until == reset


def test_a_gateways_rate_limit_without_retry_after_still_pauses():
    assert decided(JiraRateLimited("create_issue", status=429)).pause.until > NOW


@pytest.mark.parametrize(
    "error", [JiraUnauthorized("create_issue", status=401), GrantRefused("refresh", status=403)]
)
def test_a_dead_grant_leaves_the_link_due_and_untouched(error):
    decision = decided(error, failures_before=3)

    assert decision == Decision(LinkState.WAITING, Outcome.UNAUTHORIZED)


def test_an_issue_that_is_absent_is_deleted_only_where_its_project_can_be_seen():
    gone = JiraRefused("edit_issue", status=404)

    assert decided(gone, Operation.UPDATE, permissions=MAY_ALL).state is LinkState.DELETED
    assert decided(gone, Operation.UPDATE, permissions=MAY_NOTHING).state is LinkState.UNSEEN
    assert decided(gone, Operation.UPDATE, permissions=None).state is LinkState.UNSEEN


def test_losing_the_edit_permission_shows_as_a_refused_field_and_is_told_as_what_it_is():
    error = refused(400, summary="Feld kann nicht gesetzt werden.")

    may_not = decided(error, Operation.UPDATE, permissions=MAY_NOT_EDIT)
    may = decided(error, Operation.UPDATE, permissions=MAY_ALL)

    assert (may_not.code, may.code) == (FailureCode.MAY_NOT_EDIT, FailureCode.FIELD_REFUSED)


def test_a_refused_assignee_never_fails_the_issue():
    error = refused(400, assignee="User 'x' cannot be assigned issues.")

    with_account = decided(error, sent_account=True)
    with_null = decided(error, sent_account=False)

    assert with_account.assignee_note is AssigneeNote.NOT_ASSIGNABLE
    assert with_null.assignee_note is AssigneeNote.NOT_ON_SCREEN
    substitute = decided(error, sent_account=True, sent_substitute=True)
    assert substitute.assignee_note is AssigneeNote.SUBSTITUTE_REFUSED
    assert with_account.not_before is None
    assert not with_account.counts_as_try


def test_a_refusal_that_names_a_field_drops_the_cached_screen():
    assert decided(refused(400, customfield_10070="required")).drops_metadata
    assert not decided(refused(403)).drops_metadata


def test_after_two_empty_probes_it_creates_again_until_its_tries_are_used_up():
    assert after_empty_probes(1, DELAYS) is LinkState.WAITING
    assert after_empty_probes(3, DELAYS) is LinkState.WAITING
    assert after_empty_probes(4, DELAYS) is LinkState.ERROR


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        (MAY_ALL, Decision(LinkState.DELETED, Outcome.REFUSED, still_due=False)),
        (
            MAY_NOTHING,
            Decision(
                LinkState.UNSEEN, Outcome.REFUSED, FailureCode.MAY_NOT_BROWSE, still_due=False
            ),
        ),
        (
            None,
            Decision(
                LinkState.UNSEEN, Outcome.REFUSED, FailureCode.MAY_NOT_BROWSE, still_due=False
            ),
        ),
    ],
)
def test_an_issue_that_is_not_there_is_not_due_any_more(permissions, expected):
    assert decided(refused(404), Operation.UPDATE, permissions=permissions) == expected


def test_a_refused_assignee_is_in_the_log_as_refused():
    assert decided(refused(400, assignee="cannot"), sent_account=True) == Decision(
        LinkState.WAITING, Outcome.REFUSED, assignee_note=AssigneeNote.NOT_ASSIGNABLE
    )


def test_after_the_last_retry_it_waits_for_a_person():
    assert decided(JiraUnavailable("edit_issue"), Operation.UPDATE, failures_before=3) == Decision(
        LinkState.ERROR,
        Outcome.UNAVAILABLE,
        FailureCode.JIRA_UNAVAILABLE,
        counts_as_try=True,
        still_due=False,
    )


def test_a_refusal_tells_its_fields_and_has_the_screen_read_again():
    decision = decided(refused(400, summary="no", duedate="no"))

    assert decision.outcome is Outcome.REFUSED
    assert decision.fields == ("duedate", "summary")
    assert decision.drops_metadata
    assert not decided(refused(400)).drops_metadata
    assert not decided(refused(409, summary="no")).drops_metadata
