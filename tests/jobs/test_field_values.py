"""What a mapping sends beside the synced fields: with each new issue, and with nothing else."""

from datetime import timedelta

import pytest
import time_machine

from app.clock import utcnow
from app.drain import claiming
from app.extensions import db
from app.models import (
    FailureCode,
    JiraProject,
    LinkState,
    MappingValue,
    MatchState,
    ProjectMapping,
)
from app.models.field_note import notes_of
from app.services.field_values.field_kinds import KINDS, kind_of
from app.services.grants import clients
from app.services.mapping import screens
from app.services.outbound import links
from tests.jobs.restored.after_restoring import write
from tests.support import factories
from tests.support.acme import person
from tests.support.matches import match
from tests.support.settings import NO_DELAYS

pytestmark = [pytest.mark.environment(**NO_DELAYS), pytest.mark.usefixtures("one_by_one")]

MAYA = "5c2e4f1a9d3b7a0e6c8d1f25"
RED, BLUE = {"id": "10201", "label": "Red"}, {"id": "10202", "label": "Blue"}


@pytest.fixture
def kind(acme):
    """Action items become Tasks of KIND."""
    acme.map_to("KIND")
    return acme


def on_screen(acme, in_jira: str, value, *, required: bool = False) -> str:
    """Put a field on the screen and have it sent. Returns its id."""
    field_id = acme.jira.control.add_field(in_jira, "KIND", type="Task", required=required)
    connection_id = acme.connection.id
    db.session.commit()
    client = clients.client_of(connection_id)
    [field] = [each for each in client.fields("KIND", "10001") if each.id == field_id]
    schema = screens.schema_of_field(field)
    found = kind_of(schema)
    assert found in KINDS
    mapping = db.session.query(ProjectMapping).one()
    row = MappingValue(field_id=field_id, name=field.name, kind=found.code, value=value)
    row.fingerprint, row.position = schema.fingerprint, len(mapping.values)
    mapping.values.append(row)
    mapping.version += 1
    db.session.commit()
    return field_id


def read(acme, field_id: str) -> list:
    return [issue["fields"].get(field_id) for issue in acme.issues()]


def requests(acme, operation: str) -> list:
    return acme.jira.control.requests(operation)


def notes(acme) -> list[dict]:
    db.session.expire_all()
    return [
        {note.name: note.reason.value for note in notes_of(link).values()} for link in acme.links
    ]


@pytest.mark.both_databases
def test_every_new_issue_has_them_and_costs_one_request(kind, drain):
    colour = on_screen(kind, "select", RED, required=True)
    place = on_screen(
        kind,
        "cascading",
        {"id": "10250", "label": "Berlin", "child": {"id": "10252", "label": "Mitte"}},
    )
    labels = on_screen(kind, "labels", ["retro", "{team}"])
    sponsor = on_screen(kind, "user", {"id": MAYA, "label": "Maya"})
    cause = on_screen(kind, "text", "From {retrospective}")
    kind.jira.control.clear_requests()

    kind.commit_items()
    drain()

    assert {link.state for link in kind.links} == {LinkState.SYNCED}
    assert read(kind, colour) == ["10201"] * 5
    assert [list(each) for each in read(kind, place)] == [["10250", "10252"]] * 5
    assert [sorted(each) for each in read(kind, labels)] == [["Platform", "retro"]] * 5
    assert read(kind, sponsor) == [MAYA] * 5
    assert read(kind, cause) == ["From Sprint 14 Retro"] * 5
    assert len(requests(kind, "create")) == 5
    assert [link.snapshot["values"][colour] for link in kind.links] == [{"id": "10201"}] * 5


def test_many_go_in_bulks_as_ever(kind, drain):
    colour = on_screen(kind, "select", RED)
    for number in range(15):
        factories.action_item(kind.retrospective, f"Item {number}")
    kind.jira.control.clear_requests()

    kind.commit_items()
    drain()

    assert read(kind, colour) == ["10201"] * 20
    assert len(requests(kind, "create_bulk") or requests(kind, "bulk")) == 2


def test_an_edit_leaves_alone_what_is_jiras_by_then(kind, drain):
    colour = on_screen(kind, "select", RED)
    kind.commit_items()
    drain()
    kind.jira.control.edit_issue(kind.issues()[0]["key"], **{colour: {"id": "10202"}})

    write(kind.items[0], title="Another title")
    drain()

    assert kind.issues()[0]["fields"]["summary"] == "Another title"
    assert read(kind, colour)[0] == "10202"


def test_what_jira_refuses_and_does_not_demand_costs_one_request_more_and_is_noted(kind, drain):
    colour = on_screen(kind, "select", RED)
    cause = on_screen(kind, "text", "Because")
    kind.jira.control.remove_option(colour, "10201", "KIND")
    kind.jira.control.clear_requests()

    kind.commit_items()
    drain()

    assert {link.state for link in kind.links} == {LinkState.SYNCED}
    assert read(kind, colour) == [None] * 5
    assert read(kind, cause) == ["Because"] * 5
    assert len(requests(kind, "create")) == 10
    assert notes(kind) == [{"Colour": "refused"}] * 5
    assert colour not in str([link.snapshot for link in kind.links])

    write(kind.items[0], title="Another title")
    drain()
    assert notes(kind)[0] == {"Colour": "refused"}


