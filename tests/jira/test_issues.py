"""Creating, editing, reading and finding issues."""

from datetime import UTC, date, datetime

import pytest
from responses import matchers

from app.jira.errors import JiraRateLimited, JiraRefused, JiraUnavailable
from app.jira.types import CreatedIssue, IssueDraft
from tests.jira.addresses import REST_URL

ISSUE = f"{REST_URL}/issue"
BULK = f"{REST_URL}/issue/bulk"
BULK_FETCH = f"{REST_URL}/issue/bulkfetch"
SEARCH = f"{REST_URL}/search/jql"
DRAFTS = [IssueDraft(fields={"summary": f"Item {number}"}) for number in range(3)]

FULL = {
    "id": 10012,
    "key": "PLAT-13",
    "fields": {
        "summary": "Fix flaky build",
        "status": {"name": "Erledigt", "statusCategory": {"id": 3, "key": "done"}},
        "resolution": {"name": "Done"},
        "project": {"id": "10000", "key": "PLAT"},
        "issuetype": {"id": "10001"},
        "assignee": {"accountId": "a1"},
        "duedate": "2026-12-01",
        "created": "2026-11-20T11:16:02.927-0600",
        "updated": "2026-11-24T09:20:00.128+0900",
        "statuscategorychangedate": "2026-11-24T09:20:00.120Z",
    },
    "properties": {"unpack.action-item": {"link": "l1"}},
}


def body_of(body):
    return matchers.json_params_matcher(body)


def failed(number: object, status: object = 400, **errors: str) -> dict[str, object]:
    said = {"errorMessages": [], "errors": errors}
    return {"status": status, "elementErrors": said, "failedElementNumber": number}


def test_an_issue_is_created_with_its_property(atlassian, client):
    draft = IssueDraft({"summary": "Fix flaky build"}, {"unpack.action-item": {"id": "i1"}})
    wanted = {
        "fields": {"summary": "Fix flaky build"},
        "properties": [{"key": "unpack.action-item", "value": {"id": "i1"}}],
    }
    created = {"id": "10012", "key": "PLAT-13", "self": "https://…", "transition": None}
    atlassian.post(ISSUE, status=201, json=created, match=[body_of(wanted)])

    assert client.create_issue(draft) == CreatedIssue(id="10012", key="PLAT-13")


def test_some_of_many_issues_may_fail(atlassian, client):
    answer = {
        "issues": [{"id": "2", "key": "PLAT-2"}, {"id": "1", "key": "PLAT-1"}],
        "errors": [failed(1, duedate="Not on the screen.")],
    }
    atlassian.post(BULK, status=201, json=answer)

    outcome = client.create_issues(DRAFTS)

    assert {created.key for created in outcome.created} == {"PLAT-1", "PLAT-2"}
    assert list(outcome.errors) == [1]
    assert isinstance(outcome.errors[1], JiraRefused)
    assert outcome.errors[1].field_errors == {"duedate": "Not on the screen."}


@pytest.mark.parametrize("issues", [[], None])
def test_all_of_many_issues_may_fail(atlassian, client, issues):
    answer = {"issues": issues, "errors": [failed(0, a="A"), failed(1, b="B"), failed(2, c="C")]}
    atlassian.post(BULK, status=400, json=answer)

    outcome = client.create_issues(DRAFTS)

    assert outcome.created == []
    assert [error.sentence for error in outcome.errors.values()] == ["A", "B", "C"]


def test_one_of_many_may_fail_for_jiras_own_reasons(atlassian, client):
    answer = {"issues": [{"id": "1", "key": "P-1"}], "errors": [failed(0, 500), failed(1, 429)]}
    atlassian.post(BULK, status=201, json=answer)

    errors = client.create_issues(DRAFTS).errors

    assert isinstance(errors[0], JiraUnavailable)
    assert errors[0].outcome_unknown
    assert isinstance(errors[1], JiraRateLimited)


