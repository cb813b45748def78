"""Pages that do not grow with what is settled: indexes, and text that is searched by them

`retrospective.organization_id`, `action_item.organization_id` and `action_item.team_id` repeat what
the team and the retrospective say, so that one index finds what a page lists. Triggers write them,
whoever writes the row; the rows that there are get them here.

Titles and keys are searched by trigrams: on PostgreSQL by indexes of the extension pg_trgm, on
SQLite by FTS5 tables beside the tables, which triggers keep. Where the extension may not be made,
its indexes are left out, and a search looks at the newest rows only (docs/operations.md).

Each index is built while the table may be read and not written. On a million action items the whole
takes a minute or two: do it at night.

Old code may run beside this.

Revision ID: 0020
Revises: 0029
Create Date: 2026-11-29 08:50:00

"""

import logging

from alembic import op
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError


# revision identifiers, used by Alembic.
revision = "0020"
down_revision = "0029"
branch_labels = None
depends_on = None

OPEN = "deleted_at IS NULL AND completed_at IS NULL"
COMPLETE = "deleted_at IS NULL AND completed_at IS NOT NULL"
UNSETTLED = "active IS true AND state != 'synced'"
SYNCED = "state = 'synced' AND operation IN ('create', 'update', 'probe')"
INDEXES = (
    ("ix_action_item_organization_open", "action_item", "organization_id due_on id", OPEN),
    ("ix_action_item_organization_complete", "action_item", "organization_id due_on id", COMPLETE),
    ("ix_action_item_team_open", "action_item", "team_id due_on id", OPEN),
    ("ix_action_item_team_complete", "action_item", "team_id due_on id", COMPLETE),
    (
        "ix_action_item_organization_changed",
        "action_item",
        "organization_id updated_at retrospective_id",
        "",
    ),
    ("ix_action_item_team_changed", "action_item", "team_id updated_at retrospective_id", ""),
    ("ix_action_item_assignee_open", "action_item", "assignee_id due_on id", OPEN),
    ("ix_retrospective_organization", "retrospective", "organization_id created_at", ""),
    ("ix_retrospective_team_created", "retrospective", "team_id created_at", ""),
    ("ix_issue_link_unsettled", "issue_link", "connection_id state", UNSETTLED),
    ("ix_issue_link_synced_at", "issue_link", "connection_id synced_at", ""),
    ("ix_sync_entry_organization_updated", "sync_entry", "organization_id updated_at id", ""),
    ("ix_sync_entry_team_updated", "sync_entry", "team_id updated_at id", ""),
    (
        "ix_sync_entry_unsettled",
        "sync_entry",
        "organization_id updated_at id",
        "state != 'synced'",
    ),
    (
        "ix_sync_entry_at_once",
        "sync_entry",
        "organization_id updated_at",
        f"{SYNCED} AND tries = 0",
    ),
    (
        "ix_sync_entry_after_retry",
        "sync_entry",
        "organization_id updated_at",
        f"{SYNCED} AND tries > 0",
    ),
    (
        "ix_sync_entry_edits",
        "sync_entry",
        "organization_id updated_at started_at",
        "operation = 'update' AND state IN ('synced', 'error')",
    ),
)
TRIGRAMS = (("action_item", "title"), ("issue_link", "issue_key"), ("sync_entry", "title"))

ROWS = ("NEW", "OLD")
RETROSPECTIVE = "SELECT organization_id FROM team WHERE team.id = {row}.team_id"
OF_ITEM = "SELECT {column} FROM retrospective WHERE retrospective.id = {row}.retrospective_id"

# The functions of PostgreSQL by the table whose rows they complete: before, so that a row is
# written once.
FUNCTIONS = {
    "retrospective": f"NEW.organization_id := ({RETROSPECTIVE.format(row='NEW')});",
    "action_item": (
        f"NEW.organization_id := ({OF_ITEM.format(column='organization_id', row='NEW')});"
        f" NEW.team_id := ({OF_ITEM.format(column='team_id', row='NEW')});"
    ),
}


def _token(number):
    """A number as one trigram: three signs out of 16,384, which no title is searched by."""
    signs = ", ".join(f"19968 + (({number}) >> {bits} & 16383)" for bits in (28, 14, 0))
    return f"char({signs})"


# The FTS5 tables of SQLite: the table searched, its columns by name, and when a row is in it. The
# first columns say whose the row is, so that others' rows cost nothing; `start` and `initial` find
# titles that begin with one or two letters.
_TITLE = {
    "title": "{row}.title",
    "start": "substr({row}.title, 1, 2) || '…'",
    "initial": "substr({row}.title, 1, 1) || '……'",
}
SEARCHED = {
    "action_item": (
        {
            "organization": _token("{row}.organization_id"),
            "team": _token("{row}.team_id"),
            **_TITLE,
        },
        "title",
    ),
    "issue_link": (
        {"connection": _token("{row}.connection_id"), "issue_key": "{row}.issue_key"},
        "issue_key",
    ),
    "sync_entry": (
        {"organization": _token("{row}.organization_id"), **_TITLE},
        "title",
    ),
}


