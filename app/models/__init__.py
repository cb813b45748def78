"""Rows, and rules that need only the row. Imported whole so that metadata knows every table."""

from app.models.adoption import Adoption
from app.models.audit import AuditEvent
from app.models.backfill import Backfill, BackfillState, StopReason
from app.models.carry_over import CarryOver
from app.models.counted_month import UNCOUNTED, CountedMonth
from app.models.edit_screen import JiraEditScreen
from app.models.few_rows import SENT, unsettled_entry, unsettled_link, written
from app.models.finishing import Finishing
from app.models.identity import (
    Appearance,
    Membership,
    Organization,
    Plan,
    Role,
    Team,
    TeamMember,
    User,
)
from app.models.installation import Installation
from app.models.invitation import EmailChange, Invitation, OneTimeLink
from app.models.item_change import ItemChange, ItemChangeKind
from app.models.jira import (
    ENDS_WITHOUT_CONSENT,
    TROUBLED,
    ConnectionState,
    JiraConnection,
    JiraIssueType,
    JiraPerson,
    JiraProject,
    JiraSettings,
    MatchState,
    PendingGrant,
)
from app.models.mail import CalendarMail, DeclinedMail, Mail, MailKind, WantedMail
from app.models.mapping import CheckState, ProjectMapping
from app.models.mapping_value import JiraFieldOptions, MappingValue
from app.models.of_person import MemberOfChange
from app.models.owed_status import OwedCategory, OwedStatus
from app.models.points import PointsPool, PointsShare, Spending
from app.models.provider_identity import ProviderIdentity
from app.models.retrospective import ActionItem, CompletedIn, Phase, Retrospective
from app.models.service_level import Level, ServiceLevelHour
from app.models.sign_in import SignInGuesses, UserSession
from app.models.suspension import Suspension
from app.models.sync import AssigneeNote, FailureCode, IssueLink, LinkState
from app.models.sync_entry import (
    EntryState,
    Operation,
    Outcome,
    SyncAttempt,
    SyncEntry,
)
from app.models.types import UtcDateTime
from app.models.webhook import (
    Reconciliation,
    Webhook,
    WebhookDelivery,
    WebhookState,
    WebhookTest,
)
from app.models.work import JiraWork, WorkKind

__all__ = [
    "SENT",
    "ENDS_WITHOUT_CONSENT",
    "TROUBLED",
    "UNCOUNTED",
    "ActionItem",
    "Adoption",
    "Appearance",
    "AssigneeNote",
    "AuditEvent",
    "Backfill",
    "BackfillState",
    "CalendarMail",
    "CarryOver",
    "CheckState",
    "CompletedIn",
    "ConnectionState",
    "CountedMonth",
    "DeclinedMail",
    "EmailChange",
    "EntryState",
    "FailureCode",
    "Finishing",
    "Installation",
    "Invitation",
    "IssueLink",
    "ItemChange",
    "ItemChangeKind",
    "JiraConnection",
    "JiraEditScreen",
    "JiraFieldOptions",
    "JiraIssueType",
    "JiraPerson",
    "JiraProject",
    "JiraSettings",
    "JiraWork",
    "Level",
    "LinkState",
    "Mail",
    "MailKind",
    "MappingValue",
    "MatchState",
    "MemberOfChange",
    "Membership",
    "OneTimeLink",
    "Operation",
    "Organization",
    "Outcome",
    "PendingGrant",
    "Phase",
    "PointsPool",
    "PointsShare",
    "Plan",
    "ProjectMapping",
    "Reconciliation",
    "ProviderIdentity",
    "Retrospective",
    "Role",
    "ServiceLevelHour",
    "Spending",
    "StopReason",
    "SignInGuesses",
    "Suspension",
    "SyncAttempt",
    "SyncEntry",
    "Team",
    "TeamMember",
    "User",
    "UserSession",
    "UtcDateTime",
    "WantedMail",
    "Webhook",
    "WebhookDelivery",
    "WebhookState",
    "WebhookTest",
    "WorkKind",
    "OwedCategory",
    "OwedStatus",
    "unsettled_entry",
    "unsettled_link",
    "written",
]
