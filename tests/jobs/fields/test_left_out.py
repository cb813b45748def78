"""A refused optional field never costs the rest, and one bad text never costs the others."""

from datetime import date

import pytest

from app.extensions import db
from app.jira import adf
from app.models import ActionItem, FailureCode, LinkState, Outcome, SyncAttempt
from app.models.field_note import NoteReason, notes_of
from app.services.outbound import links
from tests.jobs.fields.editing import append, edits, in_jira, link_of, words_in_jira, write
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

REFUSED = {"errorMessages": [], "errors": {"duedate": "Not so."}}
NEW_YEAR = "2031-01-04"


def attempts() -> list[Outcome]:
    return [each.outcome for each in db.session.query(SyncAttempt).order_by(SyncAttempt.id)]


def test_a_refused_due_date_does_not_cost_the_issue(acme, drain):
    acme.jira.control.deny("SCHEDULE_ISSUES")
    acme.commit_items()

    drain()

    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert {link.tries for link in acme.links} == {0}
    dated = [link for link in acme.links if link.action_item.due_on]
    assert {notes_of(link)["duedate"].reason for link in dated} == {NoteReason.REFUSED}
    assert all(link.snapshot["sent"].get("duedate") is None for link in dated)
    assert "duedate" not in dated[0].snapshot["source"]
    # The refused request is a try of its own, and counts as none.
    assert attempts().count(Outcome.REFUSED) == len(dated)
    assert attempts().count(Outcome.SUCCEEDED) == 5


def test_a_refused_due_date_does_not_cost_an_edit(acme, drain, item):
    acme.jira.control.fault("status", "edit", status=400, body=REFUSED, times=1)
    write(item, title="A canary stage", due_on=None)

    drain()

    assert edits(acme) == [["duedate", "summary"], ["summary"]]
    assert in_jira(acme, item)["summary"] == "A canary stage"
    link = link_of(item)
    assert (link.state, link.tries) == (LinkState.SYNCED, 0)
    assert notes_of(link)["duedate"].reason is NoteReason.REFUSED
    write(item, title="Another stage")
    drain()
    assert edits(acme)[2:] == [["summary"]]


@pytest.mark.parametrize("again", ["edited", "synced"])
def test_a_refused_field_goes_in_when_somebody_asks(acme, drain, item, again):
    acme.jira.control.fault("status", "edit", status=400, body=REFUSED, times=1)
    write(item, title="A canary stage", due_on=None)
    drain()
    if again == "edited":
        links.item_edited(item, {"duedate": None})
    else:
        links.request_sync(item)

    drain()

    assert edits(acme)[-1] == ["duedate"]
    assert in_jira(acme, item)["duedate"] is None
    assert link_of(item).field_notes is None


@pytest.mark.parametrize("again", ["edited", "synced"])
def test_what_is_asked_for_while_it_is_refused_is_tried(acme, drain, beside_a_drain, item, again):
    acme.jira.control.fault("status", "edit", status=400, body=REFUSED, times=1)
    write(item, title="A canary stage", due_on=None)

    def asked_for() -> None:
        if again == "edited":
            write(item, due_on=date.fromisoformat(NEW_YEAR))
        else:
            links.request_sync(item)

    beside_a_drain("edit", asked_for)
    drain()

    assert edits(acme) == [["duedate", "summary"], ["summary"], ["duedate"]]
    assert in_jira(acme, item)["duedate"] == (NEW_YEAR if again == "edited" else None)
    assert link_of(item).field_notes is None


def test_an_edit_of_nothing_but_what_is_refused_is_a_refusal(acme, drain, item):
    acme.jira.control.fault("status", "edit", status=400, body=REFUSED)
    write(item, due_on=None)

    drain()

    assert link_of(item).failure_code is FailureCode.FIELD_REFUSED
    assert link_of(item).state is LinkState.ERROR


