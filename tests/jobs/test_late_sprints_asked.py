"""What the search for late sprints costs, and what it leaves behind (design.md §2.10)."""

import pytest

from tests.jobs.owed_sprint import asked, begin, created, later, sprints
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.usefixtures("one_by_one")]


@pytest.mark.parametrize("fault", ["unavailable", "rate_limit"])
def test_a_search_that_fails_is_asked_once_for_all_of_a_project(sprint, drain, fault):
    sprint.jira.control.fault("unavailable", "search")
    created(sprint, drain)
    number = begin(sprint)
    sprint.jira.control.clear_faults()
    sprint.jira.control.fault(fault, "search")

    later(drain, seconds=61)

    assert asked(sprint) == ["search"]
    sprint.jira.control.clear_faults()
    later(drain, minutes=5)
    assert sprints(sprint) == [[number]] * 5


def test_a_search_that_is_refused_is_not_asked_again_for_ten_minutes(sprint, drain):
    sprint.jira.control.fault("unavailable", "search")
    created(sprint, drain)
    sprint.jira.control.clear_faults()
    sprint.jira.control.fault("status", "search", status=400, body={"errorMessages": ["No"]})

    later(drain, seconds=61)
    later(drain, minutes=3)
    later(drain, minutes=5)

    assert asked(sprint) == ["search"]
