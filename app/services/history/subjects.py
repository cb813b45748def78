"""What a change is about: a person looking for one narrows the list down by it."""

from collections.abc import Sequence
from enum import StrEnum


class Subject(StrEnum):
    JIRA = "jira"
    MEMBERS = "members"
    TEAMS = "teams"
    ORGANIZATION = "organization"

    @property
    def label(self) -> str:
        return self.value.capitalize()


# Marks another change as taken back: stands at that one, and is no line of its own.
UNDONE = "undone"

# The actions that `audit.record` is given, by what they are about.
ACTIONS: dict[Subject, Sequence[str]] = {
    Subject.JIRA: (
        "jira.connected", "jira.reconnected", "jira.disconnected", "jira.settings-saved",
        "jira.held", "jira.released", "jira.paused", "jira.resumed",
        "jira.field-values-saved",
        "jira.unmatched-owners-changed", "jira.account-changed", "jira.backfill-started",
        "jira.backfill-stopped", "jira.retried", "jira.retried-all", "jira.sync-requested",
        "jira.unlinked", "jira.created-again", "jira.linked", "jira.ours-sent", "jira.theirs-left",
        "jira.finishing-begun", "jira.finishing-stopped", "jira.sync-log-exported",
    ),
    Subject.MEMBERS: (
        "invited", "invited-again", "invitation-removed", "invitation-link-printed",
        "member-added", "role-changed", "ownership-transferred", "member-removed",
        "password-link-printed", "sessions-ended", "identity-untied", "email-changed",
        "account-deleted", "personal-data-exported",
        "items-handed-over",
    ),
    Subject.TEAMS: (
        "team-created", "team-renamed", "team-archived", "team-brought-back", "team-member",
        "team-member-removed", "retrospective-renamed", "retrospective-deleted",
    ),
    Subject.ORGANIZATION: (
        "organization-renamed", "digest-time-changed", "time-zone-changed", "plan-changed",
        "history-exported", "follow-through-exported",
    ),
}  # fmt: skip

SUBJECT_OF = {action: subject for subject, actions in ACTIONS.items() for action in actions}
