"""What Jira refuses of a mapping's field values, kind by kind: an optional one never blocks.

field x optional or required x create or update x permission, with what each costs in requests.
"""

from datetime import timedelta
from typing import Any

import pytest

from app import clock
from app.extensions import db
from app.jira import transport
from app.jira.types import Call
from app.models import IssueLink, JiraProject, LinkState, MappingValue, ProjectMapping
from app.models.field_note import NoteReason, notes_of
from tests.jobs.restored.after_restoring import write
from tests.jobs.values_of_kind import chosen, creates, sent_with, with_one_item
from tests.support import factories
from tests.support.field_value_examples import EXAMPLES
from tests.support.later import LaterClock
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

PERMISSIONS = {"reporter": "MODIFY_REPORTER", "security-level": "SET_ISSUE_SECURITY"}
FILLED_BY_JIRA = {"reporter", "priority"}  # though the screen says that they are required
every_kind = pytest.mark.parametrize("code", EXAMPLES)


@pytest.fixture
def kind(acme):
    return with_one_item(acme)


def committed(acme, drain, drains: int = 1) -> IssueLink:
    acme.jira.control.clear_requests()
    acme.commit_items()
    for _ in range(drains):
        drain()
    db.session.expire_all()
    [link] = acme.links
    return link


def held(acme, field_id: str) -> object:
    [issue] = acme.issues()
    return issue["fields"].get(field_id)


def reason_of(link: IssueLink, field_id: str) -> NoteReason:
    return notes_of(link)[field_id].reason


@every_kind
def test_an_optional_value_that_is_refused_costs_one_request_and_stays_out(kind, drain, code):
    field_id = chosen(kind, code)
    kind.jira.control.refuse_field(field_id, "KIND")

    link = committed(kind, drain)

    assert link.state is LinkState.SYNCED
    assert creates(kind) == [400, 201]
    assert reason_of(link, field_id) is NoteReason.REFUSED

    write(kind.items[0], title="Another title")
    drain()
    # It goes with creates alone: an edit has nothing to be refused.
    assert [each["status"] for each in kind.jira.control.requests("edit")] == [200]


def test_what_is_refused_together_is_read_once(kind, drain):
    """The screen of creates, as it is now, is the same for all that was refused before."""
    owner = kind.items[0].assignee
    for number in range(3):
        factories.action_item(kind.retrospective, f"Action {number}", assignee=owner)
    field_id = chosen(kind, "select")
    kind.jira.control.refuse_field(field_id, "KIND")
    kind.jira.control.clear_requests()

    kind.commit_items()
    drain()

    assert [link.state for link in kind.links] == [LinkState.SYNCED] * 4
    refused = next(each for each in kind.jira.control.requests() if each["status"] == 400)
    assert len(kind.jira.control.requests("createmeta_fields", refused["number"])) == 1


def test_it_is_left_out_at_once_however_long_the_refusal_took(kind, drain):
    field_id = chosen(kind, "select")
    kind.jira.control.refuse_field(field_id, "KIND")
    ours = LaterClock(timedelta(0))

    def slow(call: Call) -> None:
        if call.status == 400:
            ours.later = timedelta(seconds=45)

    with clock.use(ours), transport.called.connected_to(slow):
        link = committed(kind, drain)

    assert (link.state, creates(kind)) == (LinkState.SYNCED, [400, 201])


@pytest.mark.parametrize("code", sorted(EXAMPLES.keys() - FILLED_BY_JIRA))
def test_a_required_value_that_is_refused_is_said_at_once(kind, drain, code):
    field_id = chosen(kind, code, required=True)
    kind.jira.control.refuse_field(field_id, "KIND")

    link = committed(kind, drain, drains=4)

    assert link.state is LinkState.ERROR
    assert kind.issues() == []
    [name] = link.failure_fields
    assert name == db.session.query(MappingValue).one().name


@pytest.mark.parametrize("code", sorted(FILLED_BY_JIRA))
def test_what_jira_fills_in_itself_is_never_demanded(kind, drain, code):
    field_id = chosen(kind, code, required=True)
    kind.jira.control.refuse_field(field_id, "KIND")

    link = committed(kind, drain)

    assert link.state is LinkState.SYNCED
    assert creates(kind) == [400, 201]


