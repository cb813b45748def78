"""Action items that never had an issue link are found without looking at all that had one

The new table never_linked is kept by triggers, whoever writes the rows, and no model has it. In it is
every open action item without a link, but for links that were withdrawn. It may hold more, such as
an item that was completed and opened again: whoever reads it asks the links once more. It never
holds less, whatever is written side by side, because rows leave it only with what ends their being
in it.

An index finds the latest commits of an organization, of which its service levels tell.

Old code may run beside this.

Revision ID: 0023
Revises: 0030
Create Date: 2026-11-29 09:35:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0023"
down_revision = "0030"
branch_labels = None
depends_on = None

COMMITTED = "ix_retrospective_organization_committed"
OPEN = "{row}.completed_at IS NULL AND {row}.deleted_at IS NULL"
ADDED = (
    "INSERT INTO never_linked (action_item_id, organization_id) "
    "SELECT action_item.id, retrospective.organization_id FROM action_item "
    "JOIN retrospective ON retrospective.id = action_item.retrospective_id "
    "WHERE action_item.id = {item} ON CONFLICT DO NOTHING;"
)
GONE = "DELETE FROM never_linked WHERE action_item_id = {item};"
# Name, table, event, condition, and what happens.
TRIGGERS = (
    ("added", "action_item", "INSERT", OPEN.format(row="NEW"), ADDED.format(item="NEW.id")),
    (
        "opened",
        "action_item",
        "UPDATE OF completed_at, deleted_at",
        f"{OPEN.format(row='NEW')} AND NOT ({OPEN.format(row='OLD')})",
        ADDED.format(item="NEW.id"),
    ),
    (
        "ended",
        "action_item",
        "UPDATE OF completed_at, deleted_at",
        f"NOT ({OPEN.format(row='NEW')})",
        GONE.format(item="NEW.id"),
    ),
    ("linked", "issue_link", "INSERT", "NOT NEW.withdrawn", GONE.format(item="NEW.action_item_id")),
    (
        "withdrawn",
        "issue_link",
        "UPDATE OF withdrawn",
        "NEW.withdrawn AND NOT OLD.withdrawn",
        ADDED.format(item="NEW.action_item_id"),
    ),
)


def upgrade():
    op.create_table(
        "never_linked",
        sa.Column("action_item_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("organization_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["action_item_id"],
            ["action_item.id"],
            name=op.f("fk_never_linked_action_item_id_action_item"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("action_item_id", name=op.f("pk_never_linked")),
    )
    op.create_index(
        "ix_never_linked_organization_id", "never_linked", ["organization_id", "action_item_id"]
    )
    op.create_index(COMMITTED, "retrospective", ["organization_id", "committed_at"])
    op.execute(
        "INSERT INTO never_linked (action_item_id, organization_id) "
        "SELECT id, organization_id FROM action_item "
        f"WHERE {OPEN.format(row='action_item')} AND NOT EXISTS (SELECT 1 FROM issue_link "
        "WHERE issue_link.action_item_id = action_item.id AND NOT issue_link.withdrawn)"
    )
    for name, table, event, condition, effect in TRIGGERS:
        _create(f"never_linked_{name}", table, event, condition, effect)


def _create(name, table, event, condition, effect):
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {condition} BEGIN {effect} END"
        )
        return
    op.execute(
        f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN {effect} RETURN NULL; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {name} AFTER {event} ON {table} FOR EACH ROW WHEN ({condition}) "
        f"EXECUTE FUNCTION {name}()"
    )


def downgrade():
    for name, table, *_ in TRIGGERS:
        if op.get_bind().dialect.name == "sqlite":
            op.execute(f"DROP TRIGGER never_linked_{name}")
        else:
            op.execute(f"DROP TRIGGER never_linked_{name} ON {table}")
            op.execute(f"DROP FUNCTION never_linked_{name}()")
    op.drop_index(COMMITTED, "retrospective")
    op.drop_table("never_linked")
