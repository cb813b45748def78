"""The indexes of what was sent know every operation that sends

The chart of the Sync Log counts what was sent, which since 0024 and 0027 includes writing whose an
issue is and moving it to another status. The two indexes made for it named three operations of the
five, so that no database used them, and each opening read every line of 14 days.

Old code may run beside this: it asked for all five already.

Revision ID: 0034
Revises: 0033
Create Date: 2026-11-29 13:50:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

KINDS = {"at_once": "tries = 0", "after_retry": "tries > 0"}
FORMER = ("create", "update", "probe")
ALL = (*FORMER, "link", "transition")


def upgrade():
    for kind in KINDS:
        _make(f"ix_sync_entry_sent_{kind}", kind, ALL)
        op.drop_index(f"ix_sync_entry_{kind}", "sync_entry")


def downgrade():
    for kind in KINDS:
        _make(f"ix_sync_entry_{kind}", kind, FORMER)
        op.drop_index(f"ix_sync_entry_sent_{kind}", "sync_entry")


def _make(name, kind, operations):
    listed = ", ".join(f"'{operation}'" for operation in operations)
    where = sa.text(f"state = 'synced' AND operation IN ({listed}) AND {KINDS[kind]}")
    op.create_index(
        name,
        "sync_entry",
        ["organization_id", "updated_at"],
        sqlite_where=where,
        postgresql_where=where,
    )
