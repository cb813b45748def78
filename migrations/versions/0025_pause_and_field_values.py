"""Pausing, teams that do not sync, and what else a mapping sends

The new tables suspension, mapping_value and jira_field_options are empty: nothing is paused, and a
mapping sends no field values. No team is left out (`team.do_not_sync`), the mappings' versions begin
at 0, and active sprints were never read.

Old code may run beside this. As long as it does, a pause stops the new code alone, and so does a team
that does not sync. On the way back both are forgotten, so that everything syncs again.

Revision ID: 0025
Revises: 0028
Create Date: 2026-11-29 08:40:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0025"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.add_column("team", sa.Column("do_not_sync", sa.Boolean(), server_default=sa.false(), nullable=False))
    version = sa.Column("version", sa.Integer(), server_default=sa.text("0"), nullable=False)
    op.add_column("project_mapping", version)
    as_default = sa.Column(
        "values_as_default", sa.Boolean(), server_default=sa.true(), nullable=False
    )
    op.add_column("project_mapping", as_default)
    op.add_column("jira_project", sa.Column("sprints", sa.JSON(), nullable=True))
    op.add_column("jira_project", sa.Column("sprints_read_at", moment, nullable=True))
    op.create_table(
        "suspension",
        sa.Column("connection_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("since", moment, nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=False),
        sa.Column("mailed_at", moment, nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_suspension_connection_id_jira_connection"),
        ),
        sa.ForeignKeyConstraint(
            ["by_id"], ["user_account.id"], name=op.f("fk_suspension_by_id_user_account")
        ),
        sa.PrimaryKeyConstraint("connection_id", name=op.f("pk_suspension")),
    )
    op.create_table(
        "mapping_value",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("mapping_id", sa.Integer(), nullable=False),
        sa.Column("field_id", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("fingerprint", sa.String(length=255), nullable=False),
        sa.Column("value", sa.JSON(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["mapping_id"],
            ["project_mapping.id"],
            name=op.f("fk_mapping_value_mapping_id_project_mapping"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mapping_value")),
        sa.UniqueConstraint("mapping_id", "field_id", name=op.f("uq_mapping_value_mapping_id_field_id")),
    )
    op.create_table(
        "jira_field_options",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column("project_id", sa.String(length=32), nullable=False),
        sa.Column("issue_type_id", sa.String(length=32), nullable=False),
        sa.Column("field_id", sa.String(length=64), nullable=False),
        sa.Column("options", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_jira_field_options_connection_id_jira_connection"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jira_field_options")),
        sa.UniqueConstraint(
            "connection_id",
            "project_id",
            "issue_type_id",
            "field_id",
            name="uq_jira_field_options_field",
        ),
    )


def downgrade():
    op.drop_table("jira_field_options")
    op.drop_table("mapping_value")
    op.drop_table("suspension")
    op.drop_column("jira_project", "sprints_read_at")
    op.drop_column("jira_project", "sprints")
    op.drop_column("project_mapping", "values_as_default")
    op.drop_column("project_mapping", "version")
    op.drop_column("team", "do_not_sync")
