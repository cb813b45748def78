"""What a person sees of an ADF document, so that two of them can be compared.

Jira gives blocks ids, sorts attributes and puts defaults in; none of that is anybody's writing.
"""

import hashlib
import json
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from app.jira.adf.text import Node

_DEEPEST = 60
"""Levels that are looked into; far beyond what any editor makes. What is deeper counts as it is."""

# The one attribute of a node that its reader sees and its writer chooses.
_DISTINGUISHED_BY = {"heading": "level", "taskItem": "state", "panel": "panelType"}
_DISTINGUISHED_BY |= {"expand": "title", "inlineCard": "url"}
_BREAKS = {"hardBreak"}
_SHOWN_AS = ("text", "shortName", "url", "title")


def projection(document: Any) -> str:
    """ "sha256:" and the hex digest of what a person sees of `document`; None is an empty one.

    Kinds of blocks, runs of text with their marks, addresses of links, and nodes that we never
    write by their names. No ids and no other attributes. Whatever Jira answers has one.
    """
    seen = json.dumps(_seen(_content(document), _DEEPEST), separators=(",", ":"))
    return "sha256:" + hashlib.sha256(seen.encode("utf-8", "surrogatepass")).hexdigest()


def words(document: Any) -> str:
    """What a person reads of `document`, blocks apart by a line break and spaces made one.

    Of what is no text, such as a mention or a card, the name or address that it shows.
    """
    lines = "".join(_words(document, _DEEPEST)).split("\n")
    return "\n".join(line for each in lines if (line := " ".join(each.split())))


def _seen(nodes: list[Any], depth: int) -> list[Any]:
    """Neighbouring texts with the same marks are one run, however Jira has cut them."""
    seen: list[Any] = []
    for marks, run in groupby(nodes, _run):
        if marks is None:
            seen += [_block(node, depth) for node in run]
        else:
            seen.append([*marks, "".join(str(node.get("text", "")) for node in run)])
    return seen


def _run(node: Any) -> list[Any] | None:
    """What makes a text node's run, or None for a node that is no text."""
    if not isinstance(node, dict) or node.get("type") != "text":
        return None
    if not (marks := node.get("marks")):
        return []
    return sorted(_mark(mark) for mark in _listing(marks) if isinstance(mark, dict))


def _mark(mark: Node) -> str:
    href = _attributes(mark).get("href")
    return f"{mark.get('type')} {href}" if href is not None else str(mark.get("type"))


def _block(node: Any, depth: int) -> Any:
    if not isinstance(node, dict):
        return node
    kind = str(node.get("type"))
    if attribute := _DISTINGUISHED_BY.get(kind):
        kind = f"{kind} {_attributes(node).get(attribute)}"
    content = _content(node)
    if depth == 0:
        return {kind: content}
    return {kind: _seen(content, depth - 1)}


def _words(node: Any, depth: int) -> Iterator[str]:
    if not isinstance(node, dict):
        return
    if node.get("type") == "text":
        yield str(node.get("text", ""))
        return
    content = _content(node)
    if content and node.get("type") == "expand":
        yield f"{_shown(_attributes(node))}\n"
    if content and depth:
        for child in content:
            yield from _words(child, depth - 1)
    elif node.get("type") not in _BREAKS:
        yield _shown(_attributes(node))
    if node.get("type") not in _INLINE:
        yield "\n"


def _shown(attributes: Node) -> str:
    named = (attributes.get(name) for name in _SHOWN_AS)
    return next((each for each in named if isinstance(each, str)), "")


_INLINE = {"inlineCard", "emoji", "date", "mention", "status", "mediaInline", "inlineExtension"}


def _content(node: Any) -> list[Any]:
    return _listing(node.get("content")) if isinstance(node, dict) else []


def _attributes(node: Node) -> Node:
    attributes = node.get("attrs")
    return attributes if isinstance(attributes, dict) else {}


def _listing(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
