"""Indexes by which what is stored of a person is found, and what of a history is too old

No row is touched. Each index is built while the table may be read and not written; on a table of
millions of rows that takes some seconds.

Old code may run beside this.

Revision ID: 0017
Revises: 0019
Create Date: 2026-11-29 05:58:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0017"
down_revision = "0019"
branch_labels = None
depends_on = None

COLUMNS = (
    ("audit_event", "user_id"),
    ("retrospective", "facilitator_id"),
    ("action_item", "created_by_id"),
    ("action_item", "completed_by_id"),
    ("action_item", "deleted_by_id"),
    ("invitation", "email"),
    ("invitation", "invited_by_id"),
    ("jira_person", "user_id"),
    ("jira_person", "picked_by_id"),
)
MEMBER = {
    "sqlite": "json_extract(details, '$.member')",
    "postgresql": "CAST(details ->> 'member' AS INTEGER)",
}
# Which site a change was made for is known by these.
PRUNED = "action NOT IN ('jira.connected', 'jira.reconnected')"


def upgrade():
    for table, column in COLUMNS:
        op.create_index(f"ix_{table}_{column}", table, [column])
    member = MEMBER[op.get_bind().dialect.name]
    op.execute(f"CREATE INDEX ix_audit_event_member ON audit_event (({member}))")
    op.create_index(
        "ix_audit_event_age",
        "audit_event",
        ["created_at"],
        sqlite_where=sa.text(PRUNED),
        postgresql_where=sa.text(PRUNED),
    )


def downgrade():
    op.drop_index("ix_audit_event_age", "audit_event")
    op.drop_index("ix_audit_event_member", "audit_event")
    for table, column in COLUMNS:
        op.drop_index(f"ix_{table}_{column}", table)