@pytest.mark.parametrize(
    "body",
    [
        {"errorMessages": ["There was an error parsing JSON."]},
        {"errorMessages": [], "errors": {"issueUpdates": "Too many."}},
        {"issues": [], "errors": []},
        {"issues": [], "errors": [None]},
    ],
)
def test_many_issues_may_be_refused_as_a_whole(atlassian, client, body):
    atlassian.post(BULK, status=400, json=body)

    with pytest.raises(JiraRefused):
        client.create_issues(DRAFTS)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"issues": None, "errors": None},
        {"issues": [{"id": "1"}], "errors": []},
        {"issues": [{"id": "1", "key": "P-1"}], "errors": [failed(None)]},
        {"issues": [{"id": "1", "key": "P-1"}], "errors": [failed(3)]},
        {"issues": [{"id": "1", "key": "P-1"}], "errors": [None]},
    ],
)
def test_an_unclear_answer_leaves_all_of_many_in_doubt(atlassian, client, body):
    atlassian.post(BULK, status=201, json=body)

    with pytest.raises(JiraUnavailable) as caught:
        client.create_issues(DRAFTS)

    assert caught.value.outcome_unknown


@pytest.mark.parametrize("count", [0, 51])
def test_many_is_at_most_fifty(client, count):
    with pytest.raises(ValueError, match="50"):
        client.create_issues([DRAFTS[0]] * count)


@pytest.mark.parametrize("answer", [{"body": ""}, {"json": {}}, {"json": {"id": "10012"}}])
def test_an_edit_sends_what_it_is_given(atlassian, client, answer):
    wanted = {"fields": {"summary": "New", "assignee": None}}
    atlassian.put(f"{ISSUE}/10012", match=[body_of(wanted)], **answer)

    assert client.edit_issue("10012", {"summary": "New", "assignee": None}) is None


def test_an_edit_tells_the_key_of_an_issue_that_was_moved(atlassian, client):
    asked = matchers.query_param_matcher({"returnIssue": "true"})
    atlassian.put(f"{ISSUE}/10012", json=FULL | {"key": "MOB-4"}, match=[asked])

    assert client.edit_issue("10012", {"summary": "New"}).key == "MOB-4"


def test_a_log_in_page_is_not_taken_for_a_finished_edit(atlassian, client):
    atlassian.put(f"{ISSUE}/10012", status=200, body="<html>Log in</html>")

    with pytest.raises(JiraUnavailable) as caught:
        client.edit_issue("10012", {"summary": "New"})

    assert caught.value.outcome_unknown


def test_an_issue_is_read_whole(atlassian, client):
    atlassian.post(BULK_FETCH, json={"issues": [FULL], "issueErrors": []})

    [issue] = client.bulk_fetch(["10012"], fields=["status"], properties=["unpack.action-item"])

    assert (issue.id, issue.key, issue.summary) == ("10012", "PLAT-13", "Fix flaky build")
    assert (issue.status_category, issue.status_name) == ("done", "Erledigt")
    assert (issue.project_id, issue.project_key) == ("10000", "PLAT")
    assert (issue.issue_type_id, issue.assignee_id) == ("10001", "a1")
    assert (issue.resolution, issue.due_date) == ("Done", date(2026, 12, 1))
    assert issue.created == datetime(2026, 11, 20, 17, 16, 2, 927000, tzinfo=UTC)
    assert issue.updated == datetime(2026, 11, 24, 0, 20, 0, 128000, tzinfo=UTC)
    assert issue.status_changed == datetime(2026, 11, 24, 9, 20, 0, 120000, tzinfo=UTC)
    assert issue.properties == {"unpack.action-item": {"link": "l1"}}


