"""Rows, and rules that need only the row. Imported whole so that metadata knows every table."""

from app.models.audit import AuditEvent
from app.models.identity import Membership, Organization, Plan, Role, Team, TeamMember, User
from app.models.jira import (
    TROUBLED,
    CheckState,
    ConnectionState,
    Installation,
    JiraConnection,
    JiraIssueType,
    JiraPerson,
    JiraProject,
    JiraSettings,
    MatchState,
    PendingGrant,
    ProjectMapping,
)
from app.models.mail import Mail
from app.models.retrospective import ActionItem, CompletedIn, Phase, Retrospective
from app.models.sync import (
    AssigneeNote,
    EntryState,
    FailureCode,
    IssueLink,
    LinkState,
    Operation,
    Outcome,
    SyncAttempt,
    SyncEntry,
)
from app.models.types import UtcDateTime, new_public_id, utcnow

__all__ = [
    "TROUBLED",
    "ActionItem",
    "AssigneeNote",
    "AuditEvent",
    "CheckState",
    "CompletedIn",
    "ConnectionState",
    "EntryState",
    "FailureCode",
    "Installation",
    "IssueLink",
    "JiraConnection",
    "JiraIssueType",
    "JiraPerson",
    "JiraProject",
    "JiraSettings",
    "LinkState",
    "Mail",
    "MatchState",
    "Membership",
    "Operation",
    "Organization",
    "Outcome",
    "PendingGrant",
    "Phase",
    "Plan",
    "ProjectMapping",
    "Retrospective",
    "Role",
    "SyncAttempt",
    "SyncEntry",
    "Team",
    "TeamMember",
    "User",
    "UtcDateTime",
    "new_public_id",
    "utcnow",
]
