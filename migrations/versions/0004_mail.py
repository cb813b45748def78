"""E-mails to a person or about a connection, rendered when they are sent

A row says of which kind an e-mail is and which rows it tells of; the text of those that wait is
written anew when they go out.

| column of `mail`      | becomes                                                                |
|-----------------------|------------------------------------------------------------------------|
| about                 | kind                                                                   |
| recipients, unreached | recipients: who has got it. To whom else it goes is asked at each try  |
| subject, text, html   | stay of what the demo keeps; empty of what waits                       |

Old and new code do not run at once. What was queued for a job of the older version still runs.

On the way back what waits is deleted and counts as untold, so that the older version writes it
again; who had got it, while others were refused, gets it twice. E-mails to persons are deleted.

Revision ID: 0004
Revises: 0003
Create Date: 2026-11-28 16:50:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

KIND = sa.Enum("trouble", "blocked", name="mailkind", native_enum=False, length=40)
WERE_FULL = {
    "connection_id": sa.Integer(),
    "generation": sa.Integer(),
    "subject": sa.String(length=255),
    "text": sa.Text(),
    "html": sa.Text(),
}
ONE = "(connection_id IS NULL) <> (user_id IS NULL)"


def upgrade():
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.alter_column(
            "about",
            new_column_name="kind",
            existing_type=KIND,
            existing_nullable=False,
            server_default=None,
        )
        for name, kind in WERE_FULL.items():
            batch_op.alter_column(name, existing_type=kind, nullable=True)
        batch_op.add_column(sa.Column("user_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("row_ids", sa.JSON(), nullable=True))
    _render_when_sent()
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.alter_column("row_ids", existing_type=sa.JSON(), nullable=False)
        batch_op.drop_column("unreached")
        batch_op.create_index(batch_op.f("ix_mail_user_id"), ["user_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_mail_user_id_user_account"), "user_account", ["user_id"], ["id"]
        )
        batch_op.create_check_constraint(batch_op.f("ck_mail_belongs_to_one"), ONE)


def downgrade():
    _take_back_what_waits()
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_mail_belongs_to_one"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_mail_user_id_user_account"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_mail_user_id"))
        batch_op.drop_column("row_ids")
        batch_op.drop_column("user_id")
        batch_op.add_column(sa.Column("unreached", sa.JSON(), nullable=True))
    mail = sa.table("mail", sa.column("unreached", sa.JSON))
    op.execute(mail.update().values(unreached=[]))
    with op.batch_alter_table("mail", schema=None) as batch_op:
        batch_op.alter_column("unreached", existing_type=sa.JSON(), nullable=False)
        for name, kind in WERE_FULL.items():
            batch_op.alter_column(name, existing_type=kind, nullable=False)
        batch_op.alter_column(
            "kind",
            new_column_name="about",
            existing_type=KIND,
            existing_nullable=False,
            server_default="trouble",
        )


def _render_when_sent():
    """Of what waits: whom it has reached, and which mappings it is about."""
    mail = _mail("kind", "unreached")
    connection = op.get_bind()
    connection.execute(mail.update().values(row_ids=[]))
    waiting = mail.select().where(mail.c.sent_at.is_(None))
    for row in connection.execute(waiting).mappings().all():
        about = _told_until(row) if row["kind"] == "blocked" else []
        reached = [each for each in row["recipients"] if each not in row["unreached"]]
        values = {"recipients": reached, "row_ids": about, "subject": None, "text": None}
        connection.execute(
            mail.update().where(mail.c.id == row["id"]).values({**values, "html": None})
        )


def _told_until(row):
    """The mappings that had been told of when the e-mail was written, this one's among them.

    Those that an earlier e-mail told of are told again if they are still blocked: which was which
    is not known, and none may be lost.
    """
    return list(
        op.get_bind().scalars(
            sa.text(
                "SELECT project_mapping.id FROM project_mapping JOIN jira_connection"
                " ON jira_connection.organization_id = project_mapping.organization_id"
                " JOIN mail ON mail.connection_id = jira_connection.id"
                " WHERE mail.id = :id AND project_mapping.blocked_mailed_at <= mail.created_at"
                " ORDER BY project_mapping.id"
            ),
            {"id": row["id"]},
        )
    )


def _take_back_what_waits():
    """Delete it; what it would have told is untold again."""
    mail, connection = _mail("kind"), op.get_bind()
    blocked = mail.select().where(mail.c.sent_at.is_(None), mail.c.kind == "blocked")
    mapping = sa.table("project_mapping", sa.column("id"), sa.column("blocked_mailed_at"))
    for row in connection.execute(blocked).mappings().all():
        told = mapping.update().where(mapping.c.id.in_(row["row_ids"]))
        connection.execute(told.values(blocked_mailed_at=None))
    op.execute(
        "UPDATE jira_work SET due_at = (SELECT state_changed_at FROM jira_connection"
        " WHERE jira_connection.id = jira_work.connection_id)"
        " WHERE kind = 'notices' AND connection_id IN (SELECT mail.connection_id FROM mail"
        " JOIN jira_connection ON jira_connection.id = mail.connection_id"
        " AND jira_connection.generation = mail.generation"
        " WHERE mail.kind = 'trouble' AND mail.sent_at IS NULL"
        " AND jira_connection.state IN ('needs-reconnect', 'site-unavailable'))"
    )
    op.execute("DELETE FROM mail WHERE sent_at IS NULL OR user_id IS NOT NULL")


def _mail(*own):
    """The table as far as it concerns what waits, with the columns that it has at the time."""
    lists = ("recipients", "row_ids", "unreached")
    names = ("id", "sent_at", "subject", "text", "html", "recipients", "row_ids", *own)
    kinds = {name: sa.JSON(none_as_null=True) for name in lists}
    return sa.table("mail", *(sa.column(name, kinds.get(name)) for name in names))
