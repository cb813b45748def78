"""Markdown as HTML for our own pages, from the same tokens as the Jira issue."""

from collections.abc import Sequence

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup, escape

from app.jira.adf import Site
from app.jira.adf.issue_keys import NO_SITE
from app.jira.adf.links import SCHEMES
from app.jira.adf.parser import ALERT_SIGNS, PARSER, parse

_TAGS = {
    *("a", "blockquote", "br", "code", "del", "details", "div", "em", "h3", "h4", "h5", "h6"),
    *("hr", "kbd", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "summary", "sup", "table"),
    *("tbody", "td", "th", "thead", "tr", "u", "ul"),
}
_LEVEL_ABOVE = 2  # of the heading that a text stands under
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "div": {"class"},
    "td": {"class"},
    "th": {"class"},
    "ol": {"start"},
    "span": {"class", "role", "aria-label"},
}


def render_html(markdown: str, site: Site = NO_SITE) -> Markup:
    """Return `markdown` as HTML that is safe to put into a page, whatever it holds.

    Headings start at h3, beneath the page's, and leave out no level; links go where `links.SCHEMES`
    allow only, and keys of the projects of `site` are links; images are links; a text of more than
    100,000 characters ends with "…".
    """
    parsed = parse(markdown, site)
    _fit_headings(parsed.tokens)
    html = _RENDERER.render(parsed.tokens, PARSER.options, {}) + ("<p>…</p>" if parsed.cut else "")
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes=set(SCHEMES),
        link_rel="nofollow noopener",
    )
    return Markup(safe)  # nosec B704 # noqa: S704 - nh3 has just sanitized it


class _PageRenderer(RendererHTML):
    """markdown-it's renderer, with marks for tasks and alerts."""

    def task_mark(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        sign, words = ("☑", "Done") if tokens[index].meta["checked"] else ("☐", "To do")
        return f'<span class="task-mark" role="img" aria-label="{words}">{sign}</span> '

    def alert_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f'<div class="note note--{tokens[index].info.lower()}">'

    def alert_title_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        kind = tokens[index - 1].info
        sign, words = ALERT_SIGNS[kind], kind.capitalize()
        return f'<span class="note-sign" role="img" aria-label="{words}">{sign}</span>'

    def alert_title_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return ""

    def details_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        title = tokens[index].meta["title"]
        return "<details>" + (f"<summary>{escape(title)}</summary>" if title else "")

    def th_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return _cell(tokens[index])

    def td_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return _cell(tokens[index])


def _cell(token: Token) -> str:
    """A cell with its alignment as a class, because a policy without inline style would drop it."""
    align = str(token.attrGet("style") or "").removeprefix("text-align:")
    return f'<{token.tag} class="align-{align}">' if align else f"<{token.tag}>"


def _fit_headings(tokens: Sequence[Token]) -> None:
    level = _LEVEL_ABOVE
    for token in tokens:
        if token.type == "heading_open":
            level = min(level + 1, _LEVEL_ABOVE + int(token.tag[1:]), 6)
        if token.type in {"heading_open", "heading_close"}:
            token.tag = f"h{level}"


_RENDERER = _PageRenderer()
