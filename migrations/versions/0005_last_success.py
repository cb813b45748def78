"""No time of the last success of a connection, which no page shows

`jira_connection.last_success_at` was written with each answer of Jira and read by nobody.
`last_sync_at`, which pages show, and `outage_since`, which decides, stay.

Old and new code do not run at once: the old one writes the column.

Lost on the way back: the times themselves; the older version writes them anew.

Revision ID: 0005
Revises: 0004
Create Date: 2026-11-28 18:40:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("jira_connection", schema=None) as batch_op:
        batch_op.drop_column("last_success_at")


def downgrade():
    with op.batch_alter_table("jira_connection", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("last_success_at", sa.DateTime(timezone=True), nullable=True)
        )
