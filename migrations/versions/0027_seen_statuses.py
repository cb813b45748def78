"""Jira's status of an issue, as it was last read, and the one that it owes

`issue_link.seen_status_name`, `seen_status_category`, `status_seen_at` and `status_changed_at`: what
pages show of an issue. Those of links whose status webhooks have told are filled in from there, with
the time of the change that told it; of all others nothing is known until the issue is read.

`project_mapping.completed_status_id` and its like are empty: completing and reopening leave issues
as they are until an admin chooses otherwise. `jira_issue_type.statuses`: what can be chosen, empty
until the next check. The new table owed_status is empty.

Old code may run beside this: it shows no status and moves no issue, and what it reads meanwhile is
seen again with the next reconciliation.

Revision ID: 0027
Revises: 0016
Create Date: 2026-11-29 09:00:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0027"
down_revision = "0016"
branch_labels = None
depends_on = None

COLUMNS = {
    "seen_status_name": sa.String(length=255),
    "seen_status_category": sa.String(length=32),
    "status_seen_at": sa.DateTime(timezone=True),
    "status_changed_at": sa.DateTime(timezone=True),
}
CHOSEN = {
    f"{when}_status_{what}": sa.String(length=length)
    for when in ("completed", "reopened")
    for what, length in (("id", 32), ("name", 255))
}


def upgrade():
    for name, kind in COLUMNS.items():
        op.add_column("issue_link", sa.Column(name, kind, nullable=True))
    op.execute(
        "UPDATE issue_link SET seen_status_name = status_name,"
        " seen_status_category = status_category, status_seen_at = jira_updated_at"
        " WHERE status_category IS NOT NULL AND jira_updated_at IS NOT NULL"
    )
    for name, kind in CHOSEN.items():
        op.add_column("project_mapping", sa.Column(name, kind, nullable=True))
    op.add_column("jira_issue_type", sa.Column("statuses", sa.JSON(), nullable=True))
    _create_owed_status()


def _create_owed_status():
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "owed_status",
        sa.Column("issue_link_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("owed", sa.String(length=40), nullable=True),
        sa.Column("since", moment, nullable=True),
        sa.Column("owed_by_id", sa.Integer(), nullable=True),
        sa.Column("status_name", sa.String(length=255), nullable=True),
        sa.Column("due_at", moment, nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("failure_code", sa.String(length=40), nullable=True),
        sa.Column("failure_message", sa.Text(), nullable=True),
        sa.Column("failure_fields", sa.JSON(), nullable=True),
        sa.Column("own", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["issue_link_id"],
            ["issue_link.id"],
            name=op.f("fk_owed_status_issue_link_id_issue_link"),
        ),
        sa.ForeignKeyConstraint(
            ["owed_by_id"], ["user_account.id"], name=op.f("fk_owed_status_owed_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("issue_link_id", name=op.f("pk_owed_status")),
    )
    op.create_index("ix_owed_status_owed_by_id", "owed_status", ["owed_by_id"])
    where = sa.text("due_at IS NOT NULL")
    op.create_index(
        "ix_owed_status_due_at",
        "owed_status",
        ["due_at"],
        sqlite_where=where,
        postgresql_where=where,
    )


def downgrade():
    op.drop_table("owed_status")
    op.drop_column("jira_issue_type", "statuses")
    for name in CHOSEN:
        op.drop_column("project_mapping", name)
    for name in COLUMNS:
        op.drop_column("issue_link", name)
