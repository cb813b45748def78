"""Work of a connection in rows of its own

What a connection is worked on for has a row in `jira_work` for each kind, with one meaning a
column, instead of columns by other names for each kind in `jira_connection`.

Old and new code do not run at once: each knows leases, dues and failures only where it looks for
them. Stop web server, workers and ticker; upgrade; start the new ones. Leases move along, so that
what died under one is taken up as ever when it ends. The same holds for the way back.

| column of `jira_connection`                  | becomes in `jira_work`                             |
|----------------------------------------------|----------------------------------------------------|
| drain_lease_id, drain_lease_until            | drain: lease_id, lease_until                       |
| metadata_lease_id, metadata_lease_until      | metadata: lease_id, lease_until                    |
| metadata_failures, metadata_error            | metadata: failures, error                          |
| metadata_retry_at                            | metadata: not_before                               |
| projects_wanted_at                           | metadata: due_at                                   |
| people_wanted_at, people_error               | people: due_at, error                              |
| webhook_lease_id, webhook_lease_until        | webhook: lease_id, lease_until                     |
| webhook_due_at                               | webhook: due_at                                    |
| webhook_failures, webhook_error              | webhook: failures, error                           |
| reconcile_at                                 | reading: due_at                                    |
| read_not_before                              | reading: not_before                                |
| site_checked_at                              | grant: not_before, 15 minutes later                |
| trouble_mailed_at (empty while in trouble)   | notices: due_at, the moment the trouble began      |

Everything else stays: who and where (organization, state, generation, site, account, who connected
and disconnected), tokens with the lease of their refresh, what Jira asked of the whole connection
(paused_until, near_limit_until), and what pages show (outage_since, last_success_at, last_sync_at,
projects_fetched_at).

Lost on the way back: when exactly they were told of a trouble. It counts as told when it began.

Revision ID: 0003
Revises: 0002
Create Date: 2026-11-28 16:20:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

# By kind: the columns of the work, and those that they were before.
MOVED = {
    "drain": {"lease_id": "drain_lease_id", "lease_until": "drain_lease_until"},
    "grant": {},
    "metadata": {
        "lease_id": "metadata_lease_id",
        "lease_until": "metadata_lease_until",
        "due_at": "projects_wanted_at",
        "failures": "metadata_failures",
        "not_before": "metadata_retry_at",
        "error": "metadata_error",
    },
    "notices": {},
    "people": {"due_at": "people_wanted_at", "error": "people_error"},
    "reading": {"due_at": "reconcile_at", "not_before": "read_not_before"},
    "webhook": {
        "lease_id": "webhook_lease_id",
        "lease_until": "webhook_lease_until",
        "due_at": "webhook_due_at",
        "failures": "webhook_failures",
        "error": "webhook_error",
    },
}
IN_TROUBLE = "state IN ('needs-reconnect', 'site-unavailable')"


def upgrade():
    _create_work()
    for kind, columns in MOVED.items():
        op.execute(_filled(kind, columns))
    with op.batch_alter_table("jira_connection", schema=None) as batch_op:
        for column in _old_columns():
            batch_op.drop_column(column.name)
    with op.batch_alter_table("jira_project", schema=None) as batch_op:
        batch_op.create_index(
            "ix_jira_project_types_wanted",
            ["connection_id"],
            unique=False,
            **_where("types_wanted_at IS NOT NULL"),
        )
    with op.batch_alter_table("project_mapping", schema=None) as batch_op:
        batch_op.create_index(
            "ix_project_mapping_check_wanted",
            ["organization_id"],
            unique=False,
            **_where("check_wanted_at IS NOT NULL"),
        )


def downgrade():
    with op.batch_alter_table("project_mapping", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_project_mapping_check_wanted", **_where("check_wanted_at IS NOT NULL")
        )
    with op.batch_alter_table("jira_project", schema=None) as batch_op:
        batch_op.drop_index("ix_jira_project_types_wanted", **_where("types_wanted_at IS NOT NULL"))
    with op.batch_alter_table("jira_connection", schema=None) as batch_op:
        for column in _old_columns():
            batch_op.add_column(column)
    op.execute(_taken_back())
    with op.batch_alter_table("jira_connection", schema=None) as batch_op:
        batch_op.alter_column(
            "metadata_failures", existing_type=sa.Integer(), server_default=None
        )
    op.drop_table("jira_work")


def _create_work():
    op.create_table(
        "jira_work",
        sa.Column("connection_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(*MOVED, name="workkind", native_enum=False, length=40),
            nullable=False,
        ),
        sa.Column("lease_id", sa.String(length=32), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["connection_id"],
            ["jira_connection.id"],
            name=op.f("fk_jira_work_connection_id_jira_connection"),
        ),
        sa.PrimaryKeyConstraint("connection_id", "kind", name=op.f("pk_jira_work")),
    )
    with op.batch_alter_table("jira_work", schema=None) as batch_op:
        batch_op.create_index(
            "ix_jira_work_due", ["kind", "due_at"], unique=False, **_where("due_at IS NOT NULL")
        )
        batch_op.create_index(
            "ix_jira_work_leased",
            ["kind", "lease_until"],
            unique=False,
            **_where("lease_until IS NOT NULL"),
        )


def _filled(kind, columns):
    """A row of the kind for every connection."""
    sources = {"failures": "0", **columns}
    if kind == "grant":
        sources["not_before"] = _minutes_after("site_checked_at", 15)
    if kind == "notices":
        untold = f"{IN_TROUBLE} AND trouble_mailed_at IS NULL"
        sources["due_at"] = f"CASE WHEN {untold} THEN state_changed_at END"
    return (
        f"INSERT INTO jira_work (connection_id, kind, {', '.join(sources)}) "
        f"SELECT id, '{kind}', {', '.join(sources.values())} FROM jira_connection"
    )


def _taken_back():
    values = {
        old: _of_work(kind, f"COALESCE({new}, 0)" if new == "failures" else new)
        for kind, columns in MOVED.items()
        for new, old in columns.items()
    }
    values["site_checked_at"] = _of_work("grant", _minutes_after("not_before", -15))
    told = f"{IN_TROUBLE} AND {_of_work('notices', 'due_at')} IS NULL"
    values["trouble_mailed_at"] = f"CASE WHEN {told} THEN state_changed_at END"
    return "UPDATE jira_connection SET " + ", ".join(f"{old} = {new}" for old, new in values.items())


def _of_work(kind, expression):
    its_own = f"jira_work.connection_id = jira_connection.id AND jira_work.kind = '{kind}'"
    return f"(SELECT {expression} FROM jira_work WHERE {its_own})"


def _minutes_after(column, minutes):
    """SQLite keeps a moment as text: to the millisecond here, in the form of the others."""
    if op.get_context().dialect.name == "sqlite":
        return f"strftime('%Y-%m-%d %H:%M:%f000', {column}, '{minutes:+d} minutes')"
    return f"{column} + INTERVAL '{minutes} minutes'"


def _where(condition):
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def _old_columns():
    """What `jira_connection` had before; made anew each time, for a table takes them over."""
    moment, sentence, token = sa.DateTime(timezone=True), sa.Text(), sa.String(length=32)
    kinds = {
        "drain_lease_id": token,
        "drain_lease_until": moment,
        "trouble_mailed_at": moment,
        "projects_wanted_at": moment,
        "metadata_error": sentence,
        "metadata_failures": sa.Integer(),
        "metadata_retry_at": moment,
        "metadata_lease_id": token,
        "metadata_lease_until": moment,
        "people_wanted_at": moment,
        "people_error": sentence,
        "webhook_due_at": moment,
        "webhook_error": sentence,
        "webhook_failures": sa.Integer(),
        "webhook_lease_id": token,
        "webhook_lease_until": moment,
        "reconcile_at": moment,
        "read_not_before": moment,
        "site_checked_at": moment,
    }
    counts = {"metadata_failures", "webhook_failures"}
    return [
        sa.Column(name, kind, nullable=name not in counts, server_default=_default(name in counts))
        for name, kind in kinds.items()
    ]


def _default(is_count):
    return "0" if is_count else None
