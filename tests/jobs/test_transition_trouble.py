"""What keeps an issue from the status that it owes, and who is told."""

import pytest

from app.clock import utcnow
from app.extensions import db
from app.models import (
    EntryState,
    FailureCode,
    Outcome,
    OwedCategory,
    ProjectMapping,
)
from app.services.outbound import links, owed_statuses
from tests.jobs.fields.editing import write
from tests.jobs.owing import asked, choose, complete, echo, in_jira, lines, listened, owed
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.fixture
def link(owing):
    return owing


def test_who_may_not_move_it_is_told_at_once(acme, drain, link):
    acme.jira.control.deny("TRANSITION_ISSUES", project="PLAT")
    complete(acme, link)

    drain()

    row = owed(link)
    assert (row.owed, row.due_at) == (OwedCategory.DONE, None)
    assert row.failure_code is FailureCode.NONE_OFFERED
    assert [(each.state, list(each.attempts)) for each in lines(link)] == [(EntryState.ERROR, [])]

    acme.jira.control.deny("TRANSITION_ISSUES", project="PLAT", on=False)
    links.request_sync(link.action_item)
    db.session.commit()
    drain()

    assert (in_jira(acme, link), owed(link).owed) == ("Done", None)
    assert [each.state for each in lines(link)] == [EntryState.SYNCED]


def test_a_refusal_is_tried_three_times_more_and_told_with_jiras_sentence(acme, drain, link):
    acme.jira.control.fault(
        "status", "transition", status=400, body={"errorMessages": ["Not now."]}
    )
    complete(acme, link)
    for _ in range(5):
        drain()

    row = owed(link)
    assert (row.tries, row.due_at, row.failure_code) == (4, None, FailureCode.STATUS_REFUSED)
    assert row.failure_message == "Not now."
    [line] = lines(link)
    assert line.state is EntryState.ERROR
    assert [each.outcome for each in line.attempts] == [Outcome.REFUSED] * 4
    assert link.tries == 0


def test_a_move_without_an_answer_is_looked_up_before_it_is_sent_again(acme, drain, link):
    acme.jira.control.fault("drop_after", "transition", times=1)
    complete(acme, link)
    drain()
    drain()

    assert in_jira(acme, link) == "Done"
    assert asked(acme).count("transition") == 1
    assert owed(link).owed is None
    assert [each.state for each in lines(link)] == [EntryState.SYNCED]


def test_what_needs_somebody_is_looked_at_again_once_it_changes(acme, drain):
    link = listened(acme)
    acme.jira.control.deny("TRANSITION_ISSUES", project="PLAT")
    complete(acme, link)
    drain()
    acme.jira.control.deny("TRANSITION_ISSUES", project="PLAT", on=False)
    acme.jira.control.transition_issue(link.issue_key, "In Progress")

    echo(acme, link, drain)
    drain()

    assert in_jira(acme, link) == "Done"


def test_an_outage_uses_up_the_tries_and_its_end_gives_them_back(acme, drain, link):
    acme.jira.control.fault("unavailable")
    complete(acme, link)
    for _ in range(5):
        drain()
    assert owed(link).failure_code is FailureCode.JIRA_UNAVAILABLE
    assert owed(link).due_at is None
    acme.jira.control.clear_faults()

    write(acme.links[1].action_item, title="Renamed")
    drain()
    drain()

    assert (in_jira(acme, link), owed(link).owed) == ("Done", None)


@pytest.mark.parametrize(
    ("workflow", "code", "fields"),
    [
        ("demanding", FailureCode.SCREEN_ASKS_MORE, ["Root cause"]),
        ("stepwise", FailureCode.NO_TRANSITION, None),
        ("no_done", FailureCode.NO_TRANSITION, None),
    ],
)
def test_what_only_a_person_can_do_is_told_at_once(acme, drain, link, workflow, code, fields):
    acme.jira.control.use_workflow(workflow, project="PLAT")
    complete(acme, link)

    drain()

    row = owed(link)
    assert (row.failure_code, row.failure_fields, row.due_at) == (code, fields, None)
    assert asked(acme) == ["bulkfetch", "transitions"]
    assert link.action_item.complete


