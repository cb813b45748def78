"""The judge of the active sprint that comes after the create."""

from typing import Any

import pytest

from tests.simulation.auditor.memory import SPRINT
from tests.simulation.auditor.sprints import A_DRAIN, LOOKED_AT, LOOKED_FOR
from tests.simulation.scheduler import Process
from tests.simulation.watched import Watched

LATER = 1000.0 + LOOKED_FOR + A_DRAIN + 1.0
OURS, MAYA = "712020:0c8f6d1e-unpack", "maya"


def without() -> Watched:
    """An issue that was created without the sprint that was active."""
    watched = Watched()
    watched.auditor.sprint_chosen(1, True)
    watched.auditor.sprint_began(4380)
    watched.create(1000.0, 201)
    watched.happens("jira:issue_created", "KIND-1")
    return watched


def comes_to_be(watched: Watched, at: float, sprint: int) -> None:
    """Somebody in Jira puts the issue into a sprint."""
    watched.auditor.memory.now = at
    [issue] = watched.auditor.memory.issues.values()
    shown: dict[str, Any] = {
        "site": issue.site,
        "id": issue.id,
        "key": issue.key,
        "status": "10000",
    }
    shown |= {"fields": {**issue.fields, SPRINT: sprint}}
    shown |= {"properties": {"unpack.action-item": {"id": issue.item, "link": issue.link}}}
    event = {"kind": "jira:issue_updated", "issue": shown, "actor": MAYA, "changes": []}
    watched.auditor.jiras_event(event)


def looks(watched: Watched, at: float) -> list[str]:
    watched.auditor.memory.now = at
    watched.auditor.sprint_has_come()
    return watched.rules


def test_an_issue_that_stays_without_is_found() -> None:
    watched = without()

    assert looks(watched, LATER - 2.0) == []
    assert looks(watched, LATER) == ["sprint-comes"]


@pytest.mark.parametrize("why", ["it is in one", "it ended", "no longer wanted", "Jira was away"])
def test_there_are_reasons_to_stay_without(why: str) -> None:
    watched = without()
    if why == "it is in one":
        comes_to_be(watched, 1100.0, 4380)
    elif why == "it ended":
        watched.auditor.sprint_ended(4380)
    elif why == "no longer wanted":
        watched.auditor.memory.now = 1100.0
        watched.auditor.sprint_chosen(1, False)
    else:
        watched.asks_in_vain(1100.0, Process("drain", about=1))

    assert looks(watched, LATER) == []


@pytest.mark.parametrize(
    ("after", "rules"), [(LOOKED_AT - 1, []), (LOOKED_AT + 1, ["sprint-is-theirs"])]
)
def test_what_somebody_chose_in_jira_is_not_taken_away(after: float, rules: list[str]) -> None:
    watched = without()
    comes_to_be(watched, 1100.0, 4381)

    watched.leaves(1100.0 + after, Process("drain"), **{SPRINT: "4380"})

    assert watched.rules == rules
