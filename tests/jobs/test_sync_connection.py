"""A drain, from due links to issues in Jira, over real HTTP."""

import pytest

from app.extensions import db
from app.jira import adf
from app.models import ActionItem, AssigneeNote, FailureCode, LinkState, ProjectMapping
from app.services.outbound import links
from app.services.owed import pushes
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)

PROPERTY = "unpack.action-item"


def committed(acme, drain):
    acme.commit_items()
    drain()


def by_title(acme, title):
    return next(link for link in acme.links if link.action_item.title.startswith(title))


def test_every_item_becomes_one_issue_that_says_whose_it_is(acme, drain):
    committed(acme, drain)

    issues = {issue["properties"][PROPERTY]["link"]: issue for issue in acme.issues()}
    assert len(issues) == 5
    for link in acme.links:
        issue = issues[link.public_id]
        assert link.state is LinkState.SYNCED
        assert link.issue_key == issue["key"]
        assert issue["fields"]["summary"] == link.action_item.title
        assert link.browse_url == f"{acme.connection.site_url}/browse/{issue['key']}"


def test_the_fields_of_an_item_arrive(acme, drain):
    committed(acme, drain)

    link = by_title(acme, "Add a canary stage")
    fields = acme.jira.control.issue(link.issue_key)["fields"]
    text = adf.text_of(fields["description"])
    assert fields["duedate"] == link.action_item.due_on.isoformat()
    assert "Send 5 % of the traffic to a new release first" in text
    assert text.rstrip().endswith("From the retrospective “Sprint 14 Retro” in Unpack")


def test_issues_that_a_description_names_are_links_in_jira(acme, drain):
    site = acme.connection.site_url
    acme.items[0].description = f"After PLAT-12 and OTHER-1.\n\n{site}/browse/PLAT-7"
    db.session.commit()
    committed(acme, drain)

    link = next(each for each in acme.links if each.action_item_id == acme.items[0].id)
    named, card = acme.jira.control.issue(link.issue_key)["fields"]["description"]["content"][:2]
    hrefs = [mark["attrs"]["href"] for part in named["content"] for mark in part.get("marks", [])]
    assert hrefs == [f"{site}/browse/PLAT-12"]
    assert card["content"] == [{"type": "inlineCard", "attrs": {"url": f"{site}/browse/PLAT-7"}}]


def test_a_commit_of_five_items_costs_four_requests_when_everything_is_known(acme, drain):
    committed(acme, drain)
    people = {item.assignee_id for item in acme.items if item.assignee_id}
    cold = acme.jira.control.counters()["total"]
    for item in acme.items:
        links.create_again(item)
    db.session.commit()
    acme.jira.control.clear_requests()

    drain()

    # Of somebody whom nobody finds it is asked, once, whether we may look for people.
    assert cold <= 4 + len(people) + 3
    # A bulk and the last, and for each a read: whose they are, and whose words are there.
    assert acme.jira.control.counters()["total"] == 4


def test_committing_twice_creates_nothing_twice(acme, drain):
    committed(acme, drain)
    committed(acme, drain)

    assert len(acme.issues()) == 5


def test_an_assignee_whom_jira_does_not_know_is_left_out_and_the_item_says_so(acme, drain):
    committed(acme, drain)

    link = by_title(acme, "Rotate the on-call")
    assert link.action_item.assignee.name == "Tom Becker"
    assert link.assignee_note is AssigneeNote.NOT_FOUND
    assert acme.jira.control.issue(link.issue_key)["fields"].get("assignee") is None


def test_an_edit_sends_only_the_field_that_differs(acme, drain):
    committed(acme, drain)
    item = acme.items[0]
    item.title = "Add a canary stage to every pipeline"
    links.item_edited(item)
    db.session.commit()
    acme.jira.control.clear_requests()

    drain()

    look, screen, request = acme.jira.control.requests()
    assert (look["operation"], screen["operation"]) == ("bulkfetch", "editmeta")
    assert request["operation"] == "edit"
    assert list(request["body"]["fields"]) == ["summary"]
    issue = acme.jira.control.issue(links.active_link(item).issue_key)
    assert issue["fields"]["summary"] == "Add a canary stage to every pipeline"


def test_an_edit_that_changes_nothing_sends_nothing(acme, drain):
    committed(acme, drain)
    links.item_edited(acme.items[0])
    db.session.commit()
    acme.jira.control.clear_requests()

    drain()

    assert acme.jira.control.requests() == []
    assert acme.links[0].state is LinkState.SYNCED


def test_fifty_items_go_in_two_bulks_and_the_last_singly_each_tied_to_its_own_issue(acme, drain):
    for number in range(45):
        db.session.add(ActionItem(retrospective=acme.retrospective, title=f"Item {number}"))
    acme.jira.control.set(shuffle_bulk=True)

    committed(acme, drain)

    titles = {issue["key"]: issue["fields"]["summary"] for issue in acme.issues()}
    assert len(titles) == 50
    assert all(titles[link.issue_key] == link.action_item.title for link in acme.links)
    assert len(acme.jira.control.requests("create_bulk")) == 2
    assert len(acme.jira.control.requests("create")) == 1


@pytest.mark.parametrize("more", [0, 45])
def test_jira_numbers_issues_as_the_items_stand(acme, drain, more):
    """However long each request takes: they follow one another."""
    for number in range(more):
        db.session.add(ActionItem(retrospective=acme.retrospective, title=f"Item {number}"))
    for operation in ("create", "create_bulk"):
        acme.jira.control.fault("latency", operation, min_ms=0, max_ms=60)

    committed(acme, drain)

    items = sorted(acme.links, key=lambda link: link.action_item_id)
    numbers = [int(link.issue_key.rpartition("-")[2]) for link in items]
    assert len(numbers) == 5 + more
    assert numbers == sorted(numbers)


def test_a_type_without_an_assignee_on_its_screen_still_gets_its_issues(acme, drain):
    acme.map_to("DES", "Illustration")

    committed(acme, drain)

    assert len(acme.issues()) == 5
    link = by_title(acme, "Rotate the on-call")
    assert link.assignee_note is AssigneeNote.NOT_ON_SCREEN


def test_items_without_a_project_wait_and_go_out_when_one_is_chosen(acme, drain):
    db.session.query(ProjectMapping).delete()
    committed(acme, drain)
    assert {link.failure_code for link in acme.links} == {FailureCode.NOT_MAPPED}

    acme.map_to("PLAT")
    pushes.mappings_changed(acme.organization.id)
    db.session.commit()
    drain()

    assert len(acme.issues()) == 5


def test_what_was_unlinked_stays_unlinked_when_commit_is_entered_again(acme, drain):
    committed(acme, drain)
    links.unlink(acme.items[0])
    db.session.commit()

    committed(acme, drain)

    assert len(acme.issues()) == 5
    assert links.active_link(acme.items[0]) is None
