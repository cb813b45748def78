"""Webhooks and backfill

Revision ID: 0002
Revises: 0001
Create Date: 2026-11-24 04:20:15.589261

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "backfill",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "running", "stopped", "finished", name="backfillstate", native_enum=False, length=40
            ),
            nullable=False,
        ),
        sa.Column("team_ids", sa.JSON(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("started_by_id", sa.Integer(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("stopped_by_id", sa.Integer(), nullable=True),
        sa.Column(
            "stop_reason",
            sa.Enum(
                "person",
                "disconnected",
                "other-site",
                name="stopreason",
                native_enum=False,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_backfill_connection_id_jira_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_backfill_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["started_by_id"],
            ["user_account.id"],
            name=op.f("fk_backfill_started_by_id_user_account"),
        ),
        sa.ForeignKeyConstraint(
            ["stopped_by_id"],
            ["user_account.id"],
            name=op.f("fk_backfill_stopped_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_backfill")),
    )
    with op.batch_alter_table("backfill", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_backfill_connection_id"), ["connection_id"], unique=False
        )
        batch_op.create_index(
            "uq_backfill_running",
            ["organization_id"],
            unique=True,
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )

    op.create_table(
        "reconciliation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_link_id", sa.Integer(), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("caught", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_reconciliation_connection_id_jira_connection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reconciliation")),
    )
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_reconciliation_connection_id"), ["connection_id"], unique=False
        )

    op.create_table(
        "webhook",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("cloud_id", sa.String(length=64), nullable=False),
        sa.Column("account_id", sa.String(length=128), nullable=False),
        sa.Column("webhook_id", sa.BigInteger(), nullable=False),
        sa.Column(
            "state",
            sa.Enum("active", "retired", name="webhookstate", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("project_keys", sa.JSON(), nullable=False),
        sa.Column("registered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_webhook_connection_id_jira_connection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook")),
        sa.UniqueConstraint(
            "connection_id",
            "cloud_id",
            "webhook_id",
            name=op.f("uq_webhook_connection_id_cloud_id_webhook_id"),
        ),
    )
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_connection_id"), ["connection_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_webhook_webhook_id"), ["webhook_id"], unique=False)

    op.create_table(
        "webhook_delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("identifier", sa.String(length=255), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("issue_id", sa.String(length=32), nullable=False),
        sa.Column("retried", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("applied_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_webhook_delivery_connection_id_jira_connection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_delivery")),
        sa.UniqueConstraint(
            "connection_id", "identifier", name=op.f("uq_webhook_delivery_connection_id_identifier")
        ),
    )
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.create_index(
            "ix_webhook_delivery_received", ["connection_id", "received_at"], unique=False
        )
        batch_op.create_index(
            "ix_webhook_delivery_unapplied", ["connection_id", "applied_at"], unique=False
        )

    op.create_table(
        "webhook_test",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issue_link_id", sa.Integer(), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_webhook_test_connection_id_jira_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["issue_link_id"],
            ["issue_link.id"],
            name=op.f("fk_webhook_test_issue_link_id_issue_link"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhook_test")),
    )
    with op.batch_alter_table("webhook_test", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_webhook_test_connection_id"), ["connection_id"], unique=False
        )

    with op.batch_alter_table("issue_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("backfill_id", sa.Integer(), nullable=True))
        batch_op.add_column(
            sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.create_index(
            batch_op.f("ix_issue_link_backfill_id"), ["backfill_id"], unique=False
        )
        batch_op.create_index(
            "ix_issue_link_due_at",
            ["due_at"],
            unique=False,
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.create_index(batch_op.f("ix_issue_link_recheck_at"), ["recheck_at"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_issue_link_backfill_id_backfill"), "backfill", ["backfill_id"], ["id"]
        )

    with op.batch_alter_table("jira_connection", schema=None) as batch_op:
        batch_op.add_column(sa.Column("webhook_due_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("webhook_error", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("webhook_failures", sa.Integer(), server_default="0", nullable=False)
        )
        batch_op.add_column(sa.Column("webhook_lease_id", sa.String(length=32), nullable=True))
        batch_op.add_column(
            sa.Column("webhook_lease_until", sa.DateTime(timezone=True), nullable=True)
        )
        batch_op.add_column(sa.Column("reconcile_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("read_not_before", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("site_checked_at", sa.DateTime(timezone=True), nullable=True))

    with op.batch_alter_table("jira_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jira_person_found_at"), ["found_at"], unique=False)

    with op.batch_alter_table("jira_settings", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("webhooks_enabled", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("take_over_title", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("take_over_assignee", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("take_over_due_date", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(sa.Column("unmatched_account_id", sa.String(length=128), nullable=True))
        batch_op.add_column(
            sa.Column(
                "unmatched_account_name", sa.String(length=255), server_default="", nullable=False
            )
        )

    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "about",
                sa.Enum("trouble", "blocked", name="mailabout", native_enum=False, length=40),
                server_default="trouble",
                nullable=False,
            )
        )

    with op.batch_alter_table("project_mapping", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("check_unasked", sa.Boolean(), server_default=sa.false(), nullable=False)
        )
        batch_op.add_column(
            sa.Column("blocked_mailed_at", sa.DateTime(timezone=True), nullable=True)
        )


def downgrade():
    with op.batch_alter_table("project_mapping", schema=None) as batch_op:
        batch_op.drop_column("blocked_mailed_at")
        batch_op.drop_column("check_unasked")

    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_column("about")

    with op.batch_alter_table("jira_settings", schema=None) as batch_op:
        batch_op.drop_column("unmatched_account_name")
        batch_op.drop_column("unmatched_account_id")
        batch_op.drop_column("take_over_due_date")
        batch_op.drop_column("take_over_assignee")
        batch_op.drop_column("take_over_title")
        batch_op.drop_column("webhooks_enabled")

    with op.batch_alter_table("jira_person", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_jira_person_found_at"))

    with op.batch_alter_table("jira_connection", schema=None) as batch_op:
        batch_op.drop_column("site_checked_at")
        batch_op.drop_column("read_not_before")
        batch_op.drop_column("reconcile_at")
        batch_op.drop_column("webhook_lease_until")
        batch_op.drop_column("webhook_lease_id")
        batch_op.drop_column("webhook_failures")
        batch_op.drop_column("webhook_error")
        batch_op.drop_column("webhook_due_at")

    with op.batch_alter_table("issue_link", schema=None) as batch_op:
        batch_op.drop_constraint(
            batch_op.f("fk_issue_link_backfill_id_backfill"), type_="foreignkey"
        )
        batch_op.drop_index(batch_op.f("ix_issue_link_recheck_at"))
        batch_op.drop_index(
            "ix_issue_link_due_at",
            sqlite_where=sa.text("due_at IS NOT NULL"),
            postgresql_where=sa.text("due_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_issue_link_backfill_id"))
        batch_op.drop_column("withdrawn")
        batch_op.drop_column("backfill_id")

    with op.batch_alter_table("webhook_test", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_test_connection_id"))

    op.drop_table("webhook_test")
    with op.batch_alter_table("webhook_delivery", schema=None) as batch_op:
        batch_op.drop_index("ix_webhook_delivery_unapplied")
        batch_op.drop_index("ix_webhook_delivery_received")

    op.drop_table("webhook_delivery")
    with op.batch_alter_table("webhook", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_webhook_webhook_id"))
        batch_op.drop_index(batch_op.f("ix_webhook_connection_id"))

    op.drop_table("webhook")
    with op.batch_alter_table("reconciliation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_reconciliation_connection_id"))

    op.drop_table("reconciliation")
    with op.batch_alter_table("backfill", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_backfill_running",
            sqlite_where=sa.text("state = 'running'"),
            postgresql_where=sa.text("state = 'running'"),
        )
        batch_op.drop_index(batch_op.f("ix_backfill_connection_id"))

    op.drop_table("backfill")
