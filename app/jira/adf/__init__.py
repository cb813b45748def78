"""Markdown to the Atlassian Document Format (ADF), which Jira wants for a description.

Format: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from app.jira.adf.blocks import nodes_of, tree
from app.jira.adf.cutting import fit, size_of
from app.jira.adf.inlines import link_mark, text_node
from app.jira.adf.links import is_linkable
from app.jira.adf.nesting import flattened
from app.jira.adf.parser import parse
from app.jira.adf.projection import projection, words
from app.jira.adf.text import (
    Node,
    clean_line,
    clean_source,
    clean_title,
    summary,
    text_of,
    units,
)

__all__ = [
    "Backlink",
    "Node",
    "clean_source",
    "clean_title",
    "digest",
    "document",
    "plain_document",
    "projection",
    "summary",
    "text_of",
    "units",
    "words",
]

SIZE_LIMIT = 100_000
"""Bytes of JSON in UTF-8. Jira's own limits are 32,767 characters and 1 MiB.

Source: jira-platform.md §6.
"""


@dataclass(frozen=True)
class Backlink:
    """The link from an issue to where its action item came from: the words and the address."""

    text: str
    url: str


def document(markdown: str, backlink: Backlink | None = None, *, limit: int = 30_000) -> Node:
    """Return `markdown` as an ADF document, with `backlink` as its last paragraph.

    Any text at all gives a document that the ADF schema and a Jira description accept, with
    every word in order; the same text always gives the same document. What exceeds `limit`
    (UTF-16 units of text, backlink included) or 100 kB of JSON is cut at a word and ends with
    "…"; the backlink stands even so. Never raises. Schema and limits: jira-platform.md §6.
    """
    parsed = parse(markdown)
    ending = _ending(backlink) if backlink else []
    room = limit - units(text_of({"content": ending}))
    size = SIZE_LIMIT - size_of({"type": "doc", "version": 1, "content": ending}) - 2
    body = fit(flattened(nodes_of(tree(parsed.tokens))), room, size, cut=parsed.cut)
    return {"type": "doc", "version": 1, "content": _joined(body, ending)}


def plain_document(markdown: str, backlink: Backlink | None = None) -> Node:
    """Return the words of `document` as paragraphs, with `backlink`: for what Jira cannot read.

    No other block and no mark but the backlink's, within the same limits. A line is a paragraph.
    """
    body = document(markdown)
    lines = [line for line in text_of(body).split("\n") if line.strip()]
    paragraphs = [{"type": "paragraph", "content": [text_node(line, [])]} for line in lines]
    ending = _ending(backlink)[-1:] if backlink else []
    room = 30_000 - units(text_of({"content": ending}))
    size = SIZE_LIMIT - size_of({"type": "doc", "version": 1, "content": ending}) - 2
    kept = fit(paragraphs, room, size) + ending
    return {"type": "doc", "version": 1, "content": kept or [{"type": "paragraph", "content": []}]}


def digest(document: Any) -> str:
    """Return "sha256:" and the hex digest of `document`, the same for equal documents."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def _ending(backlink: Backlink) -> list[Node]:
    words = " ".join(clean_line(backlink.text or backlink.url).split())
    if not words:
        return []
    marks = [link_mark(backlink.url)] if is_linkable(backlink.url) else []
    return [{"type": "rule"}, {"type": "paragraph", "content": [text_node(words, marks)]}]


def _joined(body: list[Node], ending: list[Node]) -> list[Node]:
    """Put the backlink after a rule, but no rule where there is one or nothing to divide."""
    divided = not body or body[-1]["type"] == "rule"
    return body + (ending[1:] if divided else ending) or [{"type": "paragraph", "content": []}]
