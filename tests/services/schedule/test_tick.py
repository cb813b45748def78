"""What a second of the ticker costs an installation that has been in use for years."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import event

from app.clock import utcnow
from app.extensions import db
from app.services.schedule import tick as schedule_tick

pytestmark = pytest.mark.environment(SMTP_URL="smtp://localhost:2525")

# With these, everything that was ever written adds to each second.
GROWING = "action_item|issue_link|sync_entry|sync_attempt|reconciliation|audit_event"


@pytest.fixture
def asked(app) -> Iterator[list[tuple[str, object]]]:
    """The statements that reach the database, with their values."""
    found: list[tuple[str, object]] = []

    def hear(_connection, _cursor, statement, values, _context, _many) -> None:
        found.append((statement, values))

    event.listen(db.engine, "before_cursor_execute", hear)
    yield found
    event.remove(db.engine, "before_cursor_execute", hear)


def tick() -> None:
    schedule_tick.clean_up(utcnow())
    db.session.commit()
    schedule_tick.bells(utcnow())
    db.session.rollback()


def plan_of(statement: str, values: object) -> list[str]:
    with db.engine.connect() as connection:
        found = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        return [row.detail for row in found]


def test_a_tick_reads_no_table_whole_that_grows_for_ever(sample, asked):
    tick()
    statements = [each for each in asked if not each[0].startswith("BEGIN")]

    whole = {
        step: statement
        for statement, values in statements
        for step in plan_of(statement, values)
        if re.match(rf"SCAN ({GROWING})\b", step)
    }

    assert len(statements) > 20
    assert whole == {}


def test_work_that_is_due_is_found_by_its_index(sample, asked):
    tick()
    about_work = [each for each in asked if "jira_work" in each[0]]

    steps = [step for statement, values in about_work for step in plan_of(statement, values)]
    assert [step for step in steps if re.match(r"SCAN jira_work\b(?! USING)", step)] == []
    assert any("USING INDEX ix_jira_work_due" in step for step in steps)


def test_looking_for_what_is_due_waits_for_nobody_who_writes(app, sample):
    db.session.rollback()
    with db.engine.connect() as writer:
        writer.exec_driver_sql("UPDATE organization SET name = name")

        assert schedule_tick.bells(utcnow()) == []