def test_what_jira_demands_and_refuses_is_a_refusal_that_names_it(kind, drain):
    colour = on_screen(kind, "select", RED, required=True)
    kind.jira.control.remove_option(colour, "10201", "KIND")

    kind.commit_items()
    for _ in range(4):
        drain()

    assert kind.issues() == []
    assert {link.state for link in kind.links} == {LinkState.ERROR}
    assert {link.failure_fields[0] for link in kind.links} == {"Colour"}


def test_a_field_that_left_the_screen_is_left_out_and_noted(kind, drain):
    colour = on_screen(kind, "select", RED)
    kind.jira.control.remove_field(colour, "KIND")
    kind.jira.control.clear_requests()

    kind.commit_items()
    drain()

    assert {link.state for link in kind.links} == {LinkState.SYNCED}
    assert len(requests(kind, "create")) == 5
    assert notes(kind) == [{"Colour": "not-on-screen"}] * 5


@pytest.mark.both_databases
def test_a_save_during_a_drain_sends_nothing_half_old(kind, drain, beside_a_drain):
    colour = on_screen(kind, "select", RED)
    kind.commit_items()

    def save() -> None:
        mapping = db.session.query(ProjectMapping).one()
        mapping.values[0].value = BLUE
        mapping.version += 1

    beside_a_drain("create", save)
    drain()

    assert read(kind, colour) == ["10201", *["10202"] * 4]


def test_a_drain_that_claimed_before_a_save_does_not_stamp(kind):
    from app.drain import drain_lease
    from app.services.outbound import fence
    from tests.support.claims import MAYA as MATCH
    from tests.support.claims import SCREEN, plan

    on_screen(kind, "select", RED)
    kind.commit_items()
    lease = drain_lease.take(kind.connection.id)
    claimed = claiming.claim(lease).claims[0]
    db.session.commit()
    planned = plan(claimed, SCREEN, MATCH)
    db.session.query(ProjectMapping).one().version += 1
    db.session.commit()

    assert not fence.stamp(lease, [planned])


def test_whoever_has_the_role_is_looked_up_once_else_the_fallback_else_nobody(kind, drain):
    reviewer = on_screen(kind, "user", {"role": "facilitator", "fallback": None})
    match(person("Fatima"), MatchState.NONE)
    kind.commit_items()
    drain()
    assert read(kind, reviewer) == [None] * 5
    assert notes(kind) == [{"Sponsor": "not-matched"}] * 5

    mapping = db.session.query(ProjectMapping).one()
    fallback = {"id": MAYA, "label": "Maya"}
    mapping.values[0].value = {"role": "facilitator", "fallback": fallback}
    factories.action_item(kind.retrospective, "One more")
    kind.commit_items()
    drain()
    assert read(kind, reviewer)[-1] == MAYA


def test_the_active_sprint_is_asked_for_once_in_ten_minutes(kind, drain):
    sprint = on_screen(kind, "sprint", {"board": None, "label": ""})
    number = kind.jira.control.create_sprint("KIND", "Sprint 15")["id"]
    kind.jira.control.create_issue("KIND", "In it", **{sprint: number})
    project_id = db.session.query(ProjectMapping).one().project_id
    db.session.add(
        JiraProject(
            connection_id=kind.connection.id,
            project_id=project_id,
            key="KIND",
            name="Kinds",
            may_create=True,
        )
    )
    db.session.commit()
    kind.jira.control.clear_requests()

    kind.commit_items()
    drain()

    assert read(kind, sprint)[1:] == [[number]] * 5
    assert len(requests(kind, "search")) == 1
    factories.action_item(kind.retrospective, "One more")
    kind.commit_items()
    drain()
    assert len(requests(kind, "search")) == 1


def test_without_an_active_sprint_issues_go_out_without(kind, drain):
    sprint = on_screen(kind, "sprint", {"board": None, "label": ""})

    kind.commit_items()
    drain()

    assert read(kind, sprint) == [None] * 5
    assert notes(kind) == [{"Sprint": "no-sprint"}] * 5


def test_created_again_it_has_what_is_chosen_now(kind, drain):
    colour = on_screen(kind, "select", RED)
    kind.commit_items()
    drain()
    mapping = db.session.query(ProjectMapping).one()
    mapping.values[0].value, mapping.version = BLUE, mapping.version + 1
    db.session.commit()

    links.create_again(kind.items[0])
    db.session.commit()
    with time_machine.travel(utcnow() + timedelta(seconds=5)):
        drain()

    assert read(kind, colour)[-1] == "10202"


def test_a_required_field_without_a_value_is_what_it_was(kind, drain):
    kind.jira.control.add_field("select", "KIND", type="Task", required=True)

    kind.commit_items()
    drain()

    assert {link.failure_code for link in kind.links} == {FailureCode.REQUIRED_FIELD}


def test_a_reporter_is_never_demanded_though_the_screen_says_so(kind, drain):
    kind.jira.control.grant("MODIFY_REPORTER", "KIND")
    reporter = on_screen(kind, "reporter", {"id": MAYA, "label": "Maya"})
    kind.jira.control.grant("MODIFY_REPORTER", "KIND", on=False)

    kind.commit_items()
    drain()

    assert {link.state for link in kind.links} == {LinkState.SYNCED}
    assert len(requests(kind, "create")) == 10
    assert all(reporter in notes_of(link) for link in kind.links)
