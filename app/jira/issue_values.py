"""What an issue holds in a field, in the form in which it is compared."""

from app.jira import adf, reading
from app.jira.types import Issue


def summary_in(issue: Issue) -> str | None:
    """As a summary that we would write ourselves: one line."""
    return adf.summary(issue.summary) if issue.summary else None


def description_in(issue: Issue) -> str:
    """What a person sees of it (`adf.projection`)."""
    return adf.projection(issue.fields.get("description"))


def assignee_in(issue: Issue) -> str | None:
    """The account."""
    return issue.assignee_id


def due_date_in(issue: Issue) -> str | None:
    """As Jira is sent it."""
    return issue.due_date.isoformat() if issue.due_date else None


def assignee_name_in(issue: Issue) -> str:
    """What the assignee is called there; empty where there is none, or no name."""
    return reading.text(reading.mapping(issue.fields.get("assignee")).get("displayName"))
