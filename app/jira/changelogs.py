"""Who changed what of issues, and when."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.jira import reading
from app.jira.calls import MAX_PAGES, Calls, endless
from app.jira.types import Change

ISSUES_PER_REQUEST = 1_000


class ChangelogCalls(Calls):
    def changes(self, ids: Iterable[str], field_ids: Sequence[str]) -> list[Change]:
        """The changes of at most 10 fields in up to 1,000 issues, oldest first, all pages.

        What is gone, unseen or was never changed is left out. Source: jira-platform.md §11.16.

        https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-changelog-bulkfetch-post
        """
        asked = list(dict.fromkeys(ids))
        if not 1 <= len(asked) <= ISSUES_PER_REQUEST:
            raise ValueError("Jira reads the changelogs of between 1 and 1,000 issues at once.")
        body: dict[str, Any] = {"issueIdsOrKeys": asked, "fieldIds": list(field_ids)}
        changes: list[Change] = []
        for _ in range(MAX_PAGES):
            page, token = self._request(
                "changes", "POST", "/changelog/bulkfetch", _page, body=body, reads_only=True
            )
            # Whether Jira trims a history to the fields that were asked for is not known.
            changes += [each for each in page if not each.field_ids.isdisjoint(field_ids)]
            if token is None:
                return changes
            body["nextPageToken"] = token
        raise endless("changes")


def _page(body: Any) -> tuple[list[Change], str | None]:
    answer = reading.required_mapping(body)
    logs = reading.required_list(answer.get("issueChangeLogs"))
    found = [change for log in logs for change in _changes(reading.mapping(log))]
    return found, reading.text(answer.get("nextPageToken")) or None


def _changes(log: Any) -> Iterator[Change]:
    issue_id = reading.identifier(log.get("issueId"))
    for value in reading.listing(log.get("changeHistories")) if issue_id else []:
        history = reading.mapping(value)
        author = reading.mapping(history.get("author"))
        items = [reading.mapping(item) for item in reading.listing(history.get("items"))]
        yield Change(
            issue_id=issue_id or "",
            at=reading.moment(history.get("created")),
            account_id=reading.identifier(author.get("accountId")),
            name=reading.text(author.get("displayName")),
            field_ids=frozenset(reading.text(item.get("fieldId")) for item in items) - {""},
        )
