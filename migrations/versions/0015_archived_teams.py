"""Archived teams and deleted retrospectives; an index for the history

`team.archived_at` is empty: no team is archived. The new table deleted_retrospective is empty, too:
a retrospective is in it once somebody has deleted it, and stays where it is. The index is for a page
of an organization's history.

Old code may run beside this: it knows of neither, so it starts retrospectives for archived teams and
shows deleted ones, without their action items. On the way back the archived teams are as all others
again, and deleted retrospectives are shown again, without their action items.

Revision ID: 0015
Revises: 0014
Create Date: 2026-11-29 01:50:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("team", sa.Column("archived_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "deleted_retrospective",
        sa.Column("retrospective_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_by_id", sa.Integer(), nullable=True),
        sa.Column("phase", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["retrospective_id"],
            ["retrospective.id"],
            name=op.f("fk_deleted_retrospective_retrospective_id_retrospective"),
        ),
        sa.ForeignKeyConstraint(
            ["deleted_by_id"],
            ["user_account.id"],
            name=op.f("fk_deleted_retrospective_deleted_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("retrospective_id", name=op.f("pk_deleted_retrospective")),
    )
    op.create_index("ix_audit_event_page", "audit_event", ["organization_id", "id"])


def downgrade():
    op.drop_index("ix_audit_event_page", "audit_event")
    op.drop_table("deleted_retrospective")
    op.drop_column("team", "archived_at")
