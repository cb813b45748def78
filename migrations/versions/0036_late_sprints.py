"""When the active sprint is looked for once more

An issue that was created without the active sprint gets it by an update if there is one within ten
minutes. It is empty for all issues that there are.

Old code may run beside this: it leaves sprints out and notes so, as before.

Revision ID: 0036
Revises: 0035
Create Date: 2026-11-29 17:10:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

DUE = sa.text("sprint_due_at IS NOT NULL")


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.add_column("issue_link", sa.Column("sprint_due_at", moment, nullable=True))
    op.create_index(
        "ix_issue_link_sprint_due_at",
        "issue_link",
        ["sprint_due_at"],
        sqlite_where=DUE,
        postgresql_where=DUE,
    )


def downgrade():
    op.drop_index("ix_issue_link_sprint_due_at", "issue_link")
    op.drop_column("issue_link", "sprint_due_at")
