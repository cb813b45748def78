"""Markdown as HTML for our own pages, from the same tokens as the Jira issue."""

from collections.abc import Sequence

import nh3
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType, OptionsDict
from markupsafe import Markup

from app.jira.adf.parser import PARSER, parse

_TAGS = {
    *("a", "blockquote", "br", "code", "del", "em", "h4", "h5", "h6", "hr", "li", "ol", "p"),
    *("pre", "s", "span", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "a": {"href", "title"},
    "code": {"class"},
    "ol": {"start"},
    "span": {"class", "role", "aria-label"},
}


def render_html(markdown: str) -> Markup:
    """Return `markdown` as HTML that is safe to put into a page, whatever it holds.

    Headings start at h4, beneath those of the page; links go to http, https and mailto only;
    images are links; a text of more than 100,000 characters ends with "…".
    """
    parsed = parse(markdown)
    html = _RENDERER.render(parsed.tokens, PARSER.options, {}) + ("<p>…</p>" if parsed.cut else "")
    safe = nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return Markup(safe)  # noqa: S704 - nh3 has just sanitized it


class _PageRenderer(RendererHTML):
    """markdown-it's renderer, with headings that fit a page and marks for tasks."""

    def heading_open(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f"<{_lowered(tokens[index])}>"

    def heading_close(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        return f"</{_lowered(tokens[index])}>\n"

    def task_mark(
        self, tokens: Sequence[Token], index: int, options: OptionsDict, env: EnvType
    ) -> str:
        sign, words = ("☑", "Done") if tokens[index].meta["checked"] else ("☐", "To do")
        return f'<span class="task-mark" role="img" aria-label="{words}">{sign}</span> '


def _lowered(heading: Token) -> str:
    return f"h{min(int(heading.tag[1:]) + 3, 6)}"


_RENDERER = _PageRenderer()
