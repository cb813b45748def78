"""The Jira Cloud REST API (v3) of one site, for one account."""

from app.jira.changelogs import ChangelogCalls
from app.jira.found_values import FoundValueCalls
from app.jira.issues import IssueCalls
from app.jira.people import PeopleCalls
from app.jira.projects import ProjectCalls
from app.jira.statuses import StatusCalls
from app.jira.transport import recorded_calls
from app.jira.webhooks import WebhookCalls

__all__ = ["JiraClient", "recorded_calls"]


class JiraClient(
    ProjectCalls,
    FoundValueCalls,
    IssueCalls,
    StatusCalls,
    ChangelogCalls,
    PeopleCalls,
    WebhookCalls,
):
    """One method is one endpoint. Made with what `Calls` takes; usable by 8 threads at once.

    Every method raises a JiraError (design.md §4): JiraUnavailable, JiraRateLimited, JiraRefused or
    JiraUnauthorized. None of them retries: the one who asks decides when to ask again.
    """
