"""The Jira Cloud REST API (v3) of one site, for one account."""

from typing import Any

from app.jira import reading
from app.jira.issues import IssueCalls
from app.jira.people import PeopleCalls
from app.jira.projects import ProjectCalls
from app.jira.transport import recorded_calls
from app.jira.types import ServerInfo
from app.jira.webhooks import WebhookCalls

__all__ = ["JiraClient", "recorded_calls"]


class JiraClient(ProjectCalls, IssueCalls, PeopleCalls, WebhookCalls):
    """One method is one endpoint. Made with what `Calls` takes; usable by 8 threads at once.

    Every method raises a JiraError (design.md §4): JiraUnavailable, JiraRateLimited, JiraRefused or
    JiraUnauthorized. None of them retries: the one who asks decides when to ask again.
    """

    def server_info(self) -> ServerInfo:
        """What the site calls itself; its `base_url` changes when the site is renamed.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-server-info/#api-rest-api-3-serverinfo-get
        """
        return self._request("server_info", "GET", "/serverInfo", _server_info)


def _server_info(body: Any) -> ServerInfo:
    found = reading.required_mapping(body)
    return ServerInfo(
        base_url=reading.text(found.get("displayUrl")) or reading.text(found.get("baseUrl")),
        title=reading.text(found.get("serverTitle")),
        version=reading.text(found.get("version")),
    )