@pytest.mark.parametrize(
    "fields",
    [None, {}, "odd", dict.fromkeys(FULL["fields"]), dict.fromkeys(FULL["fields"], "odd")],
)
def test_an_issue_is_read_though_every_field_is_missing_null_or_odd(atlassian, client, fields):
    answer = {"issues": [{"id": "1", "key": "PLAT-1", "fields": fields, "properties": None}]}
    atlassian.post(BULK_FETCH, json=answer)

    [issue] = client.bulk_fetch(["1"])

    assert (issue.id, issue.project_key) == ("1", "PLAT")
    assert issue.status_category is None
    assert issue.updated is None


@pytest.mark.parametrize("issue", [None, {"key": "P-1"}, {"id": "1", "key": None}])
def test_an_unreadable_issue_does_not_look_deleted(atlassian, client, issue):
    atlassian.post(BULK_FETCH, json={"issues": [issue]})

    with pytest.raises(JiraUnavailable):
        client.bulk_fetch(["1"])


def test_issues_are_read_by_the_hundred(atlassian, client):
    ids = [str(number) for number in range(250)]
    for slice_ in (ids[:100], ids[100:200], ids[200:]):
        wanted = {"issueIdsOrKeys": slice_, "fields": ["status"]}
        found = {"issues": [{"id": slice_[0], "key": "P-1"}]}
        atlassian.post(BULK_FETCH, json=found, match=[body_of(wanted)])

    assert [issue.id for issue in client.bulk_fetch(ids, fields=["status"])] == ["0", "100", "200"]


def test_reading_no_issues_asks_nothing(atlassian, client):
    assert client.bulk_fetch([]) == []


def test_an_issue_that_jira_could_not_return_is_told_from_one_that_is_gone(atlassian, client):
    errors = [{"id": "2", "errorMessage": "Try again"}, None, {}]
    atlassian.post(BULK_FETCH, json={"issues": [], "issueErrors": errors})

    assert client.bulk_fetch(["1", "2"]).unreadable == {"2"}


def test_jira_is_asked_for_at_most_five_properties(client):
    with pytest.raises(ValueError, match="5"):
        client.search("project = PLAT", properties=list("abcdef"))


def test_a_search_reads_every_page(atlassian, client):
    first = {"jql": "project = PLAT", "maxResults": 100, "fields": ["id"], "properties": ["p"]}
    page = {"issues": [{"id": "1", "key": "P-1"}], "nextPageToken": "t2", "isLast": False}
    atlassian.post(SEARCH, json=page, match=[body_of(first)])
    empty = {"issues": [], "nextPageToken": "t3"}
    atlassian.post(SEARCH, json=empty, match=[body_of(first | {"nextPageToken": "t2"})])
    last = {"issues": [{"id": "2", "key": "P-2"}], "isLast": True, "nextPageToken": "odd"}
    atlassian.post(SEARCH, json=last, match=[body_of(first | {"nextPageToken": "t3"})])

    found = client.search("project = PLAT", properties=["p"])

    assert [issue.key for issue in found] == ["P-1", "P-2"]


def test_a_search_ends_where_there_is_no_next_page(atlassian, client):
    atlassian.post(SEARCH, json={"issues": []})

    assert client.search("project = PLAT") == []


@pytest.mark.parametrize(
    "body", [{}, {"issues": None}, {"issues": [], "nextPageToken": "again", "isLast": False}]
)
def test_a_search_that_is_not_whole_is_not_taken_for_one_that_found_nothing(
    atlassian, client, body
):
    atlassian.post(SEARCH, json=body)

    with pytest.raises(JiraUnavailable):
        client.search("project = PLAT")


def test_a_property_is_written(atlassian, client):
    url = f"{ISSUE}/10012/properties/unpack.test"
    atlassian.put(url, status=201, match=[body_of({"sent": 1})])

    client.set_issue_property("10012", "unpack.test", {"sent": 1})


def test_an_id_cannot_lead_to_another_path(atlassian, client):
    atlassian.put(f"{ISSUE}/..%2Fmyself%3Fa", status=204)

    client.edit_issue("../myself?a", {})
