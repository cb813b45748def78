"""What becomes of action items is counted by team and month

Of an action item it is kept when it was first completed, which for rows of before is the one
completion that is known, and when somebody last changed its issue in Jira. An organization has a
time zone, at first its Owner's, and nothing while that is not known.

The new table counted_month has the counts of a team's month, worked out by the ticker. What it has not
counted yet is in uncounted: a row for each change of an action item, written by triggers, whoever
makes the change, and without a model. At first it has a few rows for each month of each team.

The whole takes about a minute for a million action items, most of it for the index, and the counts
are there some minutes later: do it at night.

Old code may run beside this. What it completes is first completed then.

Revision ID: 0032
Revises: 0031
Create Date: 2026-11-29 12:40:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

MOMENT = sa.DateTime(timezone=True)
TOLD = (
    "INSERT INTO uncounted (organization_id, team_id, written_at) "
    "SELECT organization_id, team_id, {row}.created_at FROM retrospective "
    "WHERE retrospective.id = {row}.retrospective_id;"
)
CHANGED = (
    "UPDATE OF created_at, completed_at, first_completed_at, due_on, dropped_at, deleted_at, "
    "updated_at, touched_in_jira_at"
)
# Name, event and whose row tells of it.
TRIGGERS = (("written", "INSERT", "NEW"), ("changed", CHANGED, "NEW"), ("gone", "DELETE", "OLD"))
MONTH = {
    "sqlite": "strftime('%Y-%m', created_at)",
    "postgresql": "to_char(created_at AT TIME ZONE 'UTC', 'YYYY-MM')",
}
OWNERS_ZONE = (
    "SELECT user_account.time_zone FROM membership "
    "JOIN user_account ON user_account.id = membership.user_id "
    "WHERE membership.organization_id = organization.id AND membership.role = 'owner' "
    "AND user_account.time_zone != 'UTC' ORDER BY membership.id LIMIT 1"
)


def upgrade():
    op.add_column("organization", sa.Column("time_zone", sa.String(length=64), nullable=True))
    op.execute(f"UPDATE organization SET time_zone = ({OWNERS_ZONE})")
    op.add_column("action_item", sa.Column("first_completed_at", MOMENT, nullable=True))
    op.add_column("action_item", sa.Column("touched_in_jira_at", MOMENT, nullable=True))
    op.execute(
        "UPDATE action_item SET first_completed_at = completed_at "
        "WHERE completed_at IS NOT NULL AND dropped_at IS NULL"
    )
    _know_what_was_touched()
    op.create_index("ix_action_item_team_written", "action_item", ["team_id", "created_at"])
    _make_tables()
    for name, event, row in TRIGGERS:
        _create_trigger(f"uncounted_{name}", event, TOLD.format(row=row))


def _know_what_was_touched():
    """The issue has changed since we last wrote to it, as far as it was read."""
    touched = (
        "FROM issue_link WHERE issue_link.action_item_id = action_item.id AND issue_link.active "
        "AND issue_link.jira_updated_at > issue_link.synced_at"
    )
    op.execute(
        f"UPDATE action_item SET touched_in_jira_at = (SELECT issue_link.jira_updated_at {touched}) "
        f"WHERE completed_at IS NULL AND EXISTS (SELECT 1 {touched})"
    )


def _make_tables():
    op.create_table(
        "counted_month",
        sa.Column("team_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("still_open", sa.Integer(), nullable=False),
        sa.Column("tally", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(
            ["team_id"], ["team.id"], name=op.f("fk_counted_month_team_id_team"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_counted_month_organization_id_organization"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("team_id", "month", name=op.f("pk_counted_month")),
    )
    op.create_index("ix_counted_month_organization", "counted_month", ["organization_id", "month"])
    op.create_table(
        "uncounted",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.Column("team_id", sa.Integer(), nullable=True),
        sa.Column("written_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_uncounted")),
    )
    op.create_index("ix_uncounted_organization_id", "uncounted", ["organization_id"])
    # Of a month that begins at another moment where they are, the first and the last one will do.
    month = MONTH[op.get_bind().dialect.name]
    for one in ("min", "max"):
        op.execute(
            "INSERT INTO uncounted (organization_id, team_id, written_at) "
            f"SELECT organization_id, team_id, {one}(created_at) FROM action_item "
            f"GROUP BY organization_id, team_id, {month}"
        )


def _create_trigger(name, event, effect):
    if op.get_bind().dialect.name == "sqlite":
        op.execute(f"CREATE TRIGGER {name} AFTER {event} ON action_item BEGIN {effect} END")
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {effect} RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} AFTER {event} ON action_item FOR EACH ROW EXECUTE FUNCTION {name}()"
    )


def downgrade():
    for name, *_ in TRIGGERS:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER uncounted_{name}")
        else:
            op.execute(f"DROP TRIGGER uncounted_{name} ON action_item")
            op.execute(f"DROP FUNCTION uncounted_{name}()")
    op.drop_table("uncounted")
    op.drop_table("counted_month")
    op.drop_index("ix_action_item_team_written", "action_item")
    op.drop_column("action_item", "touched_in_jira_at")
    op.drop_column("action_item", "first_completed_at")
    op.drop_column("organization", "time_zone")
