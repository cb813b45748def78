"""A word by which the encryption keys of a database are known

`installation.key_canary`, empty until a process starts, which stores the word under its newest key.

Old code may run beside this. On the way back the word is dropped.

Revision ID: 0013
Revises: 0012
Create Date: 2026-11-28 22:50:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("installation", sa.Column("key_canary", sa.String(length=200), nullable=True))


def downgrade():
    op.drop_column("installation", "key_canary")
