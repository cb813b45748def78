"""An action item is linked to an issue that exists: what the drain does, and what it never does."""

import pytest

from app.extensions import db
from app.jira import adf
from app.models import CompletedIn, EntryState, LinkState, Operation, SyncEntry
from app.services.errors import ItemDropped
from app.services.linking.undecided import sides_of
from app.services.outbound import links
from app.services.panel import item_syncs
from app.services.retrospectives import action_items, dropping
from app.services.retrospectives.action_items import ActionItemFields
from tests.support.acme import person
from tests.support.chosen import FATIMA, choose, issue, link_of, linked, mark_in
from tests.support.inbound import deliver, listening
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

# No action item of the sample is due then: theirs are some days from today.
LATER = "2031-05-16"
THEIRS = adf.document("From January on, Support takes part in every review.")


@pytest.fixture
def fatima(acme, signed_in):
    return signed_in(FATIMA)


def fields(acme, key: str) -> dict[str, object]:
    return acme.jira.control.issue(key)["fields"]


def edit(item, **changed) -> None:
    now = {
        "title": item.title,
        "description": item.description,
        "assignee_id": item.assignee_id,
        "due_on": item.due_on,
    }
    action_items.edit(item, ActionItemFields(**{**now, **changed}))
    db.session.commit()


def sent(acme) -> list[dict[str, object]]:
    return [each["body"]["fields"] for each in acme.jira.control.requests("edit")]


@pytest.mark.both_databases
def test_the_issue_says_whose_it_is_and_nothing_else_of_it_changes(acme, fatima, drain):
    item = acme.items[0]
    key = issue(acme, "Incident reviews with Support", duedate=LATER)["key"]
    before = fields(acme, key)

    assert choose(fatima, item, key).status_code == 303
    waiting = link_of(item)
    assert (waiting.state, waiting.unmarked, waiting.snapshot) == (LinkState.WAITING, True, None)
    assert mark_in(acme, key) is None
    drain()

    link = link_of(item)
    assert mark_in(acme, key) == {"id": item.public_id, "link": link.public_id}
    assert (link.state, link.unmarked, link.due_at) == (LinkState.SYNCED, False, None)
    assert fields(acme, key) == before
    assert len(acme.issues()) == 1
    [entry] = db.session.query(SyncEntry).all()
    assert (entry.operation, entry.state) == (Operation.LINK, EntryState.SYNCED)


def test_what_differs_is_remembered_and_nothing_is_sent_for_it(acme, fatima, drain):
    item, key = linked(acme, fatima, drain, duedate=LATER, description=THEIRS)
    before = fields(acme, key)

    differing = {each.label: each for each in sides_of(item, link_of(item))}
    item_syncs.request_sync(item, person("Fatima"))
    db.session.commit()
    drain()

    assert differing["Title"].in_jira == "Incident reviews with Support"
    assert differing["Due date"].in_jira_on.isoformat() == LATER
    assert differing["Description"].in_jira.startswith("From January on")
    assert fields(acme, key) == before
    assert sent(acme) == []


def test_an_edit_sends_what_was_edited_and_nothing_else(acme, fatima, drain):
    item, key = linked(acme, fatima, drain, duedate=LATER, description=THEIRS)

    edit(item, title="Invite Support")
    drain()

    assert [set(each) for each in sent(acme)] == [{"summary"}]
    assert fields(acme, key)["duedate"] == LATER
    assert "Title" not in {each.label for each in sides_of(item, link_of(item))}


def test_an_edited_description_asks_before_it_replaces_what_stood_there(acme, fatima, drain):
    item, key = linked(acme, fatima, drain, description=THEIRS)

    edit(item, description="Two people of Support")
    drain()

    assert fields(acme, key)["description"] == THEIRS
    assert "description" in link_of(item).differences


def test_an_edit_before_the_issue_says_whose_it_is_goes_out_after_that(acme, fatima, drain):
    item, key = acme.items[0], issue(acme, "Incident reviews")["key"]
    choose(fatima, item, key)

    edit(item, title="Invite Support")
    drain()

    operations = [each["operation"] for each in acme.jira.control.requests()]
    assert operations.index("property_put") < operations.index("edit")
    assert fields(acme, key)["summary"] == "Invite Support"


