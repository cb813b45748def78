"""The little HTML that people write into Markdown. All other HTML is text, as it was typed.

Styles and line breaks by name, without attributes; comments, which are dropped; `<details>`, which
can be unfolded. markdown-it's own HTML would swallow the Markdown between two tags.
"""

import re

from markdown_it.rules_block import StateBlock
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

from app.jira.adf.text import clean_title
from app.jira.adf.tokens import paragraph

DEEPEST_DETAILS = 4

_BREAK = re.compile(r"<br\s{0,9}/?>[ \t]*\n?[ \t]*", re.IGNORECASE)
_TAG = re.compile(r"<(/?)(b|strong|i|em|u|ins|s|del|sub|sup|kbd|code)>", re.IGNORECASE)
_STYLES = {
    "b": "strong", "strong": "strong", "i": "em", "em": "em", "u": "u", "ins": "u",
    "s": "s", "del": "s", "sub": "sub", "sup": "sup", "kbd": "kbd", "code": "kbd",
}  # fmt: skip
_DETAILS = re.compile(r"<details(?: open)?>[ \t]*", re.IGNORECASE)
_SUMMARY = re.compile(r"<summary>(.*?)</summary>[ \t]*", re.IGNORECASE)
_DETAILS_END = "</details>"
_COMMENT, _COMMENT_ENDS = "<!--", "-->"


def html_inline(state: StateInline, silent: bool) -> bool:
    """The parser's rule for a line break, a tag or a comment inside a paragraph."""
    if state.src[state.pos] != "<":
        return False
    if found := _BREAK.match(state.src, state.pos, state.posMax):
        length = len(found[0])
        if not silent:
            state.push("hardbreak", "br", 0)
    elif found := _TAG.match(state.src, state.pos, state.posMax):
        length = len(found[0])
        if not silent:
            token = state.push("tag", "", 0)
            token.content, token.markup = found[0], found[1]
            token.info = _STYLES[found[2].lower()]
    else:
        length = _comment_length(state)
    state.pos += length
    return length > 0


def _comment_length(state: StateInline) -> int:
    begun = state.pos + len(_COMMENT)
    if not state.src.startswith(_COMMENT, state.pos):
        return 0
    # The last end is remembered, or each of many beginnings would search all that follows.
    if state.html_terminator_last(_COMMENT_ENDS) < begun:
        return 0
    end = state.src.find(_COMMENT_ENDS, begun, state.posMax)
    return end + len(_COMMENT_ENDS) - state.pos if end >= 0 else 0


def paired(tokens: list[Token]) -> list[Token]:
    """Return inline `tokens` with each pair of tags as a style, and a tag by itself as text."""
    opened: dict[str, list[int]] = {}
    settled = list(tokens)
    for at, token in enumerate(tokens):
        if token.type != "tag":
            continue
        settled[at] = Token("text", "", 0, content=token.content)
        if not token.markup:
            opened.setdefault(token.info, []).append(at)
        elif opened.get(token.info):
            settled[opened[token.info].pop()] = Token(f"{token.info}_open", token.info, 1)
            settled[at] = Token(f"{token.info}_close", token.info, -1)
    return settled


def comment(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's rule for a comment that has its lines to itself. Without an end it is text."""
    if state.is_code_block(start) or not _line(state, start).startswith(_COMMENT):
        return False
    last = _last_line_of_comment(state, start, end)
    if last is None:
        return False
    if not silent:
        state.line = last + 1
    return True


def _last_line_of_comment(state: StateBlock, start: int, end: int) -> int | None:
    first, beyond = state.env.get("lines_without_comment_end", (0, 0))
    if first <= start < beyond:
        return None
    for line in range(start, end):
        if state.sCount[line] < state.blkIndent and not state.isEmpty(line):
            end = line
            break
        words = _line(state, line)
        at = words.find(_COMMENT_ENDS, len(_COMMENT) if line == start else 0)
        if at >= 0:
            return None if words[at + len(_COMMENT_ENDS) :].strip() else line
    state.env["lines_without_comment_end"] = (start, end)
    return None


def details(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """The parser's rule for a line that begins with a tag of `<details>`.

    It leaves `details_tag` tokens, and what else is on the line as a paragraph between them.
    """
    line = _line(state, start).rstrip()
    if state.is_code_block(start) or not line.startswith("<"):
        return False
    begun = _DETAILS.match(line)
    summary = _SUMMARY.match(line, begun.end() if begun else 0)
    tags = summary.end() if summary else begun.end() if begun else 0
    ends = line[tags:].lower().endswith(_DETAILS_END)
    words = line[tags : len(line) - len(_DETAILS_END) if ends else None].strip()
    if not (begun or ((summary or ends) and not words)):
        return False
    if not silent:
        _push_details(state, line[:tags], summary[1] if summary else None, words, ends)
        state.line = start + 1
    return True


def _push_details(state: StateBlock, tags: str, title: str | None, words: str, ends: bool) -> None:
    if tags:
        token = state.push("details_tag", "", 0)
        token.content, token.info = tags.strip(), "begin" if _DETAILS.match(tags) else "summary"
        token.meta = {"title": clean_title(_TAG.sub("", title or ""))}
    if words:
        state.tokens += paragraph(words)
    if ends:
        token = state.push("details_tag", "", 0)
        token.content, token.info = _DETAILS_END, "end"


def pair_details(state: StateCore) -> None:
    """Make `details_open` and `details_close` of tags that belong together, text of the others.

    Tags belong together within one list item or quote, and not more than `DEEPEST_DETAILS` deep.
    """
    tokens: list[Token] = []
    begun: list[list[Token | None]] = [[]]
    for token in state.tokens:
        if token.nesting > 0:
            begun.append([])
        elif token.nesting < 0:
            begun.pop()
        tokens += _paired_with(token, tokens, begun[-1])
    alone = "details_tag"
    state.tokens = [
        each
        for token in tokens
        for each in (paragraph(token.content) if token.type == alone else [token])
    ]


def _paired_with(token: Token, before: list[Token], begun: list[Token | None]) -> list[Token]:
    """Return what stands for `token`; `begun` are the beginnings without an end so far."""
    if token.type != "details_tag":
        return [token]
    if token.info == "begin":
        begun.append(token if len(begun) < DEEPEST_DETAILS else None)
    elif token.info == "end" and begun and (opening := begun.pop()) is not None:
        opening.type, opening.nesting = "details_open", 1
        return [Token("details_close", "details", -1)]
    elif token.info == "summary" and begun and before[-1] is begun[-1]:
        before[-1].meta = token.meta
        before[-1].content += token.content
        return []
    return [token]


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]]
