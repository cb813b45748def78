"""The longest life of a webhook's tokens

`webhook.token_life`: seconds, 0 until the first delivery after the upgrade. Old and new code may
run at once: the old one leaves the column alone.

Lost on the way back: the seconds themselves; they come back with the next deliveries.

Revision ID: 0006
Revises: 0005
Create Date: 2026-11-28 19:05:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("token_life", sa.Integer(), server_default="0", nullable=False)
        )


def downgrade():
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.drop_column("token_life")
