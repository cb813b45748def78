"""Block Markdown tokens to ADF block nodes, within what ADF lets stand inside what.

A list item and a quote take paragraphs, lists and code blocks only (jira-platform.md §6), so in
them a heading becomes a bold paragraph, a table a paragraph a row, and a quote its own contents.
"""

import re
from collections.abc import Callable

from markdown_it.token import Token

from app.jira.adf import lists
from app.jira.adf.inlines import inlines, text_node
from app.jira.adf.parser import ALERT_SIGNS
from app.jira.adf.text import Node
from app.jira.adf.tokens import text
from app.jira.adf.tree import Block, Place

_LANGUAGE = re.compile(r"[\w+#.-]{1,40}")
_ALIGNED = {"text-align:center": "center", "text-align:right": "end"}
_PANELS = {
    "NOTE": "note",
    "TIP": "success",
    "IMPORTANT": "info",
    "WARNING": "warning",
    "CAUTION": "error",
}
_PARAGRAPH = Token("paragraph_open", "p", 1)
_EMPTY: Node = {"type": "paragraph", "content": []}


def nodes_of(blocks: list[Block], place: Place = Place.ROOT) -> list[Node]:
    """Return the ADF nodes that `blocks` become at `place`, in order; blocks without words go."""
    nodes: list[Node] = []
    for block in blocks:
        nodes += _CONVERTERS[block.kind](block, place)
    return nodes


def _paragraph(block: Block, place: Place) -> list[Node]:
    if block.words and "card" in block.words[0].meta:
        card = {"type": "inlineCard", "attrs": {"url": block.words[0].meta["card"]}}
        return _paragraph_of([card])
    return _paragraph_of(inlines(block.words))


def _paragraph_of(words: list[Node]) -> list[Node]:
    return [{"type": "paragraph", "content": words}] if words else []


def _heading(block: Block, place: Place) -> list[Node]:
    if not place.takes_headings:
        return _paragraph_of(inlines(block.words, strong=True))
    words = inlines(block.words)
    level = int(block.token.tag.removeprefix("h"))
    return [{"type": "heading", "attrs": {"level": level}, "content": words}] if words else []


def _code(block: Block, place: Place) -> list[Node]:
    # The one place where a text node holds newlines: a code block takes no hardBreak.
    code = block.token.content.removesuffix("\n")
    if not code:
        return []
    language = _LANGUAGE.match(block.token.info.strip())
    attrs = {"attrs": {"language": language[0]}} if language else {}
    return [{"type": "codeBlock", **attrs, "content": [text_node(code, [])]}]


def _rule(block: Block, place: Place) -> list[Node]:
    return [{"type": "rule"}] if place.takes_headings else []


def _quote(block: Block, place: Place) -> list[Node]:
    if not place.takes_all:
        return nodes_of(block.children, place)
    content = nodes_of(block.children, Place.QUOTE)
    return [{"type": "blockquote", "content": content}] if content else []


def _alert(block: Block, place: Place) -> list[Node]:
    kind, content = block.token.info, block.children[1:]
    if place.takes_all:
        words = nodes_of(content, Place.PANEL) or [_EMPTY]
        return [{"type": "panel", "attrs": {"panelType": _PANELS[kind]}, "content": words}]
    first = content[0] if content and content[0].kind == "paragraph" else Block(_PARAGRAPH)
    signed = Block(first.token, words=[text(f"{ALERT_SIGNS[kind]} "), *first.words])
    return nodes_of([signed, *content[first in content :]], place)


def _details(block: Block, place: Place) -> list[Node]:
    title = block.token.meta["title"]
    if place is not Place.ROOT:
        return _paragraph_of(inlines([text(title)], strong=True)) + nodes_of(block.children, place)
    attrs = {"attrs": {"title": title}} if title else {}
    content = nodes_of(block.children, Place.EXPAND) or [_EMPTY]
    return [{"type": "expand", **attrs, "content": content}]


def _ordered_list(block: Block, place: Place) -> list[Node]:
    return lists.ordered_list(block, nodes_of)


def _bullet_list(block: Block, place: Place) -> list[Node]:
    return lists.bullet_list(block, place, nodes_of)


def _table(block: Block, place: Place) -> list[Node]:
    rows = [row for section in block.children for row in section.children]
    if not place.takes_all:
        return [node for row in rows for node in _paragraph_of(_line(row))]
    return [{"type": "table", "content": [_row(row) for row in rows]}]


def _row(row: Block) -> Node:
    return {"type": "tableRow", "content": [_cell(cell) for cell in row.children]}


def _cell(cell: Block) -> Node:
    kind = "tableHeader" if cell.kind == "th" else "tableCell"
    align = _ALIGNED.get(str(cell.token.attrGet("style")))
    marks = {"marks": [{"type": "alignment", "attrs": {"align": align}}]} if align else {}
    return {
        "type": kind,
        "content": [{"type": "paragraph", "content": inlines(cell.words), **marks}],
    }


def _line(row: Block) -> list[Node]:
    words: list[Token] = []
    for cell in row.children:
        words += [text(" | ")] if cell is not row.children[0] else []
        words += cell.words
    return inlines(words, strong=row.children[0].kind == "th")


_CONVERTERS: dict[str, Callable[[Block, Place], list[Node]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
    "blockquote": _quote,
    "alert": _alert,
    "details": _details,
    "bullet_list": _bullet_list,
    "ordered_list": _ordered_list,
    "table": _table,
}
