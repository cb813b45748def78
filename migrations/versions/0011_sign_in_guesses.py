"""Wrong passwords are counted in rows

New table: sign_in_guesses. They were counted in Redis, where nothing was counted while it was away.

Old code may run beside this; it goes on counting in Redis. On the way back the counts are dropped.

Revision ID: 0011
Revises: 0009
Create Date: 2026-11-28 22:00:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "sign_in_guesses",
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_sign_in_guesses")),
    )
    op.create_index(op.f("ix_sign_in_guesses_forgotten_at"), "sign_in_guesses", ["forgotten_at"])


def downgrade():
    op.drop_table("sign_in_guesses")
