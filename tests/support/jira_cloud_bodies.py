"""Bodies of requests, as small as they may be."""

from typing import Any

from demo.jira_cloud.state.world import REDIRECT_URI, SCOPES

TASK, STORY, EPIC, SUBTASK = "10001", "10002", "10000", "10004"
CHANGE, ILLUSTRATION = "10005", "10006"


def document(*words: str) -> dict[str, Any]:
    """A document with a paragraph for each text."""
    paragraphs = [
        {"type": "paragraph", "content": [{"type": "text", "text": text}]} for text in words
    ]
    return {"type": "doc", "version": 1, "content": paragraphs}


def issue(project: str = "PLAT", kind: str = TASK, **fields: Any) -> dict[str, Any]:
    """The body of a create; keywords add or replace fields."""
    given = {"project": {"key": project}, "issuetype": {"id": kind}, "summary": "Fix the build"}
    return {"fields": given | fields}


# What Connect to Jira asks of the consent page.
ASKED = {
    "audience": "api.atlassian.com",
    "client_id": "unpack-demo",
    "scope": " ".join(SCOPES),
    "redirect_uri": REDIRECT_URI,
    "state": "opaque",
    "response_type": "code",
    "prompt": "consent",
}
