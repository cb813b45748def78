"""People, the account itself, and the site."""

import pytest
from responses import matchers

from app.jira.errors import JiraUnavailable
from app.jira.types import Account, Person
from tests.jira.addresses import REST_URL

ASSIGNABLE = f"{REST_URL}/user/assignable/search"
MAYA = {
    "accountId": "a1",
    "accountType": "atlassian",
    "active": True,
    "displayName": "Maya Lindqvist",
    "emailAddress": "member1@acme.test",
}


def test_assignable_people_are_asked_for_once(atlassian, client):
    wanted = {"project": "PLAT", "query": "member1@acme.test", "maxResults": "1000"}
    atlassian.get(ASSIGNABLE, json=[MAYA], match=[matchers.query_param_matcher(wanted)])

    [maya] = client.assignable_people("PLAT", "member1@acme.test")

    assert maya == Person("a1", "Maya Lindqvist", "member1@acme.test", True, "atlassian")


@pytest.mark.parametrize("email", ["", None, 7])
def test_a_hidden_email_is_none(atlassian, client, email):
    atlassian.get(ASSIGNABLE, json=[MAYA | {"emailAddress": email}])

    assert client.assignable_people("PLAT", "maya")[0].email is None


def test_a_person_of_whom_nothing_is_said_is_not_taken_for_active(atlassian, client):
    atlassian.get(f"{REST_URL}/user/search", json=[{"accountId": "a2"}, {}, None, "odd"])

    assert client.people("maya") == [Person("a2", "", None, False, "unknown")]


def test_nobody_is_an_empty_list(atlassian, client):
    atlassian.get(f"{REST_URL}/user/search", json=[])

    assert client.people("tom") == []


@pytest.mark.parametrize("body", [None, {}, {"values": []}])
def test_an_answer_that_is_no_list_is_not_taken_for_nobody(atlassian, client, body):
    atlassian.get(ASSIGNABLE, json=body)

    with pytest.raises(JiraUnavailable):
        client.assignable_people("PLAT", "maya")


def test_the_account_tells_who_it_is(atlassian, client):
    body = MAYA | {"timeZone": "America/Chicago", "locale": "de_DE"}
    atlassian.get(f"{REST_URL}/myself", json=body)

    assert client.myself() == Account(
        "a1", "Maya Lindqvist", "member1@acme.test", True, "America/Chicago", "de_DE"
    )


def test_an_account_may_say_little(atlassian, client):
    atlassian.get(f"{REST_URL}/myself", json={"accountId": "a1", "displayName": None})

    assert client.myself() == Account("a1", "", None)
