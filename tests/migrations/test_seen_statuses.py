"""Migration 0027 shows what webhooks had told of issues' statuses, and lets issues owe one."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.migrations.rows import NOW, SIXTEENTH, TWENTY_SEVENTH, fill, rows

BEFORE = SIXTEENTH


@pytest.mark.both_databases
def test_a_status_that_was_told_is_shown_as_of_its_change(installation):
    flask_migrate.upgrade(revision=BEFORE)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=TWENTY_SEVENTH)

    link = rows()["issue_link"]
    assert (link["seen_status_name"], link["seen_status_category"]) == (
        before["issue_link"]["status_name"],
        before["issue_link"]["status_category"],
    )
    assert link["status_seen_at"].replace(tzinfo=NOW.tzinfo) == NOW
    assert link["status_changed_at"] is None
    mapping, kind = rows()["project_mapping"], rows()["jira_issue_type"]
    assert (mapping["completed_status_id"], mapping["reopened_status_id"]) == (None, None)
    assert (kind["statuses"], "owed_status" in rows()) == (None, False)
    flask_migrate.downgrade(revision=BEFORE)
    assert rows() == before


@pytest.mark.both_databases
def test_of_an_issue_that_was_never_read_nothing_is_known(installation):
    flask_migrate.upgrade(revision=BEFORE)
    fill()
    with db.engine.begin() as connection:
        connection.execute(sa.text("UPDATE issue_link SET status_category = NULL"))

    flask_migrate.upgrade(revision=TWENTY_SEVENTH)

    link = rows()["issue_link"]
    names = ("seen_status_name", "seen_status_category", "status_seen_at", "status_changed_at")
    assert [link[name] for name in names] == [None] * 4
