"""What an e-mail says of each action item: a line, and when it is due and where. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Row

from app.models import ActionItem
from app.services.retrospectives.due_words import is_overdue

LONGEST = 20  # items that one e-mail names


@dataclass(frozen=True)
class Line:
    """One action item. due: in words. issue: its key and its status in Jira, or "not in Jira"."""

    id: int
    title: str
    due: str
    overdue: bool
    retrospective: str
    team: str
    issue: str


@dataclass(frozen=True)
class Group:
    """The lines of one organization; name: empty where there is only one."""

    name: str
    lines: tuple[Line, ...]


def groups_of(
    items: Sequence[ActionItem], issues: Mapping[int, Row[tuple[int, str, str | None]]], today: date
) -> tuple[Group, ...]:
    """The first of `items` in their order, by organization, if there are several."""
    shown = items[:LONGEST]
    organizations = {item.retrospective.team.organization: None for item in shown}
    return tuple(
        Group(
            organization.name if len(organizations) > 1 else "",
            tuple(
                _line(item, issues.get(item.id), today)
                for item in shown
                if item.retrospective.team.organization is organization
            ),
        )
        for organization in organizations
    )


def day_words(day: date, today: date) -> str:
    """ "Friday, 27 November" within a week, "3 December" later, with the year in another year."""
    if 0 <= (day - today).days < 7:
        return f"{day:%A, %-d %B}"
    return f"{day:%-d %B}" if day.year == today.year else f"{day:%-d %B %Y}"


def _line(item: ActionItem, issue: Row[tuple[int, str, str | None]] | None, today: date) -> Line:
    return Line(
        id=item.id,
        title=item.title,
        due=_due_words(item, today),
        overdue=is_overdue(item, today),
        retrospective=item.retrospective.title,
        team=item.retrospective.team.name,
        issue=_issue_words(issue),
    )


def _due_words(item: ActionItem, today: date) -> str:
    if item.due_on is None:
        return "No due date"
    return f"{'Was due' if is_overdue(item, today) else 'Due'} {day_words(item.due_on, today)}"


def _issue_words(issue: Row[tuple[int, str, str | None]] | None) -> str:
    if issue is None:
        return "not in Jira"
    return f"{issue.issue_key}, {issue.status_name}" if issue.status_name else issue.issue_key
