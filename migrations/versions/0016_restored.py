"""Room for what a restored database has forgotten

`jira_connection.on_hold_since`, `installation.on_hold_since` and `installation.restored_until` are
empty: nothing is on hold. The new table adoption is empty, too: a connection is in it once it was on
hold.

Old code may run beside this, but not after `flask jira hold`: it knows of no hold and would send. On
the way back nothing is on hold any more.

Revision ID: 0016
Revises: 0017
Create Date: 2026-11-29 05:20:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0016"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.add_column("jira_connection", sa.Column("on_hold_since", moment, nullable=True))
    op.add_column("installation", sa.Column("on_hold_since", moment, nullable=True))
    op.add_column("installation", sa.Column("restored_until", moment, nullable=True))
    op.create_table(
        "adoption",
        sa.Column("connection_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("restored_until", moment, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=True),
        sa.Column("quiet_looks", sa.Integer(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_look_at", moment, nullable=False),
        sa.Column("looked_at", moment, nullable=True),
        sa.Column("finished_at", moment, nullable=True),
        sa.Column("released_at", moment, nullable=True),
        sa.Column("adopted", sa.Integer(), nullable=False),
        sa.Column("left_alone", sa.JSON(), nullable=False),
        sa.Column("unseen_projects", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_adoption_connection_id_jira_connection"),
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_adoption")),
    )


def downgrade():
    op.drop_table("adoption")
    op.drop_column("installation", "restored_until")
    op.drop_column("installation", "on_hold_since")
    op.drop_column("jira_connection", "on_hold_since")
