"""Since when an organization's admins do not want to be shown the first steps

Organizations that are there already are not new: theirs are hidden.

Old code may run beside this: an organization that it makes is shown its first steps.

Revision ID: 0030
Revises: 0024
Create Date: 2026-11-29 09:35:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0030"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.add_column("organization", sa.Column("first_steps_hidden_at", moment, nullable=True))
    organization = sa.table("organization", sa.column("first_steps_hidden_at", moment))
    op.execute(organization.update().values(first_steps_hidden_at=sa.func.now()))


def downgrade():
    op.drop_column("organization", "first_steps_hidden_at")
