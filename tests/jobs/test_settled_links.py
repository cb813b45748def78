"""What a drain reads does not grow with the links that are settled."""

from typing import Any

import pytest
from sqlalchemy import Connection, insert, text

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.models import ActionItem, IssueLink, LinkState
from tests.support.connected import Acme
from tests.support.plans import Statements, rows_read, steps_of

SETTLED = 2_000
# Of the connection's links as many are due, and some are read more than once.
FEW_ROWS = 100
# SQLite's own steps: it takes about five for each row that it looks at.
FEW_STEPS = 3_000

pytestmark = pytest.mark.both_databases


@pytest.fixture
def settled(acme: Acme) -> None:
    """Action items of long ago, whose issues hold what they should."""
    retrospective, connection, now = acme.retrospective, acme.connection, utcnow()
    numbers = range(1, SETTLED + 1)
    items = [
        {
            "retrospective_id": retrospective.id, "organization_id": connection.organization_id,
            "team_id": retrospective.team_id, "title": f"Long ago {number}",
        }
        for number in numbers
    ]  # fmt: skip
    ids = db.session.scalars(insert(ActionItem).returning(ActionItem.id), items).all()
    link = {
        "connection_id": connection.id, "state": LinkState.SYNCED, "cloud_id": connection.cloud_id,
        "synced_at": now,
    }  # fmt: skip
    db.session.execute(
        insert(IssueLink),
        [
            link | {
                "action_item_id": item_id, "public_id": new_public_id(),
                "issue_id": str(900_000 + number), "issue_key": f"PLAT-{9_000 + number}",
            }
            for number, item_id in enumerate(ids)
        ],
    )  # fmt: skip
    db.session.commit()
    if db.engine.dialect.name == "postgresql":  # which counts by itself, if later
        db.session.execute(text("ANALYZE"))
        db.session.commit()


def test_a_drain_finds_what_is_due_among_them(settled, acme, drain, explainable: Statements):
    acme.commit_items()
    explainable.clear()

    drain()

    assert len(acme.issues()) == 5
    read = _rows_of_links if db.engine.dialect.name == "postgresql" else _steps
    most = FEW_ROWS if db.engine.dialect.name == "postgresql" else FEW_STEPS
    asked = [each for each in explainable if each[0].startswith("SELECT")]
    with db.engine.connect() as connection:
        costs = {each[0]: read(connection, *each) for each in asked}
    assert {statement: cost for statement, cost in costs.items() if cost > most} == {}


def _steps(connection: Connection, statement: str, values: Any) -> int:
    taken = 0

    def count() -> int:
        nonlocal taken
        taken += 1
        return 0  # go on

    driver: Any = connection.connection.driver_connection
    driver.set_progress_handler(count, 100)
    connection.exec_driver_sql(statement, values).all()
    driver.set_progress_handler(None, 0)
    return taken * 100


def _rows_of_links(connection: Connection, statement: str, values: Any) -> float:
    unlocked = statement.partition(" FOR ")[0]
    steps = steps_of(connection, unlocked, values, carried_out=True)
    return sum(rows_read(step) for step in steps if step.get("Relation Name") == "issue_link")
