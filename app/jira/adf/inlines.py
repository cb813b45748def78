"""Inline Markdown tokens to ADF text nodes."""

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from markdown_it.token import Token

from app.jira.adf.text import Node

_MARKS = {"em": "em", "strong": "strong", "s": "strike", "u": "underline", "kbd": "code"}
_SUBSUP = ("sub", "sup")
TODO, DONE = "☐ ", "☑ "


def inlines(tokens: list[Token], *, strong: bool = False) -> list[Node]:
    """Return text and hardBreak nodes; `strong` makes all of it bold, for what was a heading."""
    nodes: list[Node] = []
    for (is_break, marks), pieces in groupby(_runs(tokens, strong), key=itemgetter(0, 1)):
        if is_break:
            nodes += [{"type": "hardBreak"} for _ in pieces]
        elif text := "".join(piece[2] for piece in pieces):
            nodes.append(text_node(text, marks))
    return nodes


def text_node(text: str, marks: list[Node]) -> Node:
    """Return a text node of `text`, which must not be empty."""
    return {"type": "text", "text": text} | ({"marks": marks} if marks else {})


def link_mark(url: str, title: str = "") -> Node:
    """Return the mark that makes text a link to `url`; `title` shows when one points at it."""
    return {"type": "link", "attrs": {"href": url} | ({"title": title} if title else {})}


def _runs(tokens: list[Token], strong: bool) -> Iterator[tuple[bool, list[Node], str]]:
    """Yield whether a token is a hard break, its marks and its text."""
    opened = Counter({"strong": 1} if strong else {})
    link: list[Node] = []
    for token in tokens:
        if token.type == "text":
            yield False, link + _marks(token, opened), token.content
            continue
        style = token.type.removesuffix("_open").removesuffix("_close")
        if token.type == "link_open":
            link = [link_mark(str(token.attrGet("href")), str(token.attrGet("title") or ""))]
        elif token.type == "link_close":
            link = []
        elif style in _MARKS or style in _SUBSUP:
            # A counter, because a style within itself may be thousands deep.
            opened[style] += token.nesting
        else:
            yield token.type == "hardbreak", link + _marks(token, opened), _words(token)


def _words(token: Token) -> str:
    if token.type == "task_mark":
        return DONE if token.meta["checked"] else TODO
    return " " if token.type == "softbreak" else token.content


def _marks(token: Token, opened: Counter[str]) -> list[Node]:
    # ADF's `code` goes with a link and nothing else.
    if token.type == "code_inline" or opened.get("kbd"):
        return [{"type": "code"}]
    if not opened:
        return []
    marks: list[Node] = [{"type": mark} for style, mark in _IN_ORDER if opened[style]]
    raised = [style for style in _SUBSUP if opened[style]]
    return marks + [{"type": "subsup", "attrs": {"type": style}} for style in raised[:1]]


_IN_ORDER = sorted(_MARKS.items(), key=itemgetter(1))
