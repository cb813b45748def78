"""Accounts at an identity provider

New table: provider_identity. Nobody is tied to one before they sign in with it.

Revision ID: 0018
Revises: 0015
Create Date: 2026-11-29 01:50:00

"""

from alembic import op
import sqlalchemy as sa


# revision identifiers, used by Alembic.
revision = "0018"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "provider_identity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("issuer", sa.String(length=255), nullable=False),
        sa.Column("subject", sa.String(length=255), nullable=False),
        sa.Column("tied_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["user_id"],
            ["user_account.id"],
            name=op.f("fk_provider_identity_user_id_user_account"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_identity")),
        sa.UniqueConstraint("issuer", "subject", name="uq_provider_identity_subject"),
        sa.UniqueConstraint("issuer", "user_id", name="uq_provider_identity_user"),
    )
    op.create_index(op.f("ix_provider_identity_user_id"), "provider_identity", ["user_id"])


def downgrade():
    op.execute("DELETE FROM mail WHERE kind = 'sign-in-tied'")  # which the version before cannot read
    op.drop_table("provider_identity")
