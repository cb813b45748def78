"""The resolution that goes along where an action item is completed here

A mapping may say which resolution an issue gets, and a connection remembers those of its site. Both
are empty until the projects are read again, and until somebody chooses.

Old code may run beside this: it answers screens as before, by what Jira suggests.

Revision ID: 0035
Revises: 0034
Create Date: 2026-11-29 16:50:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("jira_connection", sa.Column("resolutions", sa.JSON(), nullable=True))
    op.add_column(
        "project_mapping", sa.Column("completed_resolution_id", sa.String(32), nullable=True)
    )
    op.add_column(
        "project_mapping", sa.Column("completed_resolution_name", sa.String(255), nullable=True)
    )


def downgrade():
    op.drop_column("project_mapping", "completed_resolution_name")
    op.drop_column("project_mapping", "completed_resolution_id")
    op.drop_column("jira_connection", "resolutions")