def test_ours_is_sent_by_a_second_press(acme, fatima, drain):
    item, key = linked(acme, fatima, drain, duedate=LATER, description=THEIRS)
    item.due_on = None
    db.session.commit()

    answer = fatima.post(f"/action-items/{item.id}/issue/fields/replacement")
    drain()

    now = fields(acme, key)
    assert answer.status_code == 303
    assert now["summary"] == item.title
    assert adf.words(now["description"]) != adf.words(THEIRS)
    assert sides_of(item, link_of(item)) == []
    assert link_of(item).state is LinkState.SYNCED


def test_a_due_date_that_is_none_here_is_taken_away_by_sending_ours(acme, fatima, drain):
    acme.items[0].due_on = None
    db.session.commit()
    item, key = linked(acme, fatima, drain, duedate=LATER)

    fatima.post(f"/action-items/{item.id}/issue/fields/replacement")
    drain()

    assert fields(acme, key)["duedate"] is None


def test_a_text_that_was_changed_since_is_not_replaced_by_sending_ours(acme, fatima, drain):
    item, key = linked(acme, fatima, drain, description=THEIRS)
    later = adf.document("Written while somebody was deciding.")
    acme.jira.control.edit_issue(key, description=later)

    fatima.post(f"/action-items/{item.id}/issue/fields/replacement")
    drain()

    assert fields(acme, key)["description"] == later
    assert "description" in link_of(item).differences


def test_jiras_may_be_left_as_it_is(acme, fatima, drain):
    item, key = linked(acme, fatima, drain)
    before = fields(acme, key)

    answer = fatima.post(f"/action-items/{item.id}/issue/fields/removal")
    again = fatima.post(f"/action-items/{item.id}/issue/fields/removal")
    drain()

    assert (answer.status_code, again.status_code) == (303, 409)
    assert sides_of(item, link_of(item)) == []
    assert (fields(acme, key), sent(acme)) == (before, [])


@pytest.mark.parametrize("what", ["replacement", "removal"])
def test_of_what_was_dropped_there_is_nothing_to_decide(acme, fatima, drain, what):
    item, key = linked(acme, fatima, drain)
    before = fields(acme, key)
    dropping.drop(item, person("Fatima"))
    db.session.commit()

    page = fatima.get(f"/action-items/{item.id}").page
    answer = fatima.post(f"/action-items/{item.id}/issue/fields/{what}")
    drain()

    assert "h-undecided" not in page.values("id")
    assert answer.status_code == 409
    assert ItemDropped.sentence in answer.page.text
    assert (fields(acme, key), sent(acme)) == (before, [])


def test_what_is_taken_up_again_has_its_differences_as_before(acme, fatima, drain):
    item, _ = linked(acme, fatima, drain)
    differing = sides_of(item, link_of(item))
    dropping.drop(item, person("Fatima"))
    dropping.undo_drop(item, person("Fatima"))
    db.session.commit()

    page = fatima.get(f"/action-items/{item.id}").page

    assert "h-undecided" in page.values("id")
    assert sides_of(item, link_of(item)) == differing


def test_an_issue_that_is_done_completes_nothing_by_being_linked(acme, fatima, drain):
    done = issue(acme, "Done long ago")["key"]
    acme.jira.control.transition_issue(done, "Done")
    item = acme.items[0]

    choose(fatima, item, done)
    drain()

    assert not item.complete
    assert link_of(item).status_category == "done"


def test_linking_takes_nothing_over_and_what_changes_later_is(acme, fatima, drain):
    listening(acme, title=True)
    item = action_items.add(acme.retrospective, ActionItemFields("Ours"), person("Fatima"))
    key = issue(acme, "Theirs")["key"]
    choose(fatima, item, key)
    drain()
    assert item.title == "Ours"

    acme.jira.control.edit_issue(key, summary="Theirs, later")
    deliver(acme, link_of(item))
    drain()

    assert item.title == "Theirs, later"
    assert fields(acme, key)["summary"] == "Theirs, later"


def test_what_is_done_in_jira_comes_back_as_from_every_issue(acme, fatima, drain):
    listening(acme)
    item = action_items.add(acme.retrospective, ActionItemFields("Ours"), person("Fatima"))
    key = issue(acme, "Theirs")["key"]
    choose(fatima, item, key)
    drain()

    acme.jira.control.transition_issue(key, "Done")
    deliver(acme, link_of(item))
    drain()

    db.session.refresh(item)
    assert item.completed_in is CompletedIn.JIRA


def test_what_is_unlinked_before_is_never_written_to(acme, fatima, drain):
    item, key = acme.items[0], issue(acme, "Incident reviews")["key"]
    choose(fatima, item, key)

    links.unlink(item)
    db.session.commit()
    drain()

    assert mark_in(acme, key) is None
