"""Issues that people choose, and issues that people create themselves

`issue_link.unmarked` is false and `issue_link.chosen` empty: nobody has chosen an issue yet. The new
table finishing is empty, too.

An issue belongs to one active link of a connection from now on. There cannot be two, because each
issue was created for one link and is told by it; should there be two all the same, the older one
stays and the younger one is closed, as *Unlink* does: its action item then has no issue here, and
Jira is not touched.

Old code may run beside this until somebody links an issue or finishes one in Jira: it would take
such a link for an update, and create what somebody is creating. Stop its workers first. On the way
back, links whose issue does not say yet whose it is are closed.

Revision ID: 0024
Revises: 0020
Create Date: 2026-11-29 08:40:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0024"
down_revision = "0020"
branch_labels = None
depends_on = None
contracts = {
    "issue_link: rows must keep unique connection_id, cloud_id, issue_id": (
        "0001: code gives the issue that it created to the link that it created it for"
    ),
}


def upgrade():
    op.add_column(
        "issue_link",
        sa.Column("unmarked", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column("issue_link", sa.Column("chosen", sa.JSON(), nullable=True))
    _close(
        "EXISTS (SELECT 1 FROM issue_link AS older WHERE older.active"
        " AND older.connection_id = issue_link.connection_id"
        " AND older.cloud_id = issue_link.cloud_id"
        " AND older.issue_id = issue_link.issue_id AND older.id < issue_link.id)"
    )
    op.create_index(
        "uq_issue_link_issue",
        "issue_link",
        ["connection_id", "cloud_id", "issue_id"],
        unique=True,
        sqlite_where=sa.text("active AND issue_id IS NOT NULL"),
        postgresql_where=sa.text("active AND issue_id IS NOT NULL"),
    )
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "finishing",
        sa.Column("action_item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("started_at", moment, nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["action_item_id"],
            ["action_item.id"],
            name=op.f("fk_finishing_action_item_id_action_item"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_finishing_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("action_item_id", name=op.f("pk_finishing")),
    )
    op.create_index(op.f("ix_finishing_user_id"), "finishing", ["user_id"])


def downgrade():
    op.drop_index(op.f("ix_finishing_user_id"), table_name="finishing")
    op.drop_table("finishing")
    _close("unmarked")
    op.drop_index("uq_issue_link_issue", table_name="issue_link")
    op.drop_column("issue_link", "chosen")
    op.drop_column("issue_link", "unmarked")


def _close(condition):
    op.execute(
        "UPDATE issue_link SET active = false, closed_at = CURRENT_TIMESTAMP, due_at = NULL,"
        f" due_since = NULL, revision = revision + 1 WHERE active AND {condition}"
    )
