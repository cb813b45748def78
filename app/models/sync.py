"""The link between an action item and its issue."""

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import JSON, ForeignKey, Index, String, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.clock import utcnow
from app.extensions import db
from app.identifiers import new_public_id
from app.models.jira import JiraConnection
from app.models.retrospective import ActionItem
from app.models.types import UtcDateTime, enum_column

if TYPE_CHECKING:
    from app.models.owed_status import OwedStatus
    from app.models.sync_entry import SyncEntry


class LinkState(StrEnum):
    WAITING = "waiting"
    SYNCING = "syncing"
    UNKNOWN = "unknown"  # a create's outcome is not known; probes decide
    RETRYING = "retrying"
    ERROR = "error"
    SYNCED = "synced"
    DELETED = "deleted"  # in Jira
    UNSEEN = "unseen"  # the account cannot see the issue

    @property
    def moving(self) -> bool:
        return self in {LinkState.WAITING, LinkState.SYNCING, LinkState.UNKNOWN, LinkState.RETRYING}


class AssigneeNote(StrEnum):
    """Why an issue is not assigned to the action item's owner; the snapshot says to whom it is."""

    NOT_FOUND = "not-found"
    SEVERAL = "several"
    DIFFERENT = "different"
    EXCLUDED = "excluded"
    NOT_SEARCHABLE = "not-searchable"
    NOT_LOOKED_UP = "not-looked-up"  # Jira did not answer
    SUBSTITUTE_REFUSED = "substitute-refused"  # who gets it instead cannot be assigned
    NOT_ASSIGNABLE = "not-assignable"
    NOT_ON_SCREEN = "not-on-screen"
    NOT_PERMITTED = "not-permitted"  # the connected account may not assign


class FailureCode(StrEnum):
    """What went wrong, in the product's own terms.

    The words for it: `app/services/panel/advice.py`.
    """

    JIRA_UNAVAILABLE = "jira-unavailable"
    TURNED_AWAY = "turned-away"  # something before Jira stops this request; the site answers
    RATE_LIMITED = "rate-limited"
    MAY_NOT_CREATE = "may-not-create"
    MAY_NOT_EDIT = "may-not-edit"
    MAY_NOT_BROWSE = "may-not-browse"
    PROJECT_GONE = "project-gone"
    PROJECT_ARCHIVED = "project-archived"
    ISSUE_TYPE_GONE = "issue-type-gone"
    REQUIRED_FIELD = "required-field"
    FIELD_REFUSED = "field-refused"
    ASSIGNEE_REFUSED = "assignee-refused"
    CONFLICT = "conflict"
    TOO_LARGE = "too-large"
    REFUSED = "refused"
    # A create's outcome cannot be looked up: its project is out of sight, or on another site.
    OUTCOME_UNSEEN = "outcome-unseen"
    OTHER_SITE = "other-site"
    NOT_MAPPED = "not-mapped"
    # The status that an issue owes is not reached.
    NO_TRANSITION = "no-transition"  # from where it is
    NONE_OFFERED = "none-offered"  # no transition at all: perhaps the account may use none
    SEVERAL_STATUSES = "several-statuses"  # and nobody has said which
    SCREEN_ASKS_MORE = "screen-asks-more"
    RESOLUTION_NOT_CHOSEN = "resolution-not-chosen"  # a screen asks for one, and suggests none
    RESOLUTION_NOT_LISTED = "resolution-not-listed"  # one is chosen, and the screen has others
    STATUS_REFUSED = "status-refused"
    DECIDED_IN_JIRA = "decided-in-jira"  # somebody has chosen another since
    TWO_ISSUES = "two-issues"  # Jira holds two issues for one action item
    # The issue that a person chose says by now that it belongs to another action item.
    BELONGS_ELSEWHERE = "belongs-elsewhere"


