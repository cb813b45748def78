"""What was known of an issue before fields had sources, or was adopted."""

import pytest

from app.extensions import db
from app.models import ActionItem, LinkState
from app.services.outbound import links
from app.services.outbound.snapshots import PARTS
from tests.jobs.fields.editing import (
    CRITERIA,
    add_in_jira,
    append,
    edits,
    link_of,
    words_in_jira,
    write,
)
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def of_version_1(item: ActionItem) -> None:
    """What was known of its issue before fields had sources."""
    link = link_of(item)
    link.snapshot = {name: value for name, value in link.snapshot.items() if name not in PARTS}
    link.issue_project_id = link.issue_type_id = None
    db.session.commit()


@pytest.mark.both_databases
def test_a_row_of_version_1_learns_from_the_first_edit_what_it_was_made_from(acme, drain, item):
    of_version_1(item)
    item.retrospective.title = "Sprint 14 Retro, renamed"
    write(item, title="A canary stage")

    drain()

    assert edits(acme) == [["summary"]]
    source = link_of(item).snapshot["source"]
    assert source["summary"] == "A canary stage"
    assert source["description"] == item.description


def test_of_a_row_of_version_1_the_words_of_people_are_safe_too(acme, drain, item):
    of_version_1(item)
    append(item, "And the one before.")
    drain()
    assert edits(acme) == [["description"]]

    of_version_1(item)
    add_in_jira(acme, item)
    append(item, "Once more.")
    drain()

    assert edits(acme) == [["description"]]
    assert CRITERIA in words_in_jira(acme, item)


def test_a_row_of_version_1_that_is_due_is_compared_once_by_what_was_sent(acme, drain, item):
    of_version_1(item)
    links.request_sync(item)
    db.session.commit()
    write(item, title="A canary stage")

    drain()

    assert edits(acme) == [["summary"]]
    assert link_of(item).snapshot["source"]["summary"] == "A canary stage"
    assert link_of(item).snapshot["source"]["description"] == item.description


def test_an_adopted_issue_is_known_by_what_was_sent(acme, drain):
    acme.jira.control.fault("drop_after", "create", times=1)
    acme.commit_items()
    drain()
    while any(link.state is LinkState.UNKNOWN for link in acme.links):
        drain()
    acme.jira.control.clear_requests()
    for item in acme.items:
        append(item, "And the one before.")

    drain()

    assert edits(acme) == [["description"]] * 5
