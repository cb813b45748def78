"""Editing an action item as its form does, and what Jira then holds and was sent."""

from app.extensions import db
from app.jira import adf
from app.models import ActionItem, IssueLink, Operation, SyncEntry
from app.services.outbound import links
from app.services.retrospectives import action_items
from app.services.retrospectives.action_items import ActionItemFields

TITLE = "Add a canary stage to the deploy pipeline"
CRITERIA = "Acceptance criteria"


def write(item: ActionItem, **changed: object) -> None:
    """As the form does."""
    now = {name: getattr(item, name) for name in vars(ActionItemFields(""))} | changed
    action_items.edit(item, ActionItemFields(**now))
    db.session.commit()


def append(item: ActionItem, words: str) -> None:
    write(item, description=f"{item.description} {words}")


def link_of(item: ActionItem) -> IssueLink:
    link = links.active_link(item)
    assert link is not None
    return link


def in_jira(acme, item: ActionItem) -> dict[str, object]:
    fields: dict[str, object] = acme.jira.control.issue(link_of(item).issue_key)["fields"]
    return fields


def add_in_jira(acme, item: ActionItem, words: str = CRITERIA) -> None:
    """Somebody adds a heading to the description."""
    document = in_jira(acme, item)["description"]
    text = {"type": "text", "text": words}
    heading = {"type": "heading", "attrs": {"level": 2}, "content": [text]}
    added = {**document, "content": [*document["content"], heading]}
    acme.jira.control.edit_issue(
        link_of(item).issue_key, actor="member1@acme.test", description=added
    )


def words_in_jira(acme, item: ActionItem) -> str:
    return adf.words(in_jira(acme, item)["description"])


def edits(acme) -> list[list[str]]:
    return [sorted(each["body"]["fields"]) for each in acme.jira.control.requests("edit")]


def log_of(item: ActionItem) -> list[tuple[Operation, list[str]]]:
    rows = db.session.query(SyncEntry).filter_by(action_item_id=item.id).order_by(SyncEntry.id)
    return [(row.operation, row.fields) for row in rows]
