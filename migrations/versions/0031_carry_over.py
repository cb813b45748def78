"""Action items are carried over to later retrospectives, and dropped

A new table says which retrospective goes on with which action items of before. Of an action item it is
kept when it was dropped, by whom and why; of a retrospective, when Jira was last asked about those of
before. Nothing was carried over or dropped until now.

Old code may run beside this. To it what was dropped is complete, and a retrospective has its own
action items alone. On the way back what was carried over is only where it was written, and what was
dropped stays complete.

Revision ID: 0031
Revises: 0021
Create Date: 2026-11-29 12:30:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0031"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "carry_over",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_item_id", sa.Integer(), nullable=False),
        sa.Column("retrospective_id", sa.Integer(), nullable=False),
        sa.Column("carried_by_id", sa.Integer(), nullable=True),
        sa.Column("carried_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["action_item_id"],
            ["action_item.id"],
            name=op.f("fk_carry_over_action_item_id_action_item"),
        ),
        sa.ForeignKeyConstraint(
            ["retrospective_id"],
            ["retrospective.id"],
            name=op.f("fk_carry_over_retrospective_id_retrospective"),
        ),
        sa.ForeignKeyConstraint(
            ["carried_by_id"],
            ["user_account.id"],
            name=op.f("fk_carry_over_carried_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_carry_over")),
        sa.UniqueConstraint(
            "action_item_id",
            "retrospective_id",
            name="uq_carry_over_action_item_id_retrospective_id",
        ),
    )
    op.create_index("ix_carry_over_retrospective_id", "carry_over", ["retrospective_id"])
    op.create_index("ix_carry_over_carried_by_id", "carry_over", ["carried_by_id"])
    op.add_column("retrospective", sa.Column("looked_back_at", moment, nullable=True))
    op.add_column("action_item", sa.Column("dropped_at", moment, nullable=True))
    op.add_column("action_item", sa.Column("drop_reason", sa.String(length=200), nullable=True))
    # In one statement, or SQLite would make the table anew, without the triggers of 0020 and 0023.
    op.execute(
        "ALTER TABLE action_item ADD COLUMN dropped_by_id INTEGER "
        "CONSTRAINT fk_action_item_dropped_by_id_user_account REFERENCES user_account (id)"
    )
    op.create_index("ix_action_item_dropped_by_id", "action_item", ["dropped_by_id"])


def downgrade():
    op.drop_index("ix_action_item_dropped_by_id", "action_item")
    op.drop_column("action_item", "dropped_by_id")
    op.drop_column("action_item", "drop_reason")
    op.drop_column("action_item", "dropped_at")
    op.drop_column("retrospective", "looked_back_at")
    op.drop_table("carry_over")