class IssueLink(db.Model):
    """What Jira should hold for an action item, and what it was last known to hold.

    Its public id travels to Jira in the issue's property and decides which issue is whose
    (design.md §3). At most one link of an action item is active.
    """

    __tablename__ = "issue_link"
    __table_args__ = (
        Index(
            "uq_issue_link_active",
            "action_item_id",
            unique=True,
            sqlite_where=text("active"),
            postgresql_where=text("active"),
        ),
        # An issue belongs to one action item, however two people are at it (design.md §3.7).
        Index(
            "uq_issue_link_issue",
            "connection_id",
            "cloud_id",
            "issue_id",
            unique=True,
            sqlite_where=text("active AND issue_id IS NOT NULL"),
            postgresql_where=text("active AND issue_id IS NOT NULL"),
        ),
        Index("ix_issue_link_due", "connection_id", "due_at"),
        # For the ticker, which asks of all connections at once: what is settled is not in it.
        Index(
            "ix_issue_link_due_at",
            "due_at",
            sqlite_where=text("due_at IS NOT NULL"),
            postgresql_where=text("due_at IS NOT NULL"),
        ),
        # Of what a drain has in hand, or one that died: few, or none.
        Index(
            "ix_issue_link_claimed",
            "connection_id",
            "claim_id",
            sqlite_where=text("claim_id IS NOT NULL"),
            postgresql_where=text("claim_id IS NOT NULL"),
        ),
        # Of whom nobody was found for in Jira, until somebody is (people/late_matches.py).
        Index(
            "ix_issue_link_assignee_note",
            "connection_id",
            "assignee_note",
            sqlite_where=text("assignee_note IS NOT NULL"),
            postgresql_where=text("assignee_note IS NOT NULL"),
        ),
        Index("ix_issue_link_issue", "cloud_id", "issue_id"),
        Index(
            "ix_issue_link_sprint_due_at",
            "sprint_due_at",
            sqlite_where=text("sprint_due_at IS NOT NULL"),
            postgresql_where=text("sprint_due_at IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(32), unique=True, default=new_public_id)
    action_item_id: Mapped[int] = mapped_column(ForeignKey("action_item.id"), index=True)
    connection_id: Mapped[int] = mapped_column(ForeignKey("jira_connection.id"))
    # The backfill that opened it; what a person commits goes first.
    backfill_id: Mapped[int | None] = mapped_column(ForeignKey("backfill.id"), index=True)
    active: Mapped[bool] = mapped_column(default=True)
    state: Mapped[LinkState] = mapped_column(enum_column(LinkState), default=LinkState.WAITING)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utcnow)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Closed while nothing of it was in Jira, by the stop of its backfill or by a reconnect after a
    # disconnect: as if it never was.
    withdrawn: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Grows with whatever a person would notice, so that a poll can answer 204.
    revision: Mapped[int] = mapped_column(default=1)

    # The issue. Each link keeps its own site, so that keys still link after another is connected.
    cloud_id: Mapped[str | None] = mapped_column(String(64))
    site_url: Mapped[str | None] = mapped_column(String(255))
    issue_id: Mapped[str | None] = mapped_column(String(32))
    issue_key: Mapped[str | None] = mapped_column(String(64))
    synced_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # A person chose the issue, and it does not say yet whose it is: nothing else is sent before.
    unmarked: Mapped[bool] = mapped_column(default=False, server_default=false())
    # Of such a link: until then what stood here (`sources`), afterwards by Jira's id of a field
    # what stood there instead (`differences`), until somebody has decided.
    chosen: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    assignee_note: Mapped[AssigneeNote | None] = mapped_column(enum_column(AssigneeNote))
    # Where the issue was when it was last read, which may be elsewhere than where it was created.
    issue_project_id: Mapped[str | None] = mapped_column(String(32))
    issue_type_id: Mapped[str | None] = mapped_column(String(32))
    # By Jira's id of a field that was changed here and in Jira and waits for a person's decision:
    # what is there, who wrote it and when, and what may be replaced (`outbound/differences`).
    differences: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # By Jira's id of a field that was left out, or sent otherwise: why, and of which screen.
    field_notes: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    # What Jira last said of the issue: a change against it is acted on, never the state alone.
    status_category: Mapped[str | None] = mapped_column(String(32))
    status_name: Mapped[str | None] = mapped_column(String(255))
    jira_updated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # The status as any read last found it, and when, for pages (`models/issue_status`).
    seen_status_name: Mapped[str | None] = mapped_column(String(255))
    seen_status_category: Mapped[str | None] = mapped_column(String(32))
    status_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # When it last changed its category, as Jira says.
    status_changed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # Desired state. `due_since` bounds how long edits may postpone each other.
    due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    due_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    change_number: Mapped[int] = mapped_column(default=0)
    # Nothing is sent before: a retry's, a probe's or a pause's time.
    not_before: Mapped[datetime | None] = mapped_column(UtcDateTime)
    claim_id: Mapped[str | None] = mapped_column(String(32))

    # The stamp of a create (design.md §3): set before it leaves, cleared by a known outcome only.
    stamped_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    stamped_cloud_id: Mapped[str | None] = mapped_column(String(64))
    stamped_account_id: Mapped[str | None] = mapped_column(String(128))
    stamped_project_id: Mapped[str | None] = mapped_column(String(32))
    stamped_issue_type_id: Mapped[str | None] = mapped_column(String(32))
    # What it sends, and under `notes` what it leaves without (`outbound/stamped_notes`).
    stamped_snapshot: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    unknown_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    empty_probes: Mapped[int] = mapped_column(default=0)
    # Set when a create was ever unknown: a later sweep looks for a second issue (design.md §3.5).
    recheck_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)

    # When the active sprint is looked for once more, which the create went without.
    sprint_due_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    # The current series of tries.
    tries: Mapped[int] = mapped_column(default=0)
    failure_code: Mapped[FailureCode | None] = mapped_column(enum_column(FailureCode))
    failure_message: Mapped[str | None] = mapped_column(Text)
    failure_fields: Mapped[list[str] | None] = mapped_column(JSON)
    failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)

    action_item: Mapped[ActionItem] = relationship()
    connection: Mapped[JiraConnection] = relationship()
    owed_status: Mapped["OwedStatus | None"] = relationship(back_populates="link")
    entries: Mapped[list["SyncEntry"]] = relationship(
        back_populates="link", order_by="SyncEntry.id.desc()"
    )

    @property
    def created(self) -> bool:
        return self.issue_id is not None

    @property
    def stamped(self) -> bool:
        return self.stamped_at is not None

    @property
    def gives_way(self) -> bool:
        """Whether another issue may be chosen in its place: it has none, or Jira has none."""
        return not self.created or self.state is LinkState.DELETED

    def claim(self, lease_id: str) -> None:
        """Let the drain with that lease push it."""
        self.claim_id = lease_id
        if not self.stamped:
            self.state = LinkState.SYNCING
        self.revision += 1

    def give_back(self) -> None:
        """No drain pushes it any more."""
        self.claim_id = None
        if self.state is LinkState.SYNCING:
            self.state = LinkState.WAITING
        self.revision += 1

    def put_off(self, until: datetime, why: FailureCode) -> None:
        """Let it wait until then (aware UTC)."""
        self.not_before, self.failure_code = until, why
        self.state = LinkState.WAITING
        self.revision += 1

    def close(self, *, withdrawn: bool = False) -> None:
        """It is its action item's no more, and nothing of it is sent any more."""
        self.active, self.closed_at, self.withdrawn = False, utcnow(), withdrawn
        self.due_at = self.due_since = None
        self.revision += 1

    @property
    def is_elsewhere(self) -> bool:
        """Whether its issue is, or may be, on another site than the connected one."""
        return self.is_off(self.connection.cloud_id)

    def is_off(self, cloud_id: str) -> bool:
        """Whether its issue is, or may be, on another site than that one."""
        site = self.cloud_id or self.stamped_cloud_id
        return bool(site and site != cloud_id)

    @property
    def browse_url(self) -> str | None:
        return f"{self.site_url}/browse/{self.issue_key}" if self.issue_key else None
