"""The statuses of issues, the transitions between them, and resolutions."""

from collections.abc import Mapping
from typing import Any

from app.jira import reading
from app.jira.calls import Calls, nothing, segment
from app.jira.issue_reading import transition
from app.jira.types import AllowedValue, Status, Transition

RESOLUTIONS_PER_PAGE = 50


class StatusCalls(Calls):
    def statuses(self, project_id: str) -> dict[str, list[Status]]:
        """The statuses that issues of a project can have, by the id of their type.

        A status may lack its category. Raises JiraRefused (404) for a project out of sight. Source:
        jira-platform.md §11.9.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-projects/#api-rest-api-3-project-projectidorkey-statuses-get
        """
        path = f"/project/{segment(project_id)}/statuses"
        return self._request("statuses", "GET", path, _by_type)

    def resolutions(self) -> list[AllowedValue]:
        """Every resolution of the site, all pages. Source: jira-platform.md §11.10.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-resolutions/#api-rest-api-3-resolution-search-get
        """
        values = self._pages("resolutions", "/resolution/search", ("values",), RESOLUTIONS_PER_PAGE)
        found = [reading.mapping(each) for each in values]
        return [
            AllowedValue(identity, name)
            for each in found
            if (identity := reading.identifier(each.get("id")))
            and (name := reading.text(each.get("name")))
        ]

    def transitions(self, issue_id: str) -> list[Transition]:
        """What the account may do with the issue's status now; empty if it may not.

        With the fields that the screen of each has. Source: jira-platform.md §2.6.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-get
        """
        path = f"/issue/{segment(issue_id)}/transitions"
        params = {"expand": "transitions.fields"}
        body = self._request("transitions", "GET", path, reading.required_mapping, params=params)
        values = reading.listing(body.get("transitions"))
        return [found for value in values if (found := transition(value))]

    def transition(
        self, issue_id: str, transition_id: str, fields: Mapping[str, Any] | None = None
    ) -> None:
        """Move an issue to the status that a transition leads to.

        fields: what its screen is answered with. One that the screen lacks is refused.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-transitions-post
        """
        path = f"/issue/{segment(issue_id)}/transitions"
        body: dict[str, Any] = {"transition": {"id": transition_id}}
        if fields:
            body["fields"] = dict(fields)
        self._request("transition", "POST", path, nothing, body=body)


def _by_type(body: Any) -> dict[str, list[Status]]:
    found: dict[str, list[Status]] = {}
    for value in reading.required_list(body):
        type_id = reading.identifier(reading.mapping(value).get("id"))
        listed = reading.listing(reading.mapping(value).get("statuses"))
        if type_id is not None:
            found[type_id] = [status for each in listed if (status := _status(each))]
    return found


def _status(value: Any) -> Status | None:
    status = reading.mapping(value)
    found = reading.identifier(status.get("id"))
    if found is None:
        return None
    category = reading.text(reading.mapping(status.get("statusCategory")).get("key"))
    return Status(found, reading.text(status.get("name")) or found, category or None)