@pytest.mark.usefixtures("one_by_one")
def test_a_field_that_we_did_not_send_is_a_required_one(acme, drain):
    body = {"errorMessages": [], "errors": {"duedate": "Not so.", "customfield_1": "Required."}}
    acme.jira.control.fault("status", "create", status=400, body=body)
    acme.commit_items()

    drain()

    assert {link.failure_code for link in acme.links} == {FailureCode.REQUIRED_FIELD}


def test_a_refusal_without_any_field_has_the_create_go_out_bare_once(acme, drain):
    said = {"errorMessages": ["Number value expected."], "errors": {}}
    acme.jira.control.fault("status", "create", status=400, body=said, times=1)
    db.session.execute(db.text("DELETE FROM action_item WHERE id > 1"))
    acme.commit_items()

    drain()

    [link] = acme.links
    assert link.state is LinkState.SYNCED
    assert {note.reason for note in notes_of(link).values()} == {NoteReason.REFUSED}
    assert set(notes_of(link)) == {"description", "duedate"}
    first, second = acme.jira.control.requests("create")
    assert {"description", "duedate"} <= set(first["body"]["fields"])
    assert not {"description", "duedate"} & set(second["body"]["fields"])


@pytest.mark.usefixtures("one_by_one")
def test_a_validator_that_refuses_twice_is_a_refusal(acme, drain):
    said = {"errorMessages": ["Root cause is required."], "errors": {}}
    acme.jira.control.fault("status", "create", status=400, body=said)
    acme.commit_items()

    drain()

    assert {link.state for link in acme.links} == {LinkState.ERROR}
    assert acme.issues() == []


@pytest.mark.parametrize("in_plain", [False, True])
def test_a_description_that_jira_cannot_read_goes_out_plainly_or_not(acme, drain, in_plain):
    item = acme.items[0]
    item.description = "# Heading\n\nAn **unreadable** text."
    acme.jira.control.choke("unreadable", in_plain=in_plain)
    acme.commit_items()

    drain()

    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    link = link_of(item)
    note = notes_of(link)["description"]
    if in_plain:
        assert note.reason is NoteReason.REFUSED
        assert "description" not in in_jira(acme, item)
    else:
        assert note.reason is NoteReason.PLAIN
        kinds = {node["type"] for node in in_jira(acme, item)["description"]["content"]}
        assert kinds == {"paragraph"}
        assert "An unreadable text." in words_in_jira(acme, item)
        assert "From the retrospective" in words_in_jira(acme, item)
        assert link.snapshot["seen"]["description"] == adf.projection(
            in_jira(acme, item)["description"]
        )


def test_an_unreadable_edit_is_sent_plainly_and_not_once_more(acme, drain, item):
    acme.jira.control.choke("unreadable")
    append(item, "An *unreadable* sentence.")
    drain()
    assert "An unreadable sentence." in words_in_jira(acme, item)
    acme.jira.control.clear_requests()
    write(item, title="A canary stage")

    drain()

    assert edits(acme) == [["summary"]]


@pytest.mark.both_databases
@pytest.mark.parametrize("trouble", ["unreadable", "too large"])
def test_a_bulk_that_is_refused_as_a_whole_costs_no_issue(acme, drain, trouble):
    for number in range(15):
        db.session.add(ActionItem(retrospective=acme.retrospective, title=f"Item {number}"))
    bad = acme.items[0]
    if trouble == "unreadable":
        bad.description = "An **unreadable** text."
        acme.jira.control.choke("unreadable", in_plain=True)
    else:
        acme.jira.control.set(largest_bulk=10)
    acme.commit_items()

    drain()

    assert len(acme.issues()) == 20
    assert {link.state for link in acme.links} == {LinkState.SYNCED}
    assert {link.tries for link in acme.links} == {0}
    noted = [link.action_item_id for link in acme.links if link.field_notes]
    assert noted == ([bad.id] if trouble == "unreadable" else [])
