"""The connection to Jira, what it is allowed to use, and what is remembered of Jira."""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    JSON,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    and_,
    false,
    text,
)
from sqlalchemy.ext.hybrid import hybrid_method, hybrid_property
from sqlalchemy.orm import Mapped, attribute_keyed_dict, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.models.identity import Organization, User
from app.models.mapping import Connected, ProjectMapping
from app.models.suspension import Suspension
from app.models.types import UtcDateTime, enum_column, only
from app.models.work import JiraWork, WorkKind


class ConnectionState(StrEnum):
    CONNECTED = "connected"
    NEEDS_RECONNECT = "needs-reconnect"
    SITE_UNAVAILABLE = "site-unavailable"
    MISCONFIGURED = "misconfigured"  # the operator's: the client secret, or the tokens' key
    DISCONNECTED = "disconnected"


# Meanwhile due links wait. The grant is kept, and looked after, where no new consent is needed.
ENDS_WITHOUT_CONSENT = (ConnectionState.SITE_UNAVAILABLE, ConnectionState.MISCONFIGURED)
TROUBLED = (ConnectionState.NEEDS_RECONNECT, *ENDS_WITHOUT_CONSENT)


class JiraConnection(db.Model):
    """An organization's one connection. The row outlives a disconnect; its tokens do not.

    `generation` grows with each reconnect, disconnect and change of site: work that began under an
    older one stops, and a late token refresh cannot overwrite a newer grant (design.md §5).
    """

    __tablename__ = "jira_connection"
    # For the ticker. Of all states, SQLite would take it for connected ones, who are nearly all.
    __table_args__ = (
        Index("ix_jira_connection_stopped", "state_changed_at", **only("state != 'connected'")),
        Index("ix_jira_connection_outage", "outage_since", **only("outage_since IS NOT NULL")),
        Index("ix_jira_connection_minute", text("id % 1440")),
        Index("ix_jira_connection_idle", text("coalesce(refreshed_at, connected_at)")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), unique=True)
    state: Mapped[ConnectionState] = mapped_column(enum_column(ConnectionState))
    state_changed_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    generation: Mapped[int] = mapped_column(default=1)

    cloud_id: Mapped[str] = mapped_column(String(64), index=True)
    site_url: Mapped[str] = mapped_column(String(255))
    site_name: Mapped[str] = mapped_column(String(255))
    account_id: Mapped[str] = mapped_column(String(128))
    account_name: Mapped[str] = mapped_column(String(255), default="")
    connected_at: Mapped[datetime] = mapped_column(UtcDateTime)
    connected_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    disconnected_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    disconnected_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    access_token: Mapped[str | None] = mapped_column(Text)  # encrypted
    refresh_token: Mapped[str | None] = mapped_column(Text)  # encrypted
    access_expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refreshed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    refresh_lease_id: Mapped[str | None] = mapped_column(String(32))
    refresh_lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Since when refreshes of the same token have been unanswered: its leeway is 10 minutes.
    refresh_unknown_since: Mapped[datetime | None] = mapped_column(UtcDateTime)

    paused_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    near_limit_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Until then nothing is sent of that urgency and below (`models/points`): no points for it.
    points_wait_from: Mapped[int | None]
    points_wait_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    outage_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_sync_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # After an older database was restored: nothing of it is changed in Jira (design.md §3.6).
    on_hold_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    projects_fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Those of its site, read beside the projects: {"id", "name"} each. Nothing while unread.
    resolutions: Mapped[list[dict[str, str]] | None] = mapped_column(JSON(none_as_null=True))

    organization: Mapped[Organization] = relationship(back_populates="connection")
    # As long as somebody has paused syncing.
    suspension: Mapped[Suspension | None] = relationship(cascade="all, delete-orphan")
    connected_by: Mapped[User | None] = relationship(foreign_keys=connected_by_id)
    disconnected_by: Mapped[User | None] = relationship(foreign_keys=disconnected_by_id)
    # On its site alone, whether overrides are on or not.
    mappings: Mapped[list[ProjectMapping]] = relationship(
        primaryjoin=lambda: and_(ProjectMapping.is_on_site_of(cast(Connected, JiraConnection))),
        foreign_keys=lambda: [ProjectMapping.organization_id, ProjectMapping.cloud_id],
        order_by=lambda: [ProjectMapping.team_id.is_not(None), ProjectMapping.id],
        viewonly=True,
    )
    # What is done for it beside people's requests: a row of each kind, as long as it is there.
    works: Mapped[dict[WorkKind, JiraWork]] = relationship(
        collection_class=attribute_keyed_dict("kind"), cascade="all, delete-orphan"
    )

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        for kind in WorkKind:
            self.works[kind] = JiraWork(kind=kind, failures=0)

    @property
    def connected(self) -> bool:
        return self.state is ConnectionState.CONNECTED

    @property
    def site_host(self) -> str:
        """What people call the site: its address without the scheme."""
        return self.site_url.partition("://")[2]

    @property
    def in_trouble(self) -> bool:
        return self.state in TROUBLED

    @hybrid_method
    def is_paused(self, now: datetime) -> bool:
        """Whether Jira asked the connection to wait beyond `now` (aware UTC)."""
        return self.paused_until is not None and self.paused_until > now

    @is_paused.expression
    @classmethod
    def _is_paused(cls, now: datetime) -> ColumnElement[bool]:
        return and_(cls.paused_until.is_not(None), cls.paused_until > now)

    @hybrid_property
    def on_hold(self) -> bool:
        """Whether Jira may be read for it and nothing changed there."""
        return self.on_hold_since is not None

    @on_hold.inplace.expression
    @classmethod
    def _on_hold(cls) -> ColumnElement[bool]:
        return cls.on_hold_since.is_not(None)

    @hybrid_property
    def suspended(self) -> bool:
        """Whether somebody has paused syncing: nothing is pushed or read until they resume it."""
        return self.suspension is not None

    @suspended.inplace.expression
    @classmethod
    def _suspended(cls) -> ColumnElement[bool]:
        return cls.suspension.has()

    @property
    def holds_grant(self) -> bool:
        return self.state is not ConnectionState.DISCONNECTED


