"""What Jira gives the app for an hour, and what of it is spent

Both tables are empty, and nothing waits: counting begins with the first request after it. Old code
may run beside this; what it asks of Jira is not counted.

Revision ID: 0026
Revises: 0023
Create Date: 2026-11-29 08:50:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0026"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.add_column("jira_connection", sa.Column("points_wait_from", sa.Integer(), nullable=True))
    op.add_column("jira_connection", sa.Column("points_wait_until", moment, nullable=True))
    op.create_table(
        "points_pool",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("window_start", moment, nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.Column("connections", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_points_pool")),
    )
    op.create_table(
        "points_share",
        sa.Column("connection_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("window_start", moment, nullable=False),
        sa.Column("spent", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_points_share_connection_id_jira_connection"),
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_points_share")),
    )


def downgrade():
    op.drop_table("points_share")
    op.drop_table("points_pool")
    op.drop_column("jira_connection", "points_wait_until")
    op.drop_column("jira_connection", "points_wait_from")
