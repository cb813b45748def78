"""Creating, editing, reading and finding issues."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any

from app.jira import reading
from app.jira.calls import MAX_PAGES, Calls, endless, nothing, segment
from app.jira.issue_reading import (
    bulk_outcome,
    created_issue,
    edited_issue,
    is_bulk_outcome,
    issue,
)
from app.jira.types import (
    BulkOutcome,
    CreatedIssue,
    FetchedIssues,
    Issue,
    IssueDraft,
)

DRAFTS_PER_REQUEST = 50
ISSUES_PER_REQUEST = 100
PROPERTIES_PER_REQUEST = 5


class IssueCalls(Calls):
    def create_issue(self, draft: IssueDraft) -> CreatedIssue:
        """Create one issue. There is no idempotency key: see `outcome_unknown` on the error.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-post
        """
        body = _update_details(draft.fields, draft.properties)
        return self._request("create_issue", "POST", "/issue", created_issue, body=body)

    def create_issues(self, drafts: Sequence[IssueDraft]) -> BulkOutcome:
        """Create up to 50 issues; some may fail while others succeed (jira-platform.md §2.5).

        Jira answers 201 if any worked and 400 with the same body if none did; both are returned.
        Raises an error only when the request as a whole failed.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulk-post
        """
        if not 1 <= len(drafts) <= DRAFTS_PER_REQUEST:
            raise ValueError("Jira creates between 1 and 50 issues at once.")
        updates = [_update_details(draft.fields, draft.properties) for draft in drafts]
        body = {"issueUpdates": updates}
        answer = self._send("create_issues", "POST", "/issue/bulk", body=body)
        if answer.status >= 300 and not (answer.status == 400 and is_bulk_outcome(answer)):
            raise self._refusal(answer)
        return self._read(answer, lambda body: bulk_outcome(body, answer, len(drafts)))

    def edit_issue(
        self,
        issue_id: str,
        fields: Mapping[str, Any],
        *,
        properties: Mapping[str, Any] | None = None,
    ) -> Issue | None:
        """Set fields of an issue; None empties one. Fields that are not named stay.

        Returns the issue as it then is, which costs no request more and tells the key of one that
        was moved; None where Jira leaves it out.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-put
        """
        body = _update_details(fields, properties or {})
        path = f"/issue/{segment(issue_id)}"
        params = {"returnIssue": "true"}
        return self._request("edit_issue", "PUT", path, edited_issue, params=params, body=body)

    def bulk_fetch(
        self,
        ids: Iterable[str],
        fields: Sequence[str] = (),
        properties: Sequence[str] = (),
    ) -> FetchedIssues:
        """Read issues by id or key, in requests of 100, at most 5 properties.

        Jira leaves out what is gone or unseen without a word: compare with what was asked. Without
        `fields` only id, key and properties come back. Reads what was just written
        (jira-platform.md §2.6).

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulkfetch-post
        """
        found = FetchedIssues()
        remaining = iter(dict.fromkeys(ids))
        while asked := list(islice(remaining, ISSUES_PER_REQUEST)):
            body = {"issueIdsOrKeys": asked, **_selection(fields, properties)}
            issues, unreadable = self._request(
                "bulk_fetch", "POST", "/issue/bulkfetch", _fetched, body=body, reads_only=True
            )
            found += issues
            found.unreadable |= unreadable
        return found

    def search(
        self,
        jql: str,
        fields: Sequence[str] = (),
        properties: Sequence[str] = (),
        *,
        page_size: int = 100,
        pages: int = MAX_PAGES,
    ) -> list[Issue]:
        """Every issue that matches, all pages. `jql` must be bounded; at most 5 properties.

        pages: no more are read than so many, for who wants to see the first issues only.

        The index lags behind writes, and an issue once found can vanish for a while
        (jira-platform.md §2.7).

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/#api-rest-api-3-search-jql-post
        """
        body = {"jql": jql, "maxResults": page_size, **_selection(fields, properties)}
        issues: list[Issue] = []
        for _ in range(pages):
            page, token = self._request(
                "search", "POST", "/search/jql", _search_page, body=body, reads_only=True
            )
            issues += page
            if token is None:
                return issues
            body["nextPageToken"] = token
        if pages < MAX_PAGES:
            return issues
        raise endless("search")

    def set_issue_property(self, issue_id: str, key: str, value: Any) -> None:
        """Write an issue property: any JSON but null, at most 32,768 characters.

        Source: jira-platform.md §2.6.
        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-properties/#api-rest-api-3-issue-issueidorkey-properties-propertykey-put
        """
        path = _property_path(issue_id, key)
        self._request("set_issue_property", "PUT", path, nothing, body=value)


def _update_details(fields: Mapping[str, Any], properties: Mapping[str, Any]) -> dict[str, Any]:
    details: dict[str, Any] = {"fields": dict(fields)}
    if properties:
        details["properties"] = [{"key": key, "value": value} for key, value in properties.items()]
    return details


def _selection(fields: Sequence[str], properties: Sequence[str]) -> dict[str, Any]:
    """What to read. Never empty: bulkfetch would then answer with every navigable field."""
    if len(properties) > PROPERTIES_PER_REQUEST:
        raise ValueError("Jira returns at most 5 properties at once.")
    selection: dict[str, Any] = {"fields": list(fields) or ["id"]}
    if properties:
        selection["properties"] = list(properties)
    return selection


def _property_path(issue_id: str, key: str) -> str:
    return f"/issue/{segment(issue_id)}/properties/{segment(key)}"


def _fetched(body: Any) -> tuple[list[Issue], set[str]]:
    answer = reading.required_mapping(body)
    issues = [issue(value) for value in reading.required_list(answer.get("issues"))]
    named = [
        reading.mapping(value).get("id") for value in reading.listing(answer.get("issueErrors"))
    ]
    return issues, {found for value in named if (found := reading.identifier(value))}


def _search_page(body: Any) -> tuple[list[Issue], str | None]:
    answer = reading.required_mapping(body)
    issues = [issue(value) for value in reading.required_list(answer.get("issues"))]
    if answer.get("isLast") is True:
        return issues, None
    return issues, reading.text(answer.get("nextPageToken")) or None
