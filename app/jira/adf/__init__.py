"""Markdown to the Atlassian Document Format (ADF), which Jira wants for a description.

Format: https://developer.atlassian.com/cloud/jira/platform/apis/document/structure/
"""

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from app.jira.adf.blocks import nodes_of
from app.jira.adf.cutting import fit, fits, size_of, units_of
from app.jira.adf.inlines import link_mark, text_node
from app.jira.adf.issue_keys import NO_SITE, Site
from app.jira.adf.links import is_linkable
from app.jira.adf.nesting import flattened
from app.jira.adf.parser import parse
from app.jira.adf.projection import projection, words
from app.jira.adf.text import Node, clean_line, clean_source, clean_title, summary, text_of, units
from app.jira.adf.tree import tree

__all__ = [
    "MARKDOWN_LIMIT",
    "Backlink",
    "Node",
    "Site",
    "clean_source",
    "clean_title",
    "digest",
    "document",
    "is_taken_whole",
    "plain_document",
    "projection",
    "summary",
    "text_of",
    "units",
    "words",
]

TEXT_LIMIT = 32_767
"""UTF-16 units of a text field, line breaks between blocks included (jira-platform.md §6)."""

SIZE_LIMIT = 1_048_576
"""Bytes of a document as JSON (jira-platform.md §6)."""

MARKDOWN_LIMIT = 32_000
"""UTF-16 units of Markdown that a person may write: the rest of the text is the backlink's."""


@dataclass(frozen=True)
class Backlink:
    """The link from an issue to where its action item came from: the words and the address.

    site: where the issue is. Its keys are links in the text above.
    """

    text: str
    url: str
    site: Site = NO_SITE


def document(
    markdown: str,
    backlink: Backlink | None = None,
    *,
    site: Site | None = None,
    limit: int = TEXT_LIMIT,
) -> Node:
    """Return `markdown` as an ADF document, with `backlink` as its last paragraph.

    Any text at all gives a document that the ADF schema and a Jira description accept, with
    every word in order; the same text and site always give the same document. Keys of the
    projects of `site`, the backlink's if none is given, become links. What exceeds `limit` (UTF-16
    units of text, backlink included) or `SIZE_LIMIT` is cut at a word and ends with "…"; the
    backlink stands even so. Never raises. Schema and limits: jira-platform.md §6.
    """
    content, cut = _content(markdown, site or (backlink.site if backlink else NO_SITE))
    ending = _ending(backlink) if backlink else []
    body = fit(content, *_room_beside(backlink, limit), cut=cut)
    return {"type": "doc", "version": 1, "content": _joined(body, ending)}


def plain_document(markdown: str, backlink: Backlink | None = None) -> Node:
    """Return the words of `document` as paragraphs, with `backlink`: for what Jira cannot read.

    No other block and no mark but the backlink's, within the same limits. A line is a paragraph.
    """
    body = document(markdown)
    lines = [line for line in text_of(body).split("\n") if line.strip()]
    paragraphs = [{"type": "paragraph", "content": [text_node(line, [])]} for line in lines]
    ending = _ending(backlink)[-1:] if backlink else []
    kept = fit(paragraphs, *_room(TEXT_LIMIT, ending)) + ending
    return {"type": "doc", "version": 1, "content": kept or [{"type": "paragraph", "content": []}]}


def is_taken_whole(markdown: str) -> bool:
    """Whether `document` keeps all of `markdown`, and beside it any backlink."""
    content, cut = _content(markdown, NO_SITE)
    room = TEXT_LIMIT - MARKDOWN_LIMIT
    return not cut and fits(content, TEXT_LIMIT - room, SIZE_LIMIT - 64 * room)


@lru_cache(maxsize=64)
def _room_beside(backlink: Backlink | None, limit: int) -> tuple[int, int]:
    """As `_room`: all action items of a retrospective have the same backlink."""
    return _room(limit, _ending(backlink) if backlink else [])


def _room(limit: int, ending: list[Node]) -> tuple[int, int]:
    """How many units of text, and bytes, there are beside `ending`."""
    size = size_of({"type": "doc", "version": 1, "content": ending}) + 2
    return limit - units_of(ending) - bool(ending), SIZE_LIMIT - size


def _content(markdown: str, site: Site) -> tuple[list[Node], bool]:
    """The block nodes of `markdown`, and whether its end was not even read."""
    parsed = parse(markdown, site)
    return flattened(nodes_of(tree(parsed.tokens))), parsed.cut


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