class PendingGrant(db.Model):
    """A grant that waits, encrypted and at most 15 minutes, for a decision of its person.

    Either more than one site is left to choose from, or a reconnect reached another site.
    """

    __tablename__ = "pending_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    access_token: Mapped[str] = mapped_column(Text)  # encrypted
    refresh_token: Mapped[str] = mapped_column(Text)  # encrypted
    access_expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    account_id: Mapped[str] = mapped_column(String(128))
    account_name: Mapped[str] = mapped_column(String(255))
    sites: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)

    user: Mapped[User] = relationship()


class JiraSettings(db.Model):
    """What an organization chose. `version` tells two admins that saved at once apart."""

    __tablename__ = "jira_settings"

    id: Mapped[int] = mapped_column(primary_key=True)
    organization_id: Mapped[int] = mapped_column(ForeignKey("organization.id"), unique=True)
    per_team_overrides: Mapped[bool] = mapped_column(default=False)
    webhooks_enabled: Mapped[bool] = mapped_column(default=False, server_default=false())
    # What else comes back from Jira; status does whenever webhooks are on.
    take_over_title: Mapped[bool] = mapped_column(default=False, server_default=false())
    take_over_assignee: Mapped[bool] = mapped_column(default=False, server_default=false())
    take_over_due_date: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Who gets the issue when an owner is not matched; nothing: nobody.
    unmatched_account_id: Mapped[str | None] = mapped_column(String(128))
    unmatched_account_name: Mapped[str] = mapped_column(String(255), default="", server_default="")
    version: Mapped[int] = mapped_column(default=0)
    saved_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    saved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))

    organization: Mapped[Organization] = relationship(back_populates="settings")
    saved_by: Mapped[User | None] = relationship()


class JiraProject(db.Model):
    """A project as the connected account last saw it. Belongs to a connection's site."""

    __tablename__ = "jira_project"
    __table_args__ = (
        UniqueConstraint("connection_id", "project_id"),
        Index(
            "ix_jira_project_types_wanted", "connection_id", **only("types_wanted_at IS NOT NULL")
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    project_id: Mapped[str] = mapped_column(String(32))
    key: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(255))
    may_create: Mapped[bool]
    types_wanted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    types_fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Its active sprints as last read: [{"id", "name", "board"}].
    sprints: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    sprints_read_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class JiraIssueType(db.Model):
    """An issue type of a project, with the fields of its create screen once they were read."""

    __tablename__ = "jira_issue_type"
    __table_args__ = (UniqueConstraint("connection_id", "project_id", "issue_type_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    project_id: Mapped[str] = mapped_column(String(32))
    issue_type_id: Mapped[str] = mapped_column(String(32))
    name: Mapped[str] = mapped_column(String(255))
    subtask: Mapped[bool]
    hierarchy_level: Mapped[int]
    # As `mapping/screens` keeps them, or nothing while unread; their options: JiraFieldOptions.
    fields: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON)
    fields_fetched_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The statuses of its issues: [{"id", "name", "category"}], or nothing while unread.
    statuses: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))


class MatchState(StrEnum):
    MATCHED = "matched"
    HIDDEN = "hidden"  # one account, whose e-mail Jira does not show: used
    NONE = "none"
    SEVERAL = "several"
    DIFFERENT = "different"  # one account, whose shown e-mail is another: not used
    EXCLUDED = "excluded"  # there is one, inactive or not to be assigned where issues go
    NOT_SEARCHABLE = "not-searchable"  # the connected account may not browse users


class JiraPerson(db.Model):
    """Which Jira account is a member's: its id, and the name that admins know it by.

    Never an e-mail. The name lives as long as the match: 7 days when found, until cleared when
    picked, gone at disconnect.
    """

    __tablename__ = "jira_person"
    __table_args__ = (UniqueConstraint("connection_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    state: Mapped[MatchState] = mapped_column(enum_column(MatchState))
    account_id: Mapped[str | None] = mapped_column(String(128))
    account_name: Mapped[str] = mapped_column(String(255), default="")
    picked: Mapped[bool] = mapped_column(default=False)
    picked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    found_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow, index=True)

    user: Mapped[User] = relationship(foreign_keys=user_id)
    picked_by: Mapped[User | None] = relationship(foreign_keys=picked_by_id)
