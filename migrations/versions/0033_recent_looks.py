"""When the issues of the latest retrospectives are looked at next

The work *reading* of a connection has, beside the next look at every issue, that at the issues of
the last 14 days. It is empty until the next look at every issue has ended.

Old code may run beside this: it looks at every issue alone.

Revision ID: 0033
Revises: 0032
Create Date: 2026-11-29 13:05:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

DUE = sa.text("recent_due_at IS NOT NULL")


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.add_column("jira_work", sa.Column("recent_due_at", moment, nullable=True))
    op.create_index(
        "ix_jira_work_recent_due",
        "jira_work",
        ["recent_due_at"],
        sqlite_where=DUE,
        postgresql_where=DUE,
    )


def downgrade():
    op.drop_index("ix_jira_work_recent_due", "jira_work")
    op.drop_column("jira_work", "recent_due_at")
