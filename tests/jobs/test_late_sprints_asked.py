"""What the search for late sprints costs, and what it leaves behind (design.md §2.10)."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.models import Level, Operation, Outcome
from app.operations.levels import level_counts
from app.operations.levels.promises import Counted
from app.services.outbound import owed_sprints
from tests.jobs.owed_sprint import FIELD, asked, begin, created, later, lines, sprints
from tests.jobs.restored.after_restoring import write
from tests.support.acme import acme as organization
from tests.support.inbound import deliver, listening
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


def test_a_late_refusal_leaves_the_end_of_the_create_as_it_was(sprint, drain):
    begin(sprint)
    sprint.jira.control.refuse_field("sprint", "KIND", when="*")
    created(sprint, drain)
    [ended] = [each.updated_at for each in lines(sprint, Operation.CREATE)]
    write(sprint.items[0], title="Another title")
    drain()

    later(drain, seconds=61)

    [create] = lines(sprint, Operation.CREATE)
    assert create.updated_at == ended
    assert [each.operation for each in create.attempts][-1] is Operation.UPDATE
    assert create.attempts[-1].outcome is Outcome.REFUSED
    [edit] = lines(sprint)
    assert [each.outcome for each in edit.attempts] == [Outcome.SUCCEEDED]
    assert commits().missed == 0


def test_our_own_late_sprint_is_nobodys_touch(sprint, drain):
    created(sprint, drain)
    listening(sprint)
    begin(sprint)

    with time_machine.travel(utcnow() + timedelta(minutes=10)):
        drain()
        assert lines(sprint)
        deliver(sprint, sprint.links[0])
        drain()

    assert sprint.links[0].jira_updated_at is not None
    assert sprint.links[0].action_item.touched_in_jira_at is None


def test_what_somebody_chooses_between_two_sends_stays(sprint, drain, monkeypatch):
    created(sprint, drain)
    number = begin(sprint)
    other = sprint.jira.control.create_sprint("KIND", "Next", state="future")["id"]
    first, theirs = sprint.links[0].id, sprint.links[4].issue_key
    arrived = owed_sprints.arrived

    with time_machine.travel(utcnow() + timedelta(minutes=10)) as traveller:

        def meanwhile(lease, owed, call) -> None:
            arrived(lease, owed, call)
            if owed.link_id == first:
                sprint.jira.control.edit_issue(theirs, **{FIELD: other})
                traveller.shift(6)

        monkeypatch.setattr(owed_sprints, "arrived", meanwhile)
        drain()

    assert sprints(sprint) == [*[[number]] * 4, [other]]


def test_what_could_not_be_sent_for_an_hour_is_given_up_and_stays_noted(sprint, drain):
    created(sprint, drain)
    begin(sprint)

    with time_machine.travel(utcnow() + timedelta(minutes=71)):
        write(sprint.items[0], title="Another title")
        drain()

    assert "search" not in asked(sprint)
    assert {link.sprint_due_at for link in sprint.links} == {None}
    assert sprints(sprint) == [None] * 5


def commits() -> Counted:
    return level_counts.of_organization(organization().id, utcnow())[Level.COMMITS]
