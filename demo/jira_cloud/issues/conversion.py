"""What Jira's converter makes of documents: it may choke on one, or give its blocks ids.

Source: jira-platform.md §6.
"""

from collections.abc import Iterator
from typing import Any

from demo.jira_cloud.answers.refusals import JiraRefusal
from demo.jira_cloud.answers.texts import text
from demo.jira_cloud.issues.adf_rules import may_have_id, text_of
from demo.jira_cloud.state.world import World

Node = dict[str, Any]

_PLAIN = {"doc", "paragraph", "text", "hardBreak", "rule"}
_FIRST_ID = 1


def refuse_unreadable(world: World, body: Any) -> None:
    """Refuse the request as a whole, naming no field, if a document in it cannot be converted."""
    for document in _documents(body):
        if any(_is_unreadable(document, entry) for entry in world.conditions.unreadable):
            raise JiraRefusal(400, text("invalid_input"))


def kept(world: World, document: Node) -> Node:
    """The document as Jira keeps it."""
    return _with_ids(world, document) if world.conditions.local_ids else document


def _documents(value: Any) -> Iterator[Node]:
    if isinstance(value, dict) and value.get("type") == "doc":
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from _documents(each)


def _is_unreadable(document: Node, entry: dict[str, Any]) -> bool:
    try:
        words = text_of(document)
    except (KeyError, TypeError):
        return False  # no document at all: refused under its field
    return entry["words"] in words and (entry["in_plain"] or not _is_plain(document))


def _is_plain(node: Node) -> bool:
    marks = {mark.get("type") for mark in node.get("marks", [])}
    if node.get("type") not in _PLAIN or marks - {"link"}:
        return False
    return all(_is_plain(child) for child in node.get("content", []))


def _with_ids(world: World, node: Node) -> Node:
    changed = dict(node)
    if may_have_id(node["type"]) and "localId" not in node.get("attrs", {}):
        number = world.next_number("local id", _FIRST_ID)
        changed["attrs"] = {**node.get("attrs", {}), "localId": f"{number:012x}"}
    if "content" in node:
        changed["content"] = [_with_ids(world, child) for child in node["content"]]
    return changed
