"""What somebody wrote in Jira stays there, and the rest of an edit goes out."""

import pytest

from app.extensions import db
from app.models import ActionItem, LinkState, Operation
from app.models.difference import differences_of
from app.services.outbound import links
from tests.jobs.fields.editing import (
    CRITERIA,
    add_in_jira,
    append,
    edits,
    in_jira,
    link_of,
    log_of,
    words_in_jira,
    write,
)
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


@pytest.mark.both_databases
def test_what_people_added_in_jira_stays_and_is_said(acme, drain, item):
    add_in_jira(acme, item)
    append(item, "And the one before.")

    drain()

    assert CRITERIA in words_in_jira(acme, item)
    assert edits(acme) == []
    link = link_of(item)
    [difference] = differences_of(link).values()
    assert CRITERIA in difference.text
    assert difference.by == "Maya Lindqvist"
    assert difference.at is not None
    assert (link.state, link.due_at, link.failure_code) == (LinkState.SYNCED, None, None)
    assert log_of(item)[-1] == (Operation.KEEP, ["description"])


def test_the_rest_of_the_edit_goes_out(acme, drain, item):
    add_in_jira(acme, item)
    write(item, title="A canary stage", description="Other words.")

    drain()

    assert edits(acme) == [["summary"]]
    assert in_jira(acme, item)["summary"] == "A canary stage"
    assert CRITERIA in words_in_jira(acme, item)
    assert list(differences_of(link_of(item))) == ["description"]


def test_it_is_said_once(acme, drain, item):
    add_in_jira(acme, item)
    append(item, "And the one before.")
    drain()
    write(item, title="A canary stage")
    drain()
    links.request_sync(item)

    drain()

    assert [each for each in log_of(item) if each[0] is Operation.KEEP] == [
        (Operation.KEEP, ["description"])
    ]
    # Who wrote there is asked once, too.
    assert len(acme.jira.control.requests("changelogs")) == 1


def test_who_wrote_there_may_stay_unknown(acme, drain, item):
    acme.jira.control.fault("error", "changelogs")
    add_in_jira(acme, item)
    append(item, "And the one before.")

    drain()

    [difference] = differences_of(link_of(item)).values()
    assert (difference.by, difference.at) == ("", None)
    assert link_of(item).state is LinkState.SYNCED


def test_what_a_rule_of_jiras_adds_to_our_text_is_nobodys_to_remove(acme, drain, item):
    acme.jira.control.automate("Definition of done")
    append(item, "And the one before.")
    drain()
    assert edits(acme) == [["description"]]

    append(item, "Once more.")
    drain()

    assert edits(acme) == [["description"]]
    assert "Definition of done" in words_in_jira(acme, item)
    assert differences_of(link_of(item))["description"].by == "Automation for Jira"


@pytest.mark.parametrize("bulk", [False, True])
def test_a_rule_may_add_to_an_issue_as_soon_as_it_is_there(acme, drain, bulk):
    acme.jira.control.automate("Definition of done")
    if bulk:
        for number in range(5):
            db.session.add(ActionItem(retrospective=acme.retrospective, title=f"Item {number}"))
    acme.commit_items()
    drain()
    item = acme.items[0]
    append(item, "And the one before.")

    drain()

    assert edits(acme) == []
    assert "Definition of done" in words_in_jira(acme, item)
    assert list(differences_of(link_of(item))) == ["description"]


def test_ids_that_jira_gives_are_nobodys_change(acme, drain, item):
    acme.jira.control.set(local_ids=True)
    append(item, "And the one before.")
    drain()
    append(item, "Once more.")

    drain()

    assert edits(acme) == [["description"]] * 2
