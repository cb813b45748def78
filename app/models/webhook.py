"""What Jira tells by itself: webhooks, their deliveries, and the looks that miss nothing."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.jira import JiraConnection
from app.models.sync import IssueLink
from app.models.types import UtcDateTime, enum_column


class WebhookState(StrEnum):
    ACTIVE = "active"
    RETIRED = "retired"  # another has taken its place: to be deleted in Jira


class Webhook(db.Model):
    """A dynamic webhook of ours in Jira. One is active; its forerunner goes once it stands.

    Jira's numbers are unique within a site only, so a delivery is looked up by number and site.
    """

    __tablename__ = "webhook"
    __table_args__ = (UniqueConstraint("connection_id", "cloud_id", "webhook_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    cloud_id: Mapped[str] = mapped_column(String(64))
    account_id: Mapped[str] = mapped_column(String(128))
    webhook_id: Mapped[int] = mapped_column(BigInteger, index=True)
    state: Mapped[WebhookState] = mapped_column(
        enum_column(WebhookState), default=WebhookState.ACTIVE
    )
    url: Mapped[str] = mapped_column(Text, index=True)
    project_keys: Mapped[list[str]] = mapped_column(JSON)
    registered_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # The longest that a token of its deliveries lived, in seconds; 0 before the first.
    token_life: Mapped[int] = mapped_column(default=0, server_default="0")

    connection: Mapped[JiraConnection] = relationship()


class WebhookDelivery(db.Model):
    """A hint that an issue changed. Nothing else of the body is kept: the issue is read again.

    `identifier` is Jira's, the same across its retries.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("connection_id", "identifier"),
        Index("ix_webhook_delivery_unapplied", "connection_id", "applied_at"),
        Index("ix_webhook_delivery_received", "connection_id", "received_at"),
        # For the ticker, which asks of all connections at once.
        Index(
            "ix_webhook_delivery_waiting",
            "connection_id",
            "not_before",
            sqlite_where=text("applied_at IS NULL"),
            postgresql_where=text("applied_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"))
    identifier: Mapped[str] = mapped_column(String(255))
    event: Mapped[str] = mapped_column(String(64))
    issue_id: Mapped[str] = mapped_column(String(32))
    # Jira had to send it more than once: others may have been lost meanwhile.
    retried: Mapped[bool] = mapped_column(default=False)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    # Jira named the issue but could not return it: it is not read again before.
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class WebhookTest(db.Model):
    """One *Send test*: a property written on a linked issue, and whether Jira reported it."""

    __tablename__ = "webhook_test"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    issue_link_id: Mapped[int | None] = mapped_column(ForeignKey("issue_link.id"))
    # When it was sent, when Jira reported it, and why it could not be sent; a sentence.
    written_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)

    link: Mapped[IssueLink | None] = relationship()


class Reconciliation(db.Model):
    """One look at every linked issue that matters, in slices, and what it caught."""

    __tablename__ = "reconciliation"

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    generation: Mapped[int]
    started_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    finished_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The last link looked at: where the next slice begins.
    last_link_id: Mapped[int] = mapped_column(default=0)
    looked_at: Mapped[int] = mapped_column(default=0)
    caught: Mapped[int] = mapped_column(default=0)
