"""What the double remembers: issues, and what it was asked since somebody last forgot it."""

import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

TO_DO = {"id": "10000", "name": "To Do", "statusCategory": {"id": 2, "key": "new"}}
DONE = {"id": "10002", "name": "Done", "statusCategory": {"id": 3, "key": "done"}}


@dataclass
class Recorded:
    """A request, the issues that it made, and when it came and was answered (seconds)."""

    method: str
    path: str
    query: Mapping[str, list[str]]
    body: Any
    arrived: float
    made: list[str] = field(default_factory=list)
    answered: float = 0.0
    status: int = 0


class Memory:
    """Issues by id, requests in the order of their arrival."""

    def __init__(self) -> None:
        self.issues: dict[str, dict[str, Any]] = {}
        self.requests: list[Recorded] = []
        self._last = 10_000

    def create(self, fields: Mapping[str, Any], properties: Any = None) -> dict[str, Any]:
        self._last += 1
        now = moment()
        project = fields.get("project") or {}
        key = f"{project.get('key') or 'PLAT'}-{self._last}"
        issue: dict[str, Any] = {
            "id": str(self._last),
            "key": key,
            "self": f"http://localhost/rest/api/3/issue/{self._last}",
            "fields": {
                **fields, "project": {"id": "10001", "key": "PLAT", **project}, "status": TO_DO,
                "created": now, "updated": now, "statuscategorychangedate": now,
            },
            "properties": {each["key"]: each["value"] for each in properties or []},
        }  # fmt: skip
        self.issues[issue["id"]] = self.issues[key] = issue
        return issue

    def edit(self, issue_id: str, fields: Mapping[str, Any]) -> dict[str, Any] | None:
        issue = self.issues.get(issue_id)
        if issue is not None:
            issue["fields"] |= {**fields, "updated": moment()}
        return issue

    def move(self, issue_ids: list[str], done: bool) -> None:
        """As somebody does on the board."""
        for issue_id in issue_ids:
            now = moment()
            self.issues[issue_id]["fields"] |= {
                "status": DONE if done else TO_DO, "updated": now, "statuscategorychangedate": now,
            }  # fmt: skip

    def recalled(self) -> list[dict[str, Any]]:
        return [asdict(each) for each in self.requests]


def moment() -> str:
    """Now, as Jira writes it."""
    now = datetime.now(UTC)
    return f"{now:%Y-%m-%dT%H:%M:%S}.{now.microsecond // 1000:03d}+0000"


def seconds() -> float:
    """On the clock that all processes of the machine share."""
    return time.clock_gettime(time.CLOCK_MONOTONIC)
