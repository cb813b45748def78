"""The values of fields as Jira takes and gives them (jira-platform.md §11.3). Pure."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from app.jira import reading
from app.jira.adf import projection

_LONGEST_LINE = 255


def line(text: str) -> str:
    """A text field takes one line, of 255 characters."""
    return " ".join(text.split())[:_LONGEST_LINE].rstrip()


def document(text: str) -> dict[str, Any]:
    """Plain text as a document: a line is a paragraph. Empty lines are left out."""
    lines = [each.strip() for each in text.splitlines() if each.strip()]
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": each}]} for each in lines
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def moment(at: datetime) -> str:
    """ "2026-12-01T09:00:00.000+0000": milliseconds, and an offset without a colon. `at`: aware."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.000+0000")


def by_id(identity: str) -> dict[str, str]:
    """An option, a version, a component, a priority, a level, a project, another issue."""
    return {"id": identity}


def by_ids(identities: Sequence[str]) -> list[dict[str, str]]:
    return [by_id(each) for each in identities]


def two_levels(parent: str, child: str | None) -> dict[str, Any]:
    """Of a cascading list; without a child the parent alone is chosen."""
    return {"id": parent, "child": {"id": child}} if child else {"id": parent}


def person(account_id: str) -> dict[str, str]:
    return {"accountId": account_id}


def people(account_ids: Sequence[str]) -> list[dict[str, str]]:
    return [person(each) for each in account_ids]


def group(name: str) -> dict[str, str]:
    return {"name": name}


def groups(names: Sequence[str]) -> list[dict[str, str]]:
    return [group(each) for each in names]


def identity_of(value: Any) -> Any:
    """What tells one value from another, as sent and as read alike; of a list, of each in order.

    A sprint is sent as its number and read as a list of those the issue was in, a team is sent as
    its id and read with its name.
    """
    if isinstance(value, list):
        return [identity_of(each) for each in value]
    if not isinstance(value, Mapping):
        return value
    if value.get("type") == "doc":
        return projection(value)
    if "groupId" in value:
        return reading.text(value.get("name"))
    if child := value.get("child"):
        return reading.identifier(value.get("id")), identity_of(child)
    named = reading.text(value.get("accountId")) or reading.identifier(value.get("id"))
    return named or reading.text(value.get("name"))
