"""What a drain has in hand, and whom nobody was found for, is found by indexes

Each drain asks what an earlier one has left in hand, what it has left itself, and what went out
without the people whom it has found: nearly always nothing, for which every link of its connection
was read.

Old code may run beside this.

Revision ID: 0037
Revises: 0036
Create Date: 2026-11-29 22:20:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

INDEXES = {"ix_issue_link_claimed": "claim_id", "ix_issue_link_assignee_note": "assignee_note"}


def upgrade():
    for name, column in INDEXES.items():
        known = sa.text(f"{column} IS NOT NULL")
        columns = ["connection_id", column]
        op.create_index(name, "issue_link", columns, sqlite_where=known, postgresql_where=known)


def downgrade():
    for name in INDEXES:
        op.drop_index(name, "issue_link")
