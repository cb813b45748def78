"""Inline Markdown tokens to ADF text nodes."""

from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter

from markdown_it.token import Token

from app.jira.adf.text import Node

_MARKS = {"em_open": "em", "strong_open": "strong", "s_open": "strike"}
_UNMARKS = {"em_close": "em", "strong_close": "strong", "s_close": "strike"}
_TODO, _DONE = "☐ ", "☑ "


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


def link_mark(url: str) -> Node:
    """Return the mark that makes text a link to `url`."""
    return {"type": "link", "attrs": {"href": url}}


def _runs(tokens: list[Token], strong: bool) -> Iterator[tuple[bool, list[Node], str]]:
    """Yield whether a token is a hard break, its marks and its text."""
    opened = ["strong"] if strong else []
    link: str | None = None
    for token in tokens:
        if token.type in _MARKS:
            opened.append(_MARKS[token.type])
        elif token.type in _UNMARKS:
            opened.remove(_UNMARKS[token.type])
        elif token.type == "link_open":
            link = str(token.attrGet("href"))
        elif token.type == "link_close":
            link = None
        else:
            yield token.type == "hardbreak", _marks(token, opened, link), _words(token)


def _words(token: Token) -> str:
    if token.type == "task_mark":
        return _DONE if token.meta["checked"] else _TODO
    return " " if token.type == "softbreak" else token.content


def _marks(token: Token, opened: list[str], link: str | None) -> list[Node]:
    # ADF's `code` goes with a link and nothing else.
    names = ["code"] if token.type == "code_inline" else sorted(set(opened))
    return ([link_mark(link)] if link else []) + [{"type": name} for name in names]
