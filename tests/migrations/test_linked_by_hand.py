"""Migration 0024: an issue belongs to one active link, and people may choose issues."""

import flask_migrate
import pytest
import sqlalchemy as sa

from app.extensions import db
from tests.migrations.rows import TWENTIETH, TWENTY_FOURTH, fill, reflected, rows

BEFORE = TWENTIETH


@pytest.mark.both_databases
def test_nobody_has_chosen_an_issue_and_what_there_is_stays_as_it_is(installation):
    flask_migrate.upgrade(revision=BEFORE)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=TWENTY_FOURTH)

    chosen = {"unmarked": False, "chosen": None}
    assert rows() == before | {"issue_link": before["issue_link"] | chosen}
    flask_migrate.downgrade(revision=BEFORE)
    assert rows() == before


@pytest.mark.both_databases
def test_should_two_links_have_one_issue_the_older_one_keeps_it(installation):
    flask_migrate.upgrade(revision=BEFORE)
    fill()
    with_issue(2, item=2)

    flask_migrate.upgrade(revision=TWENTY_FOURTH)

    assert links() == [(1, True, False), (2, False, True)]
    with pytest.raises(sa.exc.IntegrityError):
        with_issue(3, item=3)


@pytest.mark.both_databases
def test_on_the_way_back_a_link_that_was_not_written_to_jira_is_closed(installation):
    flask_migrate.upgrade(revision=TWENTY_FOURTH)
    fill()
    run("UPDATE issue_link SET active = true, unmarked = true")

    flask_migrate.downgrade(revision=BEFORE)

    assert [active for _, active, _ in links()] == [False]
    assert "finishing" not in rows()


def with_issue(number: int, item: int) -> None:
    """Another active link that has the issue of the first."""
    run("UPDATE issue_link SET active = true, closed_at = NULL WHERE id = 1")
    tables = reflected().tables
    with db.engine.begin() as connection:
        for table, own in (
            ("action_item", {"id": item, "public_id": f"item-{item}"}),
            ("issue_link", {"id": number, "public_id": f"link-{number}", "action_item_id": item}),
        ):
            [first] = connection.execute(
                sa.select(tables[table]).where(tables[table].c.id == 1)
            ).mappings()
            connection.execute(tables[table].insert().values({**first, **own}))


def links() -> list[tuple[int, bool, bool]]:
    """Of each its id, whether it is active, and whether it says when it was closed."""
    query = "SELECT id, active, closed_at FROM issue_link ORDER BY id"
    with db.engine.begin() as connection:
        found = connection.execute(sa.text(query)).all()
    return [(each.id, bool(each.active), each.closed_at is not None) for each in found]


def run(statement: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(sa.text(statement))
