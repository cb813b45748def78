"""What Jira refuses over real HTTP, in English and in German: the same decision, a valid shape."""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest

from app.jira.client import JiraClient
from app.jira.errors import (
    GrantRefused,
    JiraError,
    JiraRateLimited,
    JiraRefused,
    JiraUnauthorized,
    JiraUnavailable,
)
from app.jira.types import IssueDraft
from tests.support import settings

PLAIN = {"type": "doc", "version": 1, "content": [{"type": "paragraph"}]}


def create(project: str = "10000", type_: str = "10001", **fields: Any) -> Callable[..., Any]:
    wanted = {"project": {"id": project}, "issuetype": {"id": type_}, "summary": "Fix it"}
    return lambda client: client.create_issue(IssueDraft(wanted | fields))


class Refusal(NamedTuple):
    name: str
    act: Callable[[JiraClient], Any]
    status: int
    fields: tuple[str, ...] = ()


REFUSALS = [
    Refusal("no summary", create(summary=""), 400, ("summary",)),
    Refusal("a summary of two lines", create(summary="a\nb"), 400, ("summary",)),
    Refusal("a summary too long", create(summary="x" * 256), 400, ("summary",)),
    Refusal("an unknown project", create("1"), 400, ("project",)),
    Refusal("an unknown type", create(type_="1"), 400, ("issuetype",)),
    Refusal("an unknown field", create(customfield_1="x"), 400, ("customfield_1",)),
    Refusal("a description in words", create(description="words"), 400, ("description",)),
    Refusal("a bad date", create(duedate="tomorrow"), 400, ("duedate",)),
    Refusal("an unknown assignee", create(assignee={"accountId": "x"}), 400, ("assignee",)),
    Refusal("an unknown issue", lambda client: client.edit_issue("1", {"summary": "x"}), 404),
    Refusal("its screen", lambda client: client.editable_fields("1"), 404),
    Refusal("its transitions", lambda client: client.transitions("1"), 404),
    Refusal("its property", lambda client: client.set_issue_property("1", "p", {}), 404),
    Refusal("an unbounded search", lambda client: client.search("order by key"), 400),
    Refusal("an unknown permission", lambda client: client.permissions(["FLY"]), 400, ("FLY",)),
    Refusal("an unknown project's people", lambda c: c.assignable_people("NONE", "maya"), 404),
]


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda refusal: refusal.name)
def test_what_is_wrong_is_refused(exchanges, client, jira, refusal, language):
    jira.control.set(language=language)

    with pytest.raises(JiraRefused) as caught:
        refusal.act(client)

    assert caught.value.status == refusal.status
    assert set(caught.value.field_errors) == set(refusal.fields)
    assert caught.value.sentence
    assert caught.value.trace_id


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_lost_permission_is_refused(exchanges, client, jira, language):
    issue = create()(client)
    jira.control.set(language=language)
    jira.control.deny("CREATE_ISSUES", "PLAT", "acme-eng")
    jira.control.deny("EDIT_ISSUES", "PLAT", "acme-eng")

    for act in (create(), lambda client: client.edit_issue(issue.id, {"summary": "x"})):
        with pytest.raises(JiraRefused) as caught:
            act(client)
        assert caught.value.status in (400, 403)

    names = ["CREATE_ISSUES", "EDIT_ISSUES", "BROWSE_PROJECTS"]
    assert list(client.permissions(names, project_key="PLAT").values()) == [False, False, True]


def test_an_issue_out_of_sight_is_absent_without_a_word(exchanges, client, jira):
    issue = create()(client)
    jira.control.deny("BROWSE_PROJECTS", "PLAT", "acme-eng")

    found = client.bulk_fetch([issue.id])

    assert (found, found.unreadable) == ([], set())
    assert client.permissions(["BROWSE_PROJECTS"], project_id="10000") == {"BROWSE_PROJECTS": False}


def test_all_of_many_issues_may_be_refused(exchanges, client):
    wanted = {"project": {"id": "1"}, "issuetype": {"id": "10001"}, "summary": "x"}

    outcome = client.create_issues([IssueDraft(wanted)] * 3)

    assert outcome.created == []
    assert [set(error.field_errors) for error in outcome.errors.values()] == [{"project"}] * 3


def unreadable(jira):
    """Lets Jira's converter fail on a text, and gives a draft that holds it."""
    jira.control.choke("unreadable", in_plain=True)
    text = {"type": "text", "text": "unreadable"}
    document = {**PLAIN, "content": [{"type": "paragraph", "content": [text]}]}
    fields = {"project": {"id": "10000"}, "issuetype": {"id": "10001"}, "summary": "x"}
    return IssueDraft(fields | {"description": document})


