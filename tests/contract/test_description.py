"""The checker itself: it takes what Atlassian writes, and nothing that differs from it."""

import json

import pytest

from app.jira.oauth import SCOPES
from tests.contract.openapi import Exchange

CREATION = {"fields": {"summary": "x"}, "properties": [{"key": "k", "value": 1}]}
CREATED = {"id": "1", "key": "P-1", "self": "https://api.test/rest/api/3/issue/1"}


def exchange(method="POST", path="/issue", body=CREATION, status=201, answer=CREATED, **changes):
    facts = {
        "method": method,
        "url": f"https://api.test/ex/jira/cloud-1/rest/api/3{path}",
        "request_headers": {"Authorization": "Bearer t", "Content-Type": "application/json"},
        "request_body": json.dumps(body).encode() if body is not None else b"",
        "status": status,
        "headers": {"Content-Type": "application/json;charset=UTF-8"},
        "body": json.dumps(answer).encode() if answer is not None else b"",
    }
    return Exchange(**(facts | changes))


def get(path, answer, status=200):
    return exchange("GET", path, None, status, answer)


def test_what_is_right_has_no_faults(description):
    assert description.faults(exchange()) == []


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        (exchange(path="/issues"), "no such operation"),
        (exchange(method="PATCH"), "no such operation"),
        (exchange(request_headers={"Content-Type": "application/json"}), "not signed"),
        (exchange(request_headers={"Authorization": "Bearer t"}), "not declared to be JSON"),
        (exchange(body={"fields": [], "properties": []}), "fields"),
        (exchange(body=CREATION | {"field": {}}), "'field' was unexpected"),
        (exchange(body={"properties": [{"name": "k"}]}), "'name' was unexpected"),
        (exchange(path="/issue?notify=true"), "notify is not declared"),
        (exchange(path="/issue?updateHistory=yes"), "updateHistory cannot be 'yes'"),
        (exchange(status=202), "202 is not declared"),
        (exchange(answer={"id": 1}), "id"),
        (exchange(answer=CREATED | {"name": "x"}), "'name' was unexpected"),
        (exchange(headers={"Content-Type": "text/html"}), "not declared to be JSON"),
        (exchange(status=400, answer={"errorMessages": "no list"}), "errorMessages"),
        (exchange(path="/issue/bulkfetch", body={}, status=200), "'issueIdsOrKeys' is a required"),
        (exchange(path="/search/jql", body={"query": "x"}, status=200), "'query' was unexpected"),
        (get("/project/search?maxResults=200", {}), "maxResults cannot be '200'"),
        (get("/project/search?orderBy=size", {}), "orderBy cannot be 'size'"),
        (get("/project/search?startAt=a", {}), "startAt cannot be 'a'"),
        (get("/webhook", {"values": [{"id": 1}]}), "required property"),
        (get("/myself", {"accountType": "robot"}), "accountType"),
    ],
)
def test_what_is_wrong_is_named(description, wrong, words):
    assert words in " ".join(description.faults(wrong))


def test_a_body_where_none_belongs_is_a_fault(description):
    assert "where none is declared" in description.faults(exchange("GET", "/myself"))[0]


@pytest.mark.parametrize("status", [401, 404, 429, 503])
def test_the_gateway_may_answer_anything(description, status):
    gateway = exchange(status=status, answer=None, body=CREATION)

    assert description.faults(gateway) == []


def test_a_path_of_its_own_is_told_from_a_placeholder(description):
    found = description.operation("POST", "/rest/api/3/issue/bulkfetch")

    assert found.id == "bulkFetchIssues"


def test_our_scopes_cover_every_operation_and_no_more(description):
    needed = frozenset().union(*(operation.scopes for operation in description.operations()))

    assert needed | {"offline_access"} == set(SCOPES)
