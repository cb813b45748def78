"""The one Markdown dialect of the product: CommonMark and most of what GitHub adds to it.

Tables, strikethrough, tasks, alerts, bare addresses, a little HTML. The page and the Jira issue are
both made from the tokens that `parse` returns, so a person reads the same words in both.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, list_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import backtick, image, link
from markdown_it.rules_inline.emphasis import tokenize as emphasis
from markdown_it.rules_inline.strikethrough import tokenize as strikethrough
from markdown_it.token import Token

from app.jira.adf import html, plain
from app.jira.adf.cells import whole_table
from app.jira.adf.definitions import definition, show_unused
from app.jira.adf.issue_keys import NO_SITE, Site, is_card, link_keys
from app.jira.adf.links import settle_links
from app.jira.adf.text import clean_line, clean_source, without_front_matter

SOURCE_LIMIT = 100_000
"""Characters of Markdown that are read: hostile ones can take a second to parse."""

MAX_LEVEL = 20
"""A quote is one level, a list two. Deeper markers are left in the text as they were typed."""

ALERT_SIGNS = {"NOTE": "ℹ", "TIP": "💡", "IMPORTANT": "❗", "WARNING": "⚠", "CAUTION": "⛔"}
"""What stands for the kind of an alert where no panel of Jira's says it."""

_TASK = re.compile(r"\[([ xX])\]\s+(?=\S)")
_LANGUAGE = re.compile(r"[\w+#.-]{1,40}")
_BlockRule = Callable[[StateBlock, int, int, bool], bool]


@dataclass(frozen=True)
class Parsed:
    """The tokens of a Markdown text; `cut` when the text was longer than `SOURCE_LIMIT`."""

    tokens: list[Token]
    cut: bool


def parse(markdown: str, site: Site = NO_SITE) -> Parsed:
    """Return the tokens of `markdown`, whatever it holds; never raises.

    Beside markdown-it's own tokens there are `details_open` with `meta["title"]`, and inline ones:
    `task_mark` with `meta["checked"]`, and styles by the names of their HTML tags. Images have
    become links, links go where `links.SCHEMES` allow only, keys of `site`'s projects are links,
    and no inline content holds a line break or a control character.
    """
    source, cut = without_front_matter(clean_source(markdown)), False
    if len(source) > SOURCE_LIMIT:
        source, cut = _shortened(source), True
    return Parsed(PARSER.parse(source, {"site": site}), cut)


def _shortened(source: str) -> str:
    head = source[:SOURCE_LIMIT]
    words = head.rpartition("\n")[0] or head.rpartition(" ")[0]
    return words if len(words) > SOURCE_LIMIT // 2 else head


def _configured() -> MarkdownIt:
    options = {"html": False, "maxNesting": MAX_LEVEL + 4, "alerts": True}
    options |= {"inline_definitions": True, "store_labels": True}
    parser = MarkdownIt("commonmark", options)
    parser.enable(["table", "strikethrough"])
    # Which address may be a link is decided on the tokens, where the words can be kept.
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.normalizeLinkText = lambda link: link  # type: ignore[method-assign]
    _set_blocks(parser)
    _set_inlines(parser)
    parser.core.ruler.after("block", "details", html.pair_details)
    parser.core.ruler.after("details", "code_info", _keep_words_of_code)
    parser.core.ruler.after("code_info", "tasks", _mark_tasks)
    parser.core.ruler.after("inline", "definitions", show_unused)
    parser.core.ruler.push("settle", _settle_inlines)
    return parser


def _set_blocks(parser: MarkdownIt) -> None:
    before = ["paragraph", "reference", "blockquote", "list"]
    ruler = parser.block.ruler
    ruler.at("blockquote", _up_to_max_level(blockquote), {"alt": before})
    ruler.at("list", _up_to_max_level(list_block), {"alt": before[:3]})
    ruler.at("table", whole_table, {"alt": before[:2]})
    ruler.at("reference", definition)
    ruler.before("heading", "comment", html.comment, {"alt": before[:3]})
    ruler.before("heading", "details", html.details, {"alt": before[:3]})


def _set_inlines(parser: MarkdownIt) -> None:
    ruler = parser.inline.ruler
    ruler.at("text", plain.text)
    ruler.at("newline", plain.newline)
    ruler.at("emphasis", plain.measured(emphasis, "*_"))
    ruler.at("strikethrough", plain.measured(strikethrough, "~"))
    ruler.at("link", plain.measured(link, "["))
    ruler.at("image", plain.measured(image, "!"))
    ruler.at("backticks", plain.measured(backtick, "`"))
    ruler.at("html_inline", plain.measured(html.html_inline, "<"))


def _up_to_max_level(rule: _BlockRule) -> _BlockRule:
    """Keep markdown-it from its own limit, beyond which it drops the text."""

    def capped(state: StateBlock, start: int, end: int, silent: bool) -> bool:
        return state.level < MAX_LEVEL and rule(state, start, end, silent)

    return capped


def _keep_words_of_code(state: StateCore) -> None:
    """Where more than a language follows the fence, it is the first line of the code."""
    for token in state.tokens:
        info = token.info.strip() if token.type == "fence" else ""
        if info and not _LANGUAGE.fullmatch(info):
            token.info, token.content = "", f"{info}\n{token.content}"


def _mark_tasks(state: StateCore) -> None:
    # The library has this too, but as HTML in the words.
    tokens = state.tokens
    for item, paragraph, inline in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if item.type != "list_item_open" or paragraph.type != "paragraph_open":
            continue
        if found := _TASK.match(inline.content):
            inline.content = inline.content[found.end() :]
            inline.meta["checked"] = found[1] != " "


def _settle_inlines(state: StateCore) -> None:
    site: Site = state.env["site"]
    before = Token("", "", 0)
    for token in state.tokens:
        if before.type == "alert_title_open":
            token.children = []
        elif token.type == "inline":
            children = link_keys(html.paired(settle_links(token.children or [])), site)
            for child in children:
                child.content = clean_line(child.content) if child.content else ""
            if before.type == "paragraph_open" and is_card(children, site):
                children[0].meta["card"] = children[1].content
            if "checked" in token.meta:
                children.insert(0, Token("task_mark", "", 0, meta=dict(token.meta)))
            token.children = children
        before = token


PARSER = _configured()