def upgrade():
    op.add_column("retrospective", sa.Column("organization_id", sa.Integer(), nullable=True))
    op.add_column("action_item", sa.Column("organization_id", sa.Integer(), nullable=True))
    op.add_column("action_item", sa.Column("team_id", sa.Integer(), nullable=True))
    op.execute(f"UPDATE retrospective SET organization_id = ({_of('retrospective')})")
    op.execute(
        "UPDATE action_item SET"
        f" organization_id = ({OF_ITEM.format(column='organization_id', row='action_item')}),"
        f" team_id = ({OF_ITEM.format(column='team_id', row='action_item')})"
    )
    for name, table, columns, where in INDEXES:
        op.create_index(
            name,
            table,
            columns.split(),
            sqlite_where=sa.text(where.replace("IS true", "IS 1")) if where else None,
            postgresql_where=sa.text(where) if where else None,
        )
    if op.get_bind().dialect.name == "postgresql":
        _complete_on_postgresql()
        _search_on_postgresql()
    else:
        _complete_on_sqlite()
        for table, (columns, needed) in SEARCHED.items():
            _search_on_sqlite(table, columns, needed)


def _of(table):
    return RETROSPECTIVE.format(row=table)


def _complete_on_postgresql():
    for table, body in FUNCTIONS.items():
        op.execute(
            f"CREATE FUNCTION {table}_place() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body} RETURN NEW; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_place BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION {table}_place()"
        )


def _search_on_postgresql():
    """All three indexes, or none: whoever runs Unpack may have to make the extension."""
    try:
        with op.get_bind().begin_nested():
            op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            for table, column in TRIGRAMS:
                op.create_index(
                    f"ix_{table}_{column}_trigrams",
                    table,
                    [column],
                    postgresql_using="gin",
                    postgresql_ops={column: "gin_trgm_ops"},
                )
    except DBAPIError as error:
        logging.getLogger("alembic.runtime.migration").warning(
            "pg_trgm may not be made here (%s): searches look at the newest rows only, see "
            "docs/operations.md",
            str(error.orig).strip(),
        )


def _complete_on_sqlite():
    """After, because SQLite changes no row that is on its way in; FTS5 rows follow below."""
    op.execute(
        "CREATE TRIGGER retrospective_place AFTER INSERT ON retrospective BEGIN "
        f"UPDATE retrospective SET organization_id = ({RETROSPECTIVE.format(row='NEW')}) "
        "WHERE id = NEW.id; END"
    )
    organization = OF_ITEM.format(column="organization_id", row="NEW")
    team = OF_ITEM.format(column="team_id", row="NEW")
    op.execute(
        "CREATE TRIGGER action_item_place AFTER INSERT ON action_item BEGIN "
        f"UPDATE action_item SET organization_id = ({organization}), team_id = ({team}) "
        "WHERE id = NEW.id; END"
    )


def _search_on_sqlite(table, columns, needed):
    """A view of what is searched, the FTS5 table that indexes it, and what keeps the two equal.

    Without the view the index could not be made anew (`INSERT INTO … VALUES ('rebuild')`).
    """
    names = ", ".join(columns)
    values = {row: ", ".join(each.format(row=row) for each in columns.values()) for row in ROWS}
    whose = next(iter(columns)) + "_id"
    op.execute(
        f"CREATE VIEW {table}_searched AS SELECT id, "
        + ", ".join(f"{each.format(row=table)} AS {name}" for name, each in columns.items())
        + f" FROM {table} WHERE {needed} IS NOT NULL AND {whose} IS NOT NULL"
    )
    op.execute(
        f"CREATE VIRTUAL TABLE {table}_text USING fts5({names}, content='{table}_searched', "
        "content_rowid='id', tokenize='trigram')"
    )
    op.execute(f"INSERT INTO {table}_text ({table}_text) VALUES ('rebuild')")
    there = f"{{row}}.{needed} IS NOT NULL AND {{row}}.{whose} IS NOT NULL"
    put_in = (
        f"INSERT INTO {table}_text (rowid, {names}) SELECT NEW.id, {values['NEW']} "
        f"WHERE {there.format(row='NEW')};"
    )
    take_out = (
        f"INSERT INTO {table}_text ({table}_text, rowid, {names}) "
        f"SELECT 'delete', OLD.id, {values['OLD']} WHERE {there.format(row='OLD')};"
    )
    changed = [needed, whose] + (["team_id"] if "team" in columns else [])
    differ = " OR ".join(f"OLD.{each} IS NOT NEW.{each}" for each in changed)
    op.execute(f"CREATE TRIGGER {table}_found AFTER INSERT ON {table} BEGIN {put_in} END")
    op.execute(
        f"CREATE TRIGGER {table}_found_anew AFTER UPDATE OF {', '.join(changed)} ON {table} "
        f"WHEN {differ} BEGIN {take_out} {put_in} END"
    )
    op.execute(f"CREATE TRIGGER {table}_lost AFTER DELETE ON {table} BEGIN {take_out} END")


def downgrade():
    if op.get_bind().dialect.name == "postgresql":
        for table, column in TRIGRAMS:
            op.execute(f"DROP INDEX IF EXISTS ix_{table}_{column}_trigrams")
        for table in FUNCTIONS:
            op.execute(f"DROP TRIGGER {table}_place ON {table}")
            op.execute(f"DROP FUNCTION {table}_place()")
    else:
        for table in SEARCHED:
            for suffix in ("found", "found_anew", "lost"):
                op.execute(f"DROP TRIGGER {table}_{suffix}")
            op.execute(f"DROP TABLE {table}_text")
            op.execute(f"DROP VIEW {table}_searched")
        op.execute("DROP TRIGGER retrospective_place")
        op.execute("DROP TRIGGER action_item_place")
    for name, table, _, _ in reversed(INDEXES):
        op.drop_index(name, table)
    op.drop_column("action_item", "team_id")
    op.drop_column("action_item", "organization_id")
    op.drop_column("retrospective", "organization_id")
