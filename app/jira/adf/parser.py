"""The one Markdown dialect of the product: CommonMark, tables, strikethrough, task lists.

The page and the Jira issue are both made from the tokens that `parse` returns, so a person
reads the same words in both. HTML in the source is text, and bare addresses stay text.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block, table
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from app.jira.adf.links import settle_links
from app.jira.adf.text import clean_line, clean_source

SOURCE_LIMIT = 100_000
"""Characters of Markdown that are read: hostile ones can take three seconds to parse."""

MAX_LEVEL = 20
"""A quote is one level, a list two. Deeper markers are left in the text as they were typed."""

MAX_TABLE_TOKENS = 20_000
"""No table is begun beyond these: two characters can be a row of thousands of empty cells."""

_TASK = re.compile(r"\[([ xX])\]\s+(?=\S)")
_BlockRule = Callable[[StateBlock, int, int, bool], bool]


@dataclass(frozen=True)
class Parsed:
    """The tokens of a Markdown text; `cut` when the text was longer than `SOURCE_LIMIT`."""

    tokens: list[Token]
    cut: bool


def parse(markdown: str) -> Parsed:
    """Return the tokens of `markdown`, whatever it holds; never raises.

    Beside markdown-it's own tokens there is `task_mark`, an inline one with `meta["checked"]`.
    Images have become links, links go to http, https and mailto only, and no inline content
    holds a line break or a control character.
    """
    source, cut = clean_source(markdown), False
    if len(source) > SOURCE_LIMIT:
        source, cut = _shortened(source), True
    return Parsed(PARSER.parse(source), cut)


def _shortened(source: str) -> str:
    head = source[:SOURCE_LIMIT]
    words = head.rpartition("\n")[0] or head.rpartition(" ")[0]
    return words if len(words) > SOURCE_LIMIT // 2 else head


def _configured() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": MAX_LEVEL + 4})
    parser.enable(["table", "strikethrough"])
    # Which address may be a link is decided on the tokens, where the words can be kept.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    before = ["paragraph", "reference", "blockquote", "list"]
    parser.block.ruler.at("blockquote", _up_to_max_level(blockquote), {"alt": before})
    parser.block.ruler.at("list", _up_to_max_level(list_block), {"alt": before[:3]})
    parser.block.ruler.at("table", _within_measure(table), {"alt": before[:2]})
    parser.core.ruler.after("block", "tasks", _mark_tasks)
    parser.core.ruler.push("settle", _settle_inlines)
    return parser


def _up_to_max_level(rule: _BlockRule) -> _BlockRule:
    """Keep markdown-it from its own limit, beyond which it drops the text."""

    def capped(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < MAX_LEVEL and rule(state, start, end, silent)

    return capped


def _within_measure(rule: _BlockRule) -> _BlockRule:
    def measured(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        spent = state.env.setdefault("table_tokens", 0)
        before = len(state.tokens)
        matched = spent < MAX_TABLE_TOKENS and rule(state, start, end, silent)
        state.env["table_tokens"] = spent + len(state.tokens) - before
        return matched

    return measured


def _mark_tasks(state: StateCore) -> None:
    # mdit-py-plugins has this too, but takes a minute for 20,000 items.
    tokens = state.tokens
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        if found := _TASK.match(inline.content):
            inline.content = inline.content[found.end() :]
            inline.meta["checked"] = found[1] != " "


def _settle_inlines(state: StateCore) -> None:
    for token in state.tokens:
        if token.type != "inline":
            continue
        children = settle_links(token.children or [])
        for child in children:
            child.content = clean_line(child.content)
        if "checked" in token.meta:
            children.insert(0, Token("task_mark", "", 0, meta=dict(token.meta)))
        token.children = children


PARSER = _configured()
