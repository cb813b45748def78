"""Service levels

New table: service_level_hour, which is empty: what was answered before is not counted. Two indexes
find the retrospectives that were committed in some days.

Old code may run beside this: it knows of neither, and what it answers is not counted.

Revision ID: 0019
Revises: 0018
Create Date: 2026-11-29 05:20:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "service_level_hour",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("level", sa.String(length=40), nullable=False),
        sa.Column("hour", sa.DateTime(timezone=True), nullable=False),
        sa.Column("counted", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_service_level_hour_organization_id_organization"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_level_hour")),
    )
    for name, columns, where in (
        ("organization", ["organization_id", "level", "hour"], "organization_id IS NOT NULL"),
        ("installation", ["level", "hour"], "organization_id IS NULL"),
    ):
        op.create_index(
            f"uq_service_level_hour_{name}",
            "service_level_hour",
            columns,
            unique=True,
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_index("ix_service_level_hour_hour", "service_level_hour", ["hour"])
    op.create_index("ix_retrospective_committed_at", "retrospective", ["committed_at"])
    op.create_index(
        "ix_retrospective_team_committed", "retrospective", ["team_id", "committed_at"]
    )


def downgrade():
    op.drop_index("ix_retrospective_team_committed", "retrospective")
    op.drop_index("ix_retrospective_committed_at", "retrospective")
    op.drop_table("service_level_hour")
