"""Invitations, one-time links, and passwords that only their person has chosen

Whoever added somebody to an organization was shown the first password of the account, and nothing
tells which of them have been changed since. `user_account.password_chosen_at` is empty for all, and
such a password no longer signs in; `session_generation` ends the sessions that were begun with one.
The upgrade prints how many there are, and how the Owners come in.

New tables: invitation, one_time_link. `mail.address`: an e-mail may belong to an address alone.

Old code may run beside this: what it writes gets the defaults. Its sessions do not count here.

On the way back invitations, links and e-mails to an address are deleted, and each password signs in
again; accounts without one cannot.

Revision ID: 0008
Revises: 0007
Create Date: 2026-11-28 19:30:00

"""

import shlex

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

ROLE = sa.Enum("owner", "admin", "member", name="role", native_enum=False, length=40)
ONE_OF_TWO = "(connection_id IS NULL) <> (user_id IS NULL)"
ONE_OF_THREE = (
    "CASE WHEN connection_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN user_id IS NULL THEN 0 ELSE 1 END"
    " + CASE WHEN address IS NULL THEN 0 ELSE 1 END = 1"
)
OWNERS_NAMED = 20


def upgrade():
    op.add_column(
        "user_account", sa.Column("password_chosen_at", sa.DateTime(timezone=True), nullable=True)
    )
    op.add_column(
        "user_account",
        sa.Column("session_generation", sa.Integer(), server_default=sa.text("0"), nullable=False),
    )
    _create_invitation()
    _create_one_time_link()
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.add_column(sa.Column("address", sa.String(length=254), nullable=True))
        batch_op.create_index(batch_op.f("ix_mail_address"), ["address"], unique=False)
        batch_op.drop_constraint(batch_op.f("ck_mail_belongs_to_one"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_mail_belongs_to_one"), ONE_OF_THREE)
    _say_whose_passwords_have_ended()


def downgrade():
    op.execute("DELETE FROM mail WHERE address IS NOT NULL")
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_mail_belongs_to_one"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_mail_belongs_to_one"), ONE_OF_TWO)
        batch_op.drop_index(batch_op.f("ix_mail_address"))
        batch_op.drop_column("address")
    op.drop_table("one_time_link")
    op.drop_table("invitation")
    with op.batch_alter_table("user_account", schema=None) as batch_op:
        batch_op.drop_column("session_generation")
        batch_op.drop_column("password_chosen_at")


def _create_invitation():
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("role", ROLE, nullable=False),
        sa.Column("team_ids", sa.JSON(), nullable=False),
        sa.Column("invited_by_id", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organization_id"],
            ["organization.id"],
            name=op.f("fk_invitation_organization_id_organization"),
        ),
        sa.ForeignKeyConstraint(
            ["invited_by_id"],
            ["user_account.id"],
            name=op.f("fk_invitation_invited_by_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
    )
    op.create_index(op.f("ix_invitation_organization_id"), "invitation", ["organization_id"])
    waiting = sa.text("accepted_at IS NULL")
    op.create_index(
        "uq_invitation_waiting",
        "invitation",
        ["organization_id", "email"],
        unique=True,
        sqlite_where=waiting,
        postgresql_where=waiting,
    )


def _create_one_time_link():
    op.create_table(
        "one_time_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("invitation_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "(invitation_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_one_time_link_opens_one")
        ),
        sa.ForeignKeyConstraint(
            ["invitation_id"],
            ["invitation.id"],
            name=op.f("fk_one_time_link_invitation_id_invitation"),
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["user_account.id"], name=op.f("fk_one_time_link_user_id_user_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_one_time_link_token_hash")),
    )
    op.create_index(op.f("ix_one_time_link_invitation_id"), "one_time_link", ["invitation_id"])
    op.create_index(op.f("ix_one_time_link_user_id"), "one_time_link", ["user_id"])


def _say_whose_passwords_have_ended():
    connection = op.get_bind()
    count = connection.scalar(sa.text("SELECT count(*) FROM user_account"))
    if not count:
        return
    owners = connection.scalars(
        sa.text(
            "SELECT DISTINCT user_account.email FROM user_account JOIN membership"
            " ON membership.user_id = user_account.id WHERE membership.role = 'owner'"
            " ORDER BY user_account.email"
        )
    ).all()
    passwords = "1 password no longer signs in" if count == 1 else f"{count} passwords no longer sign in"
    print(
        f"{passwords}: whoever made the account was shown it. With SMTP_URL each person is offered\n"
        "a link by e-mail at the next sign-in. Without it, a link that works once and for an hour:"
    )
    for email in owners[:OWNERS_NAMED] or ["ADDRESS"]:
        print(f"    flask users link {shlex.quote(email)}")
    if len(owners) > OWNERS_NAMED:
        print(f"    and so on for {len(owners) - OWNERS_NAMED} more Owners")
