"""The address of Jira's own form for a new issue, filled in (jira-platform.md §11.5)."""

from urllib.parse import quote, urlencode

from app.jira import adf
from app.models import ActionItem, ProjectMapping
from app.services.fields.sources import backlink_of

# What passes through whatever stands between: longer addresses are cut (jira-platform.md §11.5).
LONGEST = 4_000
_CUT = "…"


def address_of(item: ActionItem, mapping: ProjectMapping, site_url: str) -> str:
    """The form for the item, where its team's action items go."""
    backlink = backlink_of(item)
    below = [
        f"Assignee: {item.assignee.name}" if item.assignee else "",
        f"Due date: {item.due_on:%-d %B %Y}" if item.due_on else "",
        f"{backlink.text}: {backlink.url}",
    ]
    return address(
        site_url,
        mapping.project_id,
        mapping.issue_type_id,
        title=adf.summary(item.title),
        description=adf.words(adf.document(item.description)),
        ending="\n".join(filter(None, below)),
    )


def address(
    site_url: str,
    project_id: str,
    issue_type_id: str,
    title: str,
    description: str,
    ending: str,
) -> str:
    """The form of a project and type. ending: what stands below the description, never cut. Pure.

    Assignee and due date are not filled in: Jira wants them as each person reads them.
    """
    named = {"pid": project_id, "issuetype": issue_type_id, "summary": title}
    begin = f"{site_url}/secure/CreateIssueDetails!init.jspa?{urlencode(named, quote_via=quote)}"
    room = LONGEST - len(begin) - len("&description=")
    return f"{begin}&description={quote(_fitting(description, ending, room), safe='')}"


def _fitting(description: str, ending: str, room: int) -> str:
    """As much of the description as there is room for, encoded, beside the ending."""
    whole = f"{description}\n\n{ending}".strip()
    if _size(whole) <= room:
        return whole
    below = f"{_CUT}\n\n{ending}"
    left = room - _size(below)
    kept: list[str] = []
    for word in description.split(" "):
        left -= _size(f"{word} ")
        if left < 0:
            break
        kept.append(word)
    return f"{' '.join(kept)}{below}".strip()


def _size(text: str) -> int:
    return len(quote(text, safe=""))
