"""An update sends what was changed here, after a look at the issue."""

from datetime import date

import pytest

from app.extensions import db
from app.models import FailureCode, LinkState, ProjectMapping, SyncEntry
from app.models.difference import differences_of
from app.services.outbound import links
from app.services.sync_log.rows import rows_of
from tests.jobs.fields.editing import (
    CRITERIA,
    add_in_jira,
    append,
    edits,
    in_jira,
    link_of,
    words_in_jira,
    write,
)
from tests.support.settings import NO_DELAYS

pytestmark = pytest.mark.environment(**NO_DELAYS)


def test_a_description_is_never_sent_blind(acme, drain, item):
    add_in_jira(acme, item)
    acme.jira.control.fault("error", "bulkfetch", times=1)
    write(item, title="A canary stage", description="Other words.")

    drain()

    # The title went at once, the description was looked at once the issue could be read.
    assert edits(acme) == [["summary"]]
    assert CRITERIA in words_in_jira(acme, item)
    assert list(differences_of(link_of(item))) == ["description"]


def test_a_description_that_cannot_be_looked_at_uses_up_the_tries(acme, drain, item):
    acme.jira.control.fault("error", "bulkfetch")
    write(item, title="A canary stage", description="Other words.")

    drain()

    link = link_of(item)
    assert edits(acme) == [["summary"]]
    assert (link.state, link.failure_code) == (LinkState.ERROR, FailureCode.JIRA_UNAVAILABLE)
    acme.jira.control.clear_faults()
    links.retry(link)
    drain()
    assert edits(acme) == [["summary"], ["description"]]
    assert "Other words." in words_in_jira(acme, item)


def test_what_jira_holds_already_is_not_sent(acme, drain, item):
    acme.jira.control.edit_issue(link_of(item).issue_key, summary="A canary stage")
    write(item, title="A canary stage")

    drain()

    assert edits(acme) == []
    assert link_of(item).snapshot["seen"]["summary"] == "A canary stage"


@pytest.mark.parametrize("field", ["summary", "duedate"])
def test_of_a_short_field_ours_goes_out_and_the_log_says_what_it_replaced(acme, drain, item, field):
    theirs = {"summary": "Jira’s title", "duedate": "2027-03-01"}[field]
    acme.jira.control.edit_issue(link_of(item).issue_key, **{field: theirs})
    if field == "summary":
        write(item, title="A canary stage")
    else:
        write(item, due_on=date(2027, 2, 1))

    drain()

    assert edits(acme) == [[field]]
    update = db.session.query(SyncEntry).order_by(SyncEntry.id.desc()).first()
    [row] = rows_of(acme.organization, [update], may_retry=True)
    assert f"“{theirs}” there." in row.message.admin


@pytest.mark.parametrize("change", ["retrospective", "address"])
def test_an_edited_title_alone_is_sent_whatever_the_way_back_is_called(
    acme, app, drain, item, change
):
    if change == "retrospective":
        item.retrospective.title = "Sprint 14 Retro, renamed"
    else:
        app.config["PUBLIC_URL"] = "https://unpack.new.test"
    write(item, title="A canary stage")

    drain()

    assert edits(acme) == [["summary"]]
    assert "renamed" not in words_in_jira(acme, item)
    assert differences_of(link_of(item)) == {}


def test_an_edited_title_leaves_a_description_that_would_be_made_otherwise_now(acme, drain, item):
    write(item, description="After PLAT-12")
    drain()
    before = in_jira(acme, item)["description"]
    acme.jira.control.clear_requests()
    db.session.query(ProjectMapping).update({"project_key": "OPS"})
    write(item, title="A canary stage")

    drain()

    assert edits(acme) == [["summary"]]
    assert in_jira(acme, item)["description"] == before
    assert "/browse/PLAT-12" in str(before)


def test_an_edited_description_takes_the_new_way_back_along(acme, drain, item):
    item.retrospective.title = "Sprint 14 Retro, renamed"
    append(item, "And the one before.")

    drain()

    assert edits(acme) == [["description"]]
    assert "Sprint 14 Retro, renamed" in words_in_jira(acme, item)
