"""How deep lists may stand in lists. Jira's editor goes to six; deeper items move up to it."""

from itertools import groupby

from app.jira.adf.inlines import DONE, TODO, text_node
from app.jira.adf.text import Node

DEEPEST = 6
_BOXES = {"TODO": TODO, "DONE": DONE}
_LISTS = ("bulletList", "orderedList", "taskList")


def flattened(nodes: list[Node], depth: int = 0) -> list[Node]:
    """Return `nodes` with the items of lists deeper than `DEEPEST` as items of that one."""
    return [_flattened(node, depth) for node in nodes]


def _flattened(node: Node, depth: int) -> Node:
    if "content" not in node:
        return node
    depth += node["type"] in _LISTS
    content = node["content"]
    if depth == DEEPEST and node["type"] in _LISTS:
        content = [_of(node, item) for child in content for item in _items(child)]
    return {**node, "content": flattened(content, depth)}


def _items(node: Node) -> list[Node]:
    """Return a list's item as one or more without lists in them, in the order of their words."""
    if node["type"] in _LISTS:
        return [item for child in node["content"] for item in _items(child)]
    if node["type"] == "taskItem":
        return [node]
    items: list[Node] = []
    for is_list, blocks in groupby(node["content"], lambda block: block["type"] in _LISTS):
        if is_list:
            items += [item for block in blocks for item in _items(block)]
        else:
            items.append({**node, "content": list(blocks)})
    return items


def _of(parent: Node, item: Node) -> Node:
    """Return `item` as one of `parent`: a task in a list of items shows a box."""
    if parent["type"] == "taskList" or item["type"] == "listItem":
        return item
    box = text_node(_BOXES[item["attrs"]["state"]], [])
    words: Node = {"type": "paragraph", "content": [box, *item["content"]]}
    return {"type": "listItem", "content": [words]}
