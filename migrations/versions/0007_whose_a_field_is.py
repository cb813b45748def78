"""Whose a field of an issue is

New columns and a table, all empty: where an issue was last read, which fields wait for a person's
decision or were left out, what an edit replaced, and which fields may be set in issues of a project
and type. Snapshots stay as they are. What a field's value was made from (`source`), what Jira was
sent (`sent`) and what was seen there (`seen`) are new keys beside the old ones, written when the
item is next edited or sent.

Old and new code do not run at once.

On the way back the new keys go, because the older version would not keep them true. A description
that waits for a decision is then sent with the item's next edit.

Revision ID: 0007
Revises: 0006
Create Date: 2026-11-28 18:40:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

OF_LINKS = {
    "issue_project_id": sa.String(length=32),
    "issue_type_id": sa.String(length=32),
    "differences": sa.JSON(),
    "field_notes": sa.JSON(),
}
SNAPSHOTS = ("snapshot", "stamped_snapshot")
NEW_KEYS = ("source", "sent", "seen")


def upgrade():
    with op.batch_alter_table("issue_link", schema=None) as batch_op:
        for name, kind in OF_LINKS.items():
            batch_op.add_column(sa.Column(name, kind, nullable=True))
    with op.batch_alter_table("sync_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("replaced", sa.JSON(), nullable=True))
    op.create_table(
        "jira_edit_screen",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("issue_type_id", sa.String(length=32), nullable=False),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_jira_edit_screen_connection_id_jira_connection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jira_edit_screen")),
        sa.UniqueConstraint(
            "connection_id",
            "project_id",
            "issue_type_id",
            name=op.f("uq_jira_edit_screen_connection_id_project_id_issue_type_id"),
        ),
    )
    with op.batch_alter_table("jira_edit_screen", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_jira_edit_screen_connection_id"), ["connection_id"], unique=False
        )


def downgrade():
    op.drop_table("jira_edit_screen")
    with op.batch_alter_table("sync_entry", schema=None) as batch_op:
        batch_op.drop_column("replaced")
    with op.batch_alter_table("issue_link", schema=None) as batch_op:
        for name in OF_LINKS:
            batch_op.drop_column(name)
    for name in SNAPSHOTS:
        op.execute(_without_new_keys(name))


def _without_new_keys(column):
    if op.get_bind().dialect.name == "postgresql":
        less = "".join(f" - '{key}'" for key in NEW_KEYS)
        value, kind = f"({column}::jsonb{less})::json", f"json_typeof({column})"
    else:
        paths = ", ".join(f"'$.{key}'" for key in NEW_KEYS)
        value, kind = f"json_remove({column}, {paths})", f"json_type({column})"
    return sa.text(f"UPDATE issue_link SET {column} = {value} WHERE {kind} = 'object'")  # noqa: S608
