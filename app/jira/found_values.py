"""What a field may be filled with, found by what somebody types."""

import re
from typing import Any

from app.jira import reading
from app.jira.calls import Calls
from app.jira.types import AllowedValue

MOST = 20
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]+-\d{1,10}")
_MARK = re.compile(r"</?b>", re.IGNORECASE)


class FoundValueCalls(Calls):
    def groups(self, query: str) -> list[AllowedValue]:
        """Groups whose name holds `query`; without the right to browse them, only one by its name.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-groups/#api-rest-api-3-groups-picker-get
        """
        params = {"query": query, "maxResults": MOST, "caseInsensitive": "true"}
        return self._request("groups", "GET", "/groups/picker", _groups, params=params)

    def suggestions(self, custom_id: int, query: str) -> list[AllowedValue]:
        """At most fifteen values of a custom field that begin so, such as Atlassian teams.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-jql/#api-rest-api-3-jql-autocompletedata-suggestions-get
        """
        params = {"fieldName": f"cf[{custom_id}]", "fieldValue": query}
        path = "/jql/autocompletedata/suggestions"
        return self._request("suggestions", "GET", path, _suggestions, params=params)

    def parents(self, project_id: str, query: str, level: int) -> list[AllowedValue]:
        """Open issues of a level (1: epics) with these words in their title, the last changed
        first; or one by its key, which may be any other issue that the account sees.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-post
        """
        jql = (
            f'key = "{query}"' if _KEY.fullmatch(query) else _parents_with(project_id, query, level)
        )
        body = {"jql": jql, "maxResults": MOST, "fields": ["summary"]}
        return self._request("parents", "POST", "/search/jql", _issues, body=body, reads_only=True)


def _parents_with(project_id: str, query: str, level: int) -> str:
    """Words alone: what else is typed would be read as a part of the query."""
    words = " ".join(re.findall(r"\w+", query))
    holding = f' AND summary ~ "{words}"' if words else ""
    return (
        f"project = {int(project_id)} AND hierarchyLevel = {level} AND statusCategory != Done"
        f"{holding} ORDER BY updated DESC"
    )


def _groups(body: Any) -> list[AllowedValue]:
    listed = reading.required_list(reading.required_mapping(body).get("groups"))
    names = [reading.text(reading.mapping(each).get("name")) for each in listed]
    return [AllowedValue(name, name) for name in names if name]


def _suggestions(body: Any) -> list[AllowedValue]:
    """What was typed is marked in the names, as HTML (jira-platform.md §11.11)."""
    listed = reading.required_list(reading.required_mapping(body).get("results"))
    found = [reading.mapping(each) for each in listed]
    return [
        AllowedValue(value, _MARK.sub("", reading.text(each.get("displayName"))) or value)
        for each in found
        if (value := reading.text(each.get("value")))
    ]


def _issues(body: Any) -> list[AllowedValue]:
    listed = reading.required_list(reading.required_mapping(body).get("issues"))
    found = []
    for each in map(reading.mapping, listed):
        identity, key = reading.identifier(each.get("id")), reading.text(each.get("key"))
        summary = reading.text(reading.mapping(each.get("fields")).get("summary"))
        if identity is not None and key:
            found.append(AllowedValue(identity, f"{key} · {summary}"))
    return found
