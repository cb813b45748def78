"""The title that an action item had when its line of the Sync Log was written

`sync_entry.title`: of lines that are there already nobody knows it, so they get today's. Old and new
code may run at once: lines of the old one have none, and are shown with today's.

Lost on the way back: the titles of then.

Revision ID: 0009
Revises: 0008
Create Date: 2026-11-28 22:20:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("sync_entry", schema=None) as batch_op:
        batch_op.add_column(sa.Column("title", sa.String(length=255), nullable=True))
    op.execute(
        "UPDATE sync_entry SET title = (SELECT action_item.title FROM action_item "
        "WHERE action_item.id = sync_entry.action_item_id)"
    )


def downgrade():
    with op.batch_alter_table("sync_entry", schema=None) as batch_op:
        batch_op.drop_column("title")
