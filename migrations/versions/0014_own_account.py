"""What people choose for their own account, and changes of its e-mail address

`user_account.time_zone_chosen`: signing in no longer overwrites it. `appearance` gets what was so
before: as the system.

New tables: declined_mail, which kinds of e-mail somebody does not want; and email_change, with links
that confirm it (`one_time_link.email_change_id`).

Old code may run beside this: what it writes gets the defaults, and it finds no such link. It would
overwrite a chosen zone at a sign-in. On the way back waiting changes and their links are deleted.

Revision ID: 0014
Revises: 0013
Create Date: 2026-11-29 01:20:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

contracts = {
    "one_time_link: rows must keep check ck_one_time_link_opens_one": (
        "wider: a link may confirm an address, too; what an older version writes has one of the"
        " other two, as before"
    ),
}

ONE_OF_TWO = "(invitation_id IS NULL) <> (user_id IS NULL)"
ONE_OF_THREE = (
    "CASE WHEN invitation_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN user_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN email_change_id IS NULL THEN 0 ELSE 1 END = 1"
)


def upgrade():
    op.add_column(
        "user_account",
        sa.Column("time_zone_chosen", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "user_account",
        sa.Column("appearance", sa.String(length=40), server_default="system", nullable=False),
    )
    op.create_table(
        "declined_mail",
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_declined_mail_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("user_id", "kind", name=op.f("pk_declined_mail")),
    )
    op.create_table(
        "email_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_email_change_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_email_change")),
        sa.UniqueConstraint("user_id", name=op.f("uq_email_change_user_id")),
    )
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.add_column(sa.Column("email_change_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(
            op.f("fk_one_time_link_email_change_id_email_change"),
            "email_change",
            ["email_change_id"],
            ["id"],
        )
        batch_op.create_index(batch_op.f("ix_one_time_link_email_change_id"), ["email_change_id"])
        batch_op.drop_constraint(batch_op.f("ck_one_time_link_opens_one"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_one_time_link_opens_one"), ONE_OF_THREE)


# E-mails of the version after, whose kinds the one before cannot read.
KINDS = (
    "'email-change', 'email-change-asked', 'email-changed', 'items-handed-over', 'ownership', "
    "'member-left'"
)


def downgrade():
    op.execute(f"DELETE FROM mail WHERE kind IN ({KINDS})")
    op.execute("DELETE FROM one_time_link WHERE email_change_id IS NOT NULL")
    with op.batch_alter_table("one_time_link", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_one_time_link_opens_one"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_one_time_link_opens_one"), ONE_OF_TWO)
        batch_op.drop_index(batch_op.f("ix_one_time_link_email_change_id"))
        batch_op.drop_constraint(
            batch_op.f("fk_one_time_link_email_change_id_email_change"), type_="foreignkey"
        )
        batch_op.drop_column("email_change_id")
    op.drop_table("email_change")
    op.drop_table("declined_mail")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_column("appearance")
        batch_op.drop_column("time_zone_chosen")