def test_an_unreadable_description_is_refused_without_its_name(exchanges, client, jira):
    bad = unreadable(jira)

    error = refused_by(lambda: client.create_issue(bad), JiraRefused)

    assert (error.status, error.messages, error.field_errors) == (400, ("INVALID_INPUT",), {})


def test_one_unreadable_description_refuses_all_of_a_bulk(exchanges, client, jira):
    bad = unreadable(jira)
    good = IssueDraft({**bad.fields, "description": PLAIN})

    error = refused_by(lambda: client.create_issues([good, bad]), JiraRefused)

    assert (error.status, error.field_errors) == (400, {})
    assert jira.control.issues() == []


def test_a_bulk_may_be_too_large(exchanges, client, jira):
    jira.control.set(largest_bulk=100)
    wanted = {"project": {"id": "10000"}, "issuetype": {"id": "10001"}, "summary": "x"}

    error = refused_by(lambda: client.create_issues([IssueDraft(wanted)] * 3), JiraRefused)

    assert (error.status, error.field_errors) == (413, {})


@pytest.mark.parametrize(
    ("permission", "field", "value"),
    [("SCHEDULE_ISSUES", "duedate", "2026-12-01"), ("ASSIGN_ISSUES", "assignee", None)],
)
def test_a_field_may_need_a_permission(exchanges, client, jira, permission, field, value):
    issue = create()(client)
    jira.control.deny(permission, "PLAT", "acme-eng")

    for act in (create(**{field: value}), lambda c: c.edit_issue(issue.id, {field: value})):
        error = refused_by(lambda act=act: act(client), JiraRefused)
        assert (error.status, set(error.field_errors)) == (400, {field})

    names = ["EDIT_ISSUES", permission, "SET_ISSUE_SECURITY"]
    assert list(client.permissions(names, project_key="PLAT").values()) == [True, False, True]


def refused_by(act: Callable[[], Any], kind: type[JiraError]) -> Any:
    with pytest.raises(kind) as caught:
        act()
    assert type(caught.value) is kind
    return caught.value


def test_a_token_a_scope_and_a_site_can_be_lost(exchanges, client, connect, jira):
    narrow = connect(scopes=["read:jira-work", "read:jira-user"])
    assert refused_by(lambda: create()(narrow), JiraUnauthorized).reason == "scope"

    nowhere = JiraClient(api_url=jira.url, cloud_id="none", access_token="t")
    assert refused_by(nowhere.myself, JiraUnauthorized).reason in ("site", "token")

    jira.control.expire_access_tokens()
    assert refused_by(client.myself, JiraUnauthorized).reason == "token"


def test_a_site_can_be_suspended(exchanges, client, jira):
    jira.control.remove_site("acme-eng")

    assert refused_by(client.myself, JiraUnauthorized).reason == "site"


def test_jira_may_ask_to_slow_down(exchanges, client, jira):
    reason = "jira-quota-tenant-based"
    jira.control.fault("rate_limit", retry_after=17, reason=reason, times=1)

    error = refused_by(client.myself, JiraRateLimited)

    assert (error.retry_after, error.reason) == (17, reason)


@pytest.mark.parametrize("kind", ["error", "unavailable"])
def test_jira_may_be_down(exchanges, client, jira, kind):
    jira.control.fault(kind, times=1)

    assert refused_by(lambda: create()(client), JiraUnavailable).outcome_unknown


@pytest.mark.parametrize(("kind", "created"), [("drop_before", 0), ("drop_after", 1)])
def test_a_dropped_connection_leaves_it_open_whether_there_is_an_issue(client, jira, kind, created):
    jira.control.fault(kind, times=1)

    assert refused_by(lambda: create()(client), JiraUnavailable).outcome_unknown
    assert len(jira.control.issues()) == created


def test_a_code_works_once(exchanges, jira, oauth):
    code = jira.control.consent(oauth.authorization_url("s")).partition("code=")[2]
    oauth.exchange(code)

    refused_by(lambda: oauth.exchange(code), JiraRefused)


def test_a_revoked_grant_is_dead(exchanges, jira, oauth):
    refresh_token = jira.control.issue_tokens()["refresh_token"]
    jira.control.revoke()

    refused_by(lambda: oauth.refresh(refresh_token), GrantRefused)


def test_a_wrong_client_secret_leaves_the_grant_alive(exchanges, jira, oauth):
    refresh_token = jira.control.issue_tokens()["refresh_token"]
    jira.control.client(client_secret="rotated")
    try:
        error = refused_by(lambda: oauth.refresh(refresh_token), JiraUnavailable)
    finally:
        jira.control.client(client_secret=settings.CLIENT_SECRET)

    assert error.misconfigured
    assert oauth.refresh(refresh_token).access_token
