"""Migration 0020: every item knows its team and organization, and its words are found."""

import flask_migrate
import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url

from app import create_app
from app.extensions import db
from tests.migrations.rows import (
    THIRTIETH,
    TWENTIETH,
    TWENTY_NINTH,
    TWENTY_THIRD,
    fill,
    reflected,
    rows,
    value,
)
from tests.support import settings

PLACED = {"retrospective": ("organization_id",), "action_item": ("organization_id", "team_id")}


def without_places(found):
    """The rows, but for what the migration adds."""
    return {
        table: {name: value for name, value in row.items() if name not in PLACED.get(table, ())}
        for table, row in found.items()
    }


def places():
    found = rows()
    return {table: [found[table][name] for name in names] for table, names in PLACED.items()}


def found_titles():
    """The ids of items that SQLite's index knows by their title."""
    with db.engine.connect() as connection:
        asked = "SELECT rowid FROM action_item_text WHERE action_item_text MATCH 'title : \"tit\"'"
        return list(connection.scalars(sa.text(asked)))


def trigram_indexes():
    with db.engine.connect() as connection:
        asked = "SELECT indexname FROM pg_indexes WHERE indexname LIKE '%trigrams'"
        return sorted(connection.scalars(sa.text(asked)))


@pytest.mark.both_databases
def test_rows_of_before_are_carried_on_both_ways(installation):
    flask_migrate.upgrade(revision=TWENTY_NINTH)
    fill()
    before = rows()

    flask_migrate.upgrade(revision=TWENTIETH)
    assert without_places(rows()) == before
    assert places() == {"retrospective": [1], "action_item": [1, 1]}
    if db.engine.dialect.name == "sqlite":
        assert found_titles() == [1]
    else:
        assert len(trigram_indexes()) == 3

    flask_migrate.downgrade(revision=TWENTY_NINTH)
    assert rows() == before


@pytest.mark.both_databases
def test_rows_that_older_code_writes_get_their_places(installation):
    flask_migrate.upgrade(revision=TWENTY_NINTH)
    known = reflected()
    flask_migrate.upgrade(revision=TWENTIETH)

    with db.engine.begin() as connection:
        for table in known.sorted_tables:
            if table.name in {"organization", "team", "user_account", "retrospective"}:
                connection.execute(table.insert().values(values_of(table)))
        connection.execute(
            known.tables["action_item"].insert().values(values_of(known.tables["action_item"]))
        )

    assert places() == {"retrospective": [1], "action_item": [1, 1]}


def values_of(table):
    return {column.name: value(column) for column in table.columns}


@pytest.mark.parametrize("database_kind", ["postgresql"], indirect=True)
def test_who_may_not_make_the_extension_is_migrated_all_the_same(
    blank_database_url, redis_url, database_kind
):
    url = make_url(blank_database_url)
    as_admin = sa.create_engine(url.set(drivername="postgresql+psycopg"))
    with as_admin.begin() as connection:
        connection.execute(sa.text("CREATE ROLE somebody LOGIN"))
        connection.execute(sa.text("GRANT ALL ON SCHEMA public TO somebody"))
    theirs = url.set(username="somebody").render_as_string(hide_password=False)

    app = create_app(settings.build(database_url=theirs, redis_url=redis_url))
    with app.app_context():
        flask_migrate.upgrade()
        assert trigram_indexes() == []
        assert "team_id" in reflected().tables["action_item"].columns
        db.session.remove()
        db.engine.dispose()
    with as_admin.begin() as connection:
        connection.execute(sa.text("DROP OWNED BY somebody CASCADE"))
        connection.execute(sa.text("DROP ROLE somebody"))
    as_admin.dispose()


def never_linked():
    with db.engine.connect() as connection:
        return list(connection.scalars(sa.text("SELECT action_item_id FROM never_linked")))


@pytest.mark.both_databases
def test_what_never_had_a_link_is_known_from_then_on(installation):
    flask_migrate.upgrade(revision=THIRTIETH)
    tables = reflected()
    with db.engine.begin() as connection:
        for name in ("organization", "team", "user_account", "retrospective", "jira_connection"):
            connection.execute(tables.tables[name].insert().values(values_of(tables.tables[name])))
        item = values_of(tables.tables["action_item"])
        open_item = item | {"completed_at": None, "deleted_at": None}
        for number in (1, 2):
            row = open_item | {"id": number, "public_id": f"i{number}"}
            connection.execute(tables.tables["action_item"].insert().values(row))
        link = values_of(tables.tables["issue_link"]) | {"withdrawn": False, "backfill_id": None}
        connection.execute(tables.tables["issue_link"].insert().values(link))

    flask_migrate.upgrade(revision=TWENTY_THIRD)
    assert never_linked() == [2]

    flask_migrate.downgrade(revision=THIRTIETH)
    flask_migrate.upgrade(revision=TWENTY_THIRD)
    assert never_linked() == [2]
