"""Migration 0007 has room for whose a field is, and leaves snapshots as they are."""

from typing import Any

import flask_migrate
import pytest

from app.extensions import db
from tests.migrations.rows import SEVENTH, SIXTH, fill, reflected, rows

OLD = {"summary": "Fix the build", "description": "sha256:1", "assignee": None, "assignee_id": 1}
NEW = {"source": {"summary": "Fix"}, "sent": {"summary": "Fix"}, "seen": {"summary": "Fix"}}


@pytest.fixture
def link_before(request, installation) -> None:
    """Every table as migration 0006 left it, and the one link with the snapshot of the test."""
    flask_migrate.upgrade(revision=SIXTH)
    fill()
    write(snapshot=request.param, stamped_snapshot=None)


def write(**values: Any) -> None:
    table = reflected().tables["issue_link"]
    with db.engine.begin() as connection:
        connection.execute(table.update().values(values))


@pytest.mark.both_databases
@pytest.mark.parametrize("link_before", [OLD, None], indirect=True)
def test_there_and_back_everything_is_as_before(link_before):
    before = rows()

    flask_migrate.upgrade(revision=SEVENTH)
    after = rows()
    link = after["issue_link"]
    assert link["snapshot"] == before["issue_link"]["snapshot"]
    assert (link["differences"], link["field_notes"], link["issue_project_id"]) == (None,) * 3
    assert "jira_edit_screen" not in after
    flask_migrate.downgrade(revision=SIXTH)

    assert rows() == before


@pytest.mark.both_databases
@pytest.mark.parametrize("link_before", [OLD], indirect=True)
def test_on_the_way_back_the_new_keys_go_and_the_old_ones_stay(link_before):
    flask_migrate.upgrade(revision=SEVENTH)
    write(snapshot=OLD | NEW, stamped_snapshot=OLD | NEW)

    flask_migrate.downgrade(revision=SIXTH)

    link = rows()["issue_link"]
    assert link["snapshot"] == link["stamped_snapshot"] == OLD
