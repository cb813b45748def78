"""What is stored of a person is found without reading tables whole that grow for ever."""

import pytest

from app.extensions import db
from app.services.departures import account_deletion, personal_data
from tests.support.acme import person
from tests.support.plans import Statements, read_whole

pytestmark = pytest.mark.both_databases

# Not among them: what an organization has one or few of, and e-mails, which go once they are sent.
GROWING = (
    "action_item", "audit_event", "declined_mail", "deleted_retrospective", "email_change",
    "invitation", "issue_link", "jira_person", "membership", "one_time_link", "provider_identity",
    "retrospective", "sync_entry", "team_member", "user_account", "user_session",
)  # fmt: skip


def test_what_is_stored_of_somebody_is_found_by_indexes(
    sample: None, explainable: Statements
) -> None:
    maya = person("Maya")
    explainable.clear()
    personal_data.of(maya)
    statements = list(explainable)
    db.session.rollback()

    assert len(statements) > 15
    assert read_whole(statements, GROWING) == {}


def test_deleting_an_account_reads_no_table_whole(sample: None, explainable: Statements) -> None:
    maya = person("Maya")
    explainable.clear()
    account_deletion.delete(maya)
    statements = list(explainable)
    db.session.rollback()

    assert len(statements) > 15
    assert read_whole(statements, GROWING) == {}
