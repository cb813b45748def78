"""Jira's status of an issue, as it was last read

`issue_link.seen_status_name`, `seen_status_category`, `status_seen_at` and `status_changed_at`: what
pages show of an issue. Those of links whose status webhooks have told are filled in from there, with
the time of the change that told it; of all others nothing is known until the issue is read.

Old code may run beside this: it shows no status, and what it reads meanwhile is seen again with the
next reconciliation.

Revision ID: 0027
Revises: 0016
Create Date: 2026-11-29 09:00:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0027"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMNS = {
    "seen_status_name": sa.String(length=255),
    "seen_status_category": sa.String(length=32),
    "status_seen_at": sa.DateTime(timezone=True),
    "status_changed_at": sa.DateTime(timezone=True),
}


def upgrade():
    for name, kind in COLUMNS.items():
        op.add_column("issue_link", sa.Column(name, kind, nullable=True))
    op.execute(
        "UPDATE issue_link SET seen_status_name = status_name,"
        " seen_status_category = status_category, status_seen_at = jira_updated_at"
        " WHERE status_category IS NOT NULL AND jira_updated_at IS NOT NULL"
    )


def downgrade():
    for name in COLUMNS:
        op.drop_column("issue_link", name)
