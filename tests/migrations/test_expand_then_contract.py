"""From 0014 on a migration expands first, and what the version before does goes on to work."""

import flask_migrate
import pytest
import sqlalchemy as sa
from alembic.script import Script, ScriptDirectory

from app.extensions import db
from tests.migrations.expanding import complaints, unexplained
from tests.migrations.rows import THIRTEENTH, fill_tables, reflected, value
from tests.support.source_files import ROOT

SCRIPTS = ScriptDirectory(str(ROOT / "migrations"))


def migrations() -> list[Script]:
    """All after the thirteenth, the oldest first."""
    newest_first = SCRIPTS.walk_revisions(base=THIRTEENTH, head="head")
    return [each for each in newest_first if each.revision != THIRTEENTH][::-1]


def before_it(migration: Script) -> set[str]:
    """All that run before: a number says who took it first, not which runs first."""
    return {each.revision for each in SCRIPTS.walk_revisions(head=migration.down_revision)}


@pytest.mark.both_databases
@pytest.mark.parametrize("migration", migrations(), ids=lambda migration: migration.revision)
def test_a_migration_expands_and_older_code_works_on(installation, migration):
    flask_migrate.upgrade(revision=migration.down_revision)
    before = reflected()
    flask_migrate.upgrade(revision=migration.revision)

    contracts = getattr(migration.module, "contracts", {})
    found = complaints(before, reflected())
    assert unexplained(found, contracts, before_it(migration)) == []

    write_least(before)
    delete_all(before)
    fill_tables(before)
    assert read(before) == dict.fromkeys(before.tables, 1)
    rewrite(before)
    delete_all(before)
    assert set(read(before).values()) == {0}


def write_least(tables: sa.MetaData) -> None:
    """A row in each table, of the columns that must be given alone: the rest gets its default."""
    with db.engine.begin() as connection:
        for table in tables.sorted_tables:
            given = {
                column.name: value(column)
                for column in table.columns
                if column.primary_key or not (column.nullable or column.server_default)
            } | needed(table)
            connection.execute(table.insert().values(given))


def needed(table: sa.Table) -> dict[str, object]:
    """What a check of several columns asks for."""
    one_of = {"mail": "connection_id", "one_time_link": "invitation_id"}
    return {one_of[table.name]: 1} if table.name in one_of else {}


def read(tables: sa.MetaData) -> dict[str, int]:
    """How many rows each table has, every column being read by its name."""
    with db.engine.connect() as connection:
        return {t.name: len(connection.execute(sa.select(t)).all()) for t in tables.sorted_tables}


def rewrite(tables: sa.MetaData) -> None:
    with db.engine.begin() as connection:
        for table in tables.sorted_tables:
            values = {column.name: value(column) for column in table.columns}
            connection.execute(table.update().values(values))


def delete_all(tables: sa.MetaData) -> None:
    with db.engine.begin() as connection:
        for table in reversed(tables.sorted_tables):
            connection.execute(table.delete())


def table(*columns: sa.schema.SchemaItem, name: str = "item") -> sa.MetaData:
    metadata = sa.MetaData()
    sa.Table(name, metadata, sa.Column("id", sa.Integer, primary_key=True), *columns)
    return metadata


def title(**how: object) -> sa.Column:
    return sa.Column("title", how.pop("type", sa.String(40)), **how)


GIVEN = {"nullable": False}


@pytest.mark.parametrize(
    ("before", "after", "complaint"),
    [
        (table(), table(name="other"), "item: the table is gone"),
        (table(title()), table(), "item: title is gone"),
        (table(title()), table(title(type=sa.Text())), "item: title was VARCHAR(40) and is TEXT"),
        (table(title()), table(title(**GIVEN)), "item: title may not be empty any more"),
        (
            table(title(server_default="", **GIVEN)),
            table(title(**GIVEN)),
            "item: title is not filled in any more",
        ),
        (
            table(),
            table(title(**GIVEN)),
            "item: title must be given, and the code before does not know it",
        ),
        (
            table(title()),
            table(title(), sa.UniqueConstraint("title")),
            "item: rows must keep unique title",
        ),
        (
            table(title()),
            table(title(), sa.Index("uq_item_title", "title", unique=True)),
            "item: rows must keep unique title",
        ),
        (
            table(title()),
            table(title(), sa.ForeignKeyConstraint(["title"], ["word.id"])),
            "item: rows must keep reference title",
        ),
        (
            table(title(), sa.CheckConstraint("title <> 'x'", name="ck_item_title")),
            table(title(), sa.CheckConstraint("title <> ''", name="ck_item_title")),
            "item: rows must keep check ck_item_title",
        ),
    ],
)
def test_what_contracts_is_refused(before, after, complaint):
    assert complaints(before, after) == [complaint]


@pytest.mark.parametrize(
    "after",
    [
        table(),
        table(title()),
        table(title(server_default="", **GIVEN)),
        table(title(), sa.UniqueConstraint("title")),
        table(title(), sa.CheckConstraint("title <> ''")),
        table(title(), sa.ForeignKeyConstraint(["title"], ["word.id"])),
        table(sa.Index("ix_item_id", "id")),
    ],
)
def test_what_nobody_has_to_know_of_is_taken(after):
    assert complaints(table(), after) == []


@pytest.mark.parametrize(
    ("contracts", "wrong"),
    [
        ({}, ["item: title is gone"]),
        ({"item: title is gone": "0019: nothing reads it any more"}, []),
        ({"item: title is gone": "wider: the name has it as well"}, []),
        (
            {"item: title is gone": "0016: this one comes later"},
            ["no reason that can be followed: 0016: this one comes later"],
        ),
        ({"item: title is gone": "needless"}, ["no reason that can be followed: needless"]),
        (
            {
                "item: title is gone": "0019: nothing reads it any more",
                "x": "wider: more than it was",
            },
            ["it does not do this: x"],
        ),
    ],
)
def test_a_contraction_says_since_when_nobody_needs_what_goes(contracts, wrong):
    assert unexplained(["item: title is gone"], contracts, {"0018", "0019"}) == wrong
