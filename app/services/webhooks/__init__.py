"""The webhook that a connection should have in Jira, and making it so (design.md §2).

Everything that happens only makes upkeep due; `jobs/keep_webhook.py` compares what is wished with
what Jira lists and takes the steps between the two. So every step may run twice. What Jira allows:
jira-platform.md §5.1.
"""

from app.services.webhooks.owing import (
    forget,
    forget_other_registrations,
    issue_linked,
    owe_after_a_move,
    owe_upkeep,
    owed_connections,
    projects_changed,
)

__all__ = [
    "forget",
    "forget_other_registrations",
    "issue_linked",
    "owe_after_a_move",
    "owe_upkeep",
    "owed_connections",
    "projects_changed",
]