@every_kind
def test_a_field_that_left_the_screen_costs_nothing(kind, drain, code):
    field_id = chosen(kind, code)
    kind.jira.control.remove_field(field_id, "KIND")

    link = committed(kind, drain)

    assert link.state is LinkState.SYNCED
    assert creates(kind) == [201]
    assert reason_of(link, field_id) is NoteReason.NOT_ON_SCREEN


def test_a_validator_that_names_no_field_costs_one_request_and_all_optional_values(kind, drain):
    ids = [chosen(kind, code) for code in ("text", "select", "components")]
    kind.jira.control.forbid_field("text", "KIND")

    link = committed(kind, drain)

    assert link.state is LinkState.SYNCED
    assert creates(kind) == [400, 201]
    assert [bool(held(kind, each)) for each in ids] == [False] * 3
    assert {reason_of(link, each) for each in ids} == {NoteReason.REFUSED}


def test_a_validator_that_wants_more_costs_one_request_more_with_each_try(kind, drain):
    chosen(kind, "select")
    kind.jira.control.demand_field("text", "KIND")

    link = committed(kind, drain)

    assert kind.issues() == []
    assert creates(kind) == [400, 400] * link.tries
    assert link.state is LinkState.ERROR


@pytest.mark.parametrize("code", PERMISSIONS)
def test_a_permission_lost_since_the_check_costs_one_request(kind, drain, code):
    field_id = chosen(kind, code)
    kind.jira.control.deny(PERMISSIONS[code], "KIND")

    link = committed(kind, drain)

    assert link.state is LinkState.SYNCED
    assert creates(kind) == [400, 201]
    assert field_id in notes_of(link)


def test_a_value_and_the_description_cost_two(kind, drain):
    field_id = chosen(kind, "select")
    kind.jira.control.refuse_field(field_id, "KIND")
    write(kind.items[0], description="An **unreadable** word")
    kind.jira.control.choke("unreadable")

    link = committed(kind, drain)

    assert link.state is LinkState.SYNCED
    assert creates(kind) == [400, 400, 201]
    assert set(notes_of(link)) == {field_id, "description"}


def epic(acme) -> dict[str, Any]:
    made: dict[str, Any] = acme.jira.control.create_issue(
        "KIND", "Reliability", type="Epic", customfield_10011="Reliability"
    )
    return made


def gone(acme, issue: dict[str, Any]) -> None:
    acme.jira.control.delete_issue(issue["key"])


def beneath_another(acme, issue: dict[str, Any]) -> None:
    """It is a task by now: Jira then names a field that nobody sent."""
    acme.jira.control.move_issue(issue["key"], "OPS")


@pytest.mark.parametrize("happened", [gone, beneath_another])
@pytest.mark.parametrize("required", [False, True])
def test_a_parent_that_is_none_any_more(kind, drain, happened, required):
    parent = epic(kind)
    field_id = sent_with(
        kind, "parent", {"id": parent["id"], "label": "Reliability"}, required=required
    )
    happened(kind, parent)

    link = committed(kind, drain)

    assert link.state is (LinkState.ERROR if required else LinkState.SYNCED)
    if required:
        assert link.failure_fields == ["Parent"]
    else:
        assert creates(kind) == [400, 201]
        assert reason_of(link, field_id) is NoteReason.REFUSED


def test_a_sprint_that_closed_meanwhile_is_refused_without_a_name(kind, drain):
    """What is active is asked for once in ten minutes; it may close within them."""
    field_id = sent_with(kind, "sprint", {"board": None, "label": ""})
    number = kind.jira.control.create_sprint("KIND", "Sprint 15")["id"]
    kind.jira.control.create_issue("KIND", "In it", **{field_id: number})
    target = db.session.query(ProjectMapping).one()
    project = {"project_id": target.project_id, "key": "KIND", "name": "Kinds"}
    db.session.add(JiraProject(connection_id=kind.connection.id, may_create=True, **project))
    assert committed(kind, drain).state is LinkState.SYNCED
    assert creates(kind) == [201]
    kind.jira.control.bring_sprint(number, "closed")
    factories.action_item(kind.retrospective, "One more")
    kind.jira.control.clear_requests()

    kind.commit_items()
    drain()

    db.session.expire_all()
    first, second = kind.links
    assert {first.state, second.state} == {LinkState.SYNCED}
    assert creates(kind) == [400, 201]
    assert field_id not in notes_of(first)
    assert field_id in notes_of(second)
