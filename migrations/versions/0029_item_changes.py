"""What is changed of action items is recorded

The new table is empty: what was changed before is not known.

Old code may run beside this; what it changes is not recorded. On the way back what was recorded goes.

Revision ID: 0029
Revises: 0025
Create Date: 2026-11-29 09:20:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0029"
down_revision = "0025"
branch_labels = None
depends_on = None

NAMED = sa.text("user_id IS NOT NULL")


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "item_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_item_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("from_jira", sa.Boolean(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("changed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["action_item_id"],
            ["action_item.id"],
            name=op.f("fk_item_change_action_item_id_action_item"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_item_change_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_item_change")),
    )
    op.create_index("ix_item_change_item", "item_change", ["action_item_id", "id"])
    op.create_index("ix_item_change_age", "item_change", ["changed_at"])
    op.create_index(
        "ix_item_change_user_id",
        "item_change",
        ["user_id"],
        sqlite_where=NAMED,
        postgresql_where=NAMED,
    )


def downgrade():
    op.drop_table("item_change")
