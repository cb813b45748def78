"""What the account may not set is found by the check, said before Commit, left out and noted."""

import pytest

from app.extensions import db
from app.models import AssigneeNote, CheckState, LinkState, Phase, ProjectMapping
from app.models.field_note import NoteReason, notes_of
from app.services.mapping.checks import Finding, FindingCode
from app.services.owed import metadata_reads
from app.services.panel import panels, previews
from jobs import refresh_metadata
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def check(acme) -> ProjectMapping:
    metadata_reads.owe_checks(acme.connection)
    connection_id = acme.connection.id
    db.session.commit()
    refresh_metadata.run(connection_id)
    db.session.expire_all()
    return db.session.query(ProjectMapping).one()


def found(mapping: ProjectMapping) -> list[Finding]:
    return [Finding.kept(each) for each in mapping.findings]


def test_a_check_asks_for_all_permissions_at_once(acme):
    acme.jira.control.clear_requests()

    mapping = check(acme)

    assert mapping.check_state is CheckState.READY
    assert len(acme.jira.control.requests("mypermissions")) == 1


@pytest.mark.usefixtures("one_by_one")
def test_what_may_not_be_set_is_left_out_without_a_refusal(acme, drain):
    acme.jira.control.deny("SCHEDULE_ISSUES")
    mapping = check(acme)
    assert mapping.check_state is CheckState.LIMITED
    assert found(mapping) == [Finding(FindingCode.MAY_NOT_SET, ("due date",))]
    acme.retrospective.phase = Phase.DISCUSS
    said = previews.preview_of(panels.panel_of(acme.retrospective)).words.notices
    assert "Due date: not ours to set in PLAT." in [each.heading for each in said]
    acme.commit_items()
    drain()

    requests = acme.jira.control.requests("create")
    assert [each["status"] for each in requests] == [201] * 5
    assert not any("duedate" in each["body"]["fields"] for each in requests)
    dated = [link for link in acme.links if link.action_item.due_on]
    assert {notes_of(link)["duedate"].reason for link in dated} == {NoteReason.NOT_PERMITTED}
    assert {link.state for link in acme.links} == {LinkState.SYNCED}


@pytest.mark.usefixtures("one_by_one")
def test_who_may_not_assign_creates_issues_without_an_assignee(acme, drain):
    acme.jira.control.deny("ASSIGN_ISSUES")
    assert found(check(acme)) == [Finding(FindingCode.MAY_NOT_SET, ("assignee",))]
    acme.commit_items()

    drain()

    requests = acme.jira.control.requests("create")
    assert [each["status"] for each in requests] == [201] * 5
    owned = [link for link in acme.links if link.action_item.assignee_id]
    assert {link.assignee_note for link in owned} == {AssigneeNote.NOT_PERMITTED}
    said = panels.states_of(acme.organization, [link.action_item for link in owned])
    messages = {state.message.admin for state in said.values() if state.message}
    assert "may not assign Fatima in this project, so PLAT-3 has no assignee." in " ".join(messages)


def test_who_may_not_edit_is_said_to_create_only(acme):
    acme.jira.control.deny("EDIT_ISSUES")

    mapping = check(acme)

    assert mapping.check_state is CheckState.LIMITED
    assert found(mapping) == [Finding(FindingCode.MAY_NOT_EDIT)]
