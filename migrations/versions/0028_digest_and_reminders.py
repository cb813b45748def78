"""When the weekly digest and the reminders are due

`user_account.calendar_due_at` is empty: the ticker looks at everybody once and begins with what
comes due next, so nobody is owed anything of before. Every organization's digest comes on Mondays
at 8. The new tables are empty: nobody has asked for an e-mail that comes only to whoever asks.

Old code may run beside this. On the way back digests and reminders that wait are dropped.

Revision ID: 0028
Revises: 0027
Create Date: 2026-11-29 08:40:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

KINDS = ("digest", "reminder", "overdue")
OPEN = sa.text("completed_at IS NULL AND deleted_at IS NULL")


def upgrade():
    moment = sa.DateTime(timezone=True)
    op.add_column("user_account", sa.Column("calendar_due_at", moment, nullable=True))
    op.add_column("user_account", sa.Column("digest_week", sa.Date(), nullable=True))
    op.add_column("user_account", sa.Column("reminder_day", sa.Date(), nullable=True))
    op.create_index(op.f("ix_user_account_calendar_due_at"), "user_account", ["calendar_due_at"])
    for name, value in (("digest_weekday", "0"), ("digest_hour", "8")):
        column = sa.Column(name, sa.Integer(), server_default=sa.text(value), nullable=False)
        op.add_column("organization", column)
    op.create_table(
        "wanted_mail",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_wanted_mail_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_wanted_mail")),
    )
    op.create_table(
        "calendar_mail",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("owed_at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_calendar_mail_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_mail")),
        sa.UniqueConstraint(
            "user_id", "kind", "period", name=op.f("uq_calendar_mail_user_id_kind_period")
        ),
    )
    op.create_index(
        "ix_action_item_open_of_assignee",
        "action_item",
        ["assignee_id", "due_on"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )


def downgrade():
    mail = sa.table("mail", sa.column("kind"))
    declined = sa.table("declined_mail", sa.column("kind"))
    op.execute(mail.delete().where(mail.c.kind.in_(KINDS)))
    op.execute(declined.delete().where(declined.c.kind.in_(KINDS)))
    op.drop_index("ix_action_item_open_of_assignee", table_name="action_item")
    op.drop_table("calendar_mail")
    op.drop_table("wanted_mail")
    op.drop_column("organization", "digest_hour")
    op.drop_column("organization", "digest_weekday")
    op.drop_index(op.f("ix_user_account_calendar_due_at"), table_name="user_account")
    op.drop_column("user_account", "reminder_day")
    op.drop_column("user_account", "digest_week")
    op.drop_column("user_account", "calendar_due_at")
