"""Whose Jira account an e-mail address is (jira-platform.md §2.8)."""

import pytest

from app.jira.types import Person
from app.models import MatchState
from app.services.people.matches import match

EMAIL = "maya@acme.test"


def person(account_id="maya", email: str | None = EMAIL, active=True, kind="atlassian") -> Person:
    return Person(account_id, "Maya", email, active, kind)


@pytest.mark.parametrize(
    ("people", "state", "account_id"),
    [
        ([person()], MatchState.MATCHED, "maya"),
        ([person(email="MAYA@acme.test")], MatchState.MATCHED, "maya"),
        ([person(email=None)], MatchState.HIDDEN, "maya"),
        ([person(), person("other", "maya@acme.test.example")], MatchState.MATCHED, "maya"),
        ([person(email=None), person("other", None)], MatchState.SEVERAL, None),
        ([person(), person("twin")], MatchState.SEVERAL, None),
        ([person(email="other@acme.test")], MatchState.DIFFERENT, None),
        ([person(active=False)], MatchState.NONE, None),
        ([person(kind="app")], MatchState.NONE, None),
        ([], MatchState.NONE, None),
    ],
)
def test_only_an_unambiguous_account_is_a_match(people, state, account_id):
    found = match(people, EMAIL)

    assert (found.state, found.account_id) == (state, account_id)