@pytest.mark.parametrize(
    "workflow",
    ["one_done", "three_done", "two_ways", "resolution", "resolution_default"],
)
def test_whatever_the_workflow_the_chosen_status_is_reached(acme, drain, link, workflow):
    acme.jira.control.use_workflow(workflow, project="PLAT")
    complete(acme, link)

    drain()

    assert (in_jira(acme, link), owed(link).owed) == ("Done", None)
    assert acme.jira.control.issue(link.issue_key)["resolution"] == "10000"


def test_of_three_done_statuses_another_may_be_chosen(acme, drain, link):
    acme.jira.control.use_workflow("three_done", project="PLAT")
    choose(completed="10004")
    complete(acme, link)

    drain()

    assert in_jira(acme, link) == "Cancelled"


@pytest.mark.parametrize(
    ("workflow", "status", "kept"),
    [
        ("resolution_unlike", "10005", "10001"),
        ("resolution_optional", "10002", "10001"),
        ("resolution", "10002", "10001"),
        ("resolution_default", "10002", "10000"),  # what Jira suggests
        ("one_done", "10002", "10000"),  # what the workflow sets: its screen asks nothing
    ],
)
def test_the_chosen_resolution_goes_along_where_the_screen_has_one(
    acme, drain, link, workflow, status, kept
):
    acme.jira.control.use_workflow(workflow, project="PLAT")
    choose(completed=status, resolution="10001")
    complete(acme, link)

    drain()

    assert owed(link).owed is None
    assert acme.jira.control.issue(link.issue_key)["resolution"] == kept


def test_without_one_the_item_asks_for_it_and_goes_on_once_it_is_chosen(acme, drain, link):
    acme.jira.control.use_workflow("resolution_unlike", project="PLAT")
    choose(completed="10005")
    complete(acme, link)
    drain()
    assert owed(link).failure_code is FailureCode.RESOLUTION_NOT_CHOSEN
    assert owed(link).due_at is None

    choose(completed="10005", resolution="10000")
    owed_statuses.resolution_chosen(acme.connection.id, utcnow())
    db.session.commit()
    drain()

    assert (in_jira(acme, link), owed(link).owed) == ("Released", None)
    assert acme.jira.control.issue(link.issue_key)["resolution"] == "10000"


def test_where_the_chosen_one_is_not_listed_another_can_be_chosen(acme, drain, link):
    acme.jira.control.use_workflow("resolution_unlike", project="PLAT")
    choose(completed="10005", resolution="99999")
    complete(acme, link)
    drain()
    assert owed(link).failure_code is FailureCode.RESOLUTION_NOT_LISTED

    choose(completed="10005", resolution="10000")
    owed_statuses.resolution_chosen(acme.connection.id, utcnow())
    db.session.commit()
    drain()

    assert (in_jira(acme, link), owed(link).owed) == ("Released", None)


def test_a_demand_that_no_screen_shows_is_told_in_jiras_words(acme, drain, link):
    acme.jira.control.use_workflow("resolution_hidden", project="PLAT")
    complete(acme, link)
    for _ in range(5):
        drain()

    assert (owed(link).failure_code, owed(link).due_at) == (FailureCode.STATUS_REFUSED, None)
    assert "Resolution" in owed(link).failure_message


def test_elsewhere_its_only_done_status_is_taken_and_of_several_none(acme, drain, link):
    choose(completed="77777")
    for mapping in db.session.query(ProjectMapping):
        mapping.issue_type_id = "99999"
    db.session.commit()
    complete(acme, link)
    drain()
    assert owed(link).failure_code is FailureCode.SEVERAL_STATUSES

    acme.jira.control.use_workflow("one_done", project="PLAT")
    links.request_sync(link.action_item)
    db.session.commit()
    drain()

    assert (in_jira(acme, link), owed(link).owed) == ("Done", None)


def test_a_rule_that_moves_it_back_is_not_fought(acme, drain, link):
    acme.jira.control.send_back("Done", "To Do", project="PLAT")
    complete(acme, link)
    for _ in range(3):
        drain()

    assert asked(acme).count("transition") == 1
    assert (in_jira(acme, link), owed(link).owed) == ("To Do", None)
