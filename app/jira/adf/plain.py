"""The parser's rules for plain text: where a run of it ends, and which line breaks stay."""

import re
from collections.abc import Callable

from markdown_it.rules_inline import StateInline

from app.jira.adf.addresses import next_address, take_address

InlineRule = Callable[[StateInline, bool], bool]

MOST_DELIMITERS = 10_000
"""Signs in one text that may begin or end a style, code, a tag or a link. What follows them is
text, because each costs a token and nobody writes as many."""

WRAPPED_FROM = 60
"""Columns. Who wraps prose does so beyond them, so a shorter line was ended on purpose."""

_TERMINATORS = re.compile(r"[\n!#$%&*+\-:<=>@\[\\\]^_`{}~]")
_WITHOUT_DELIMITERS = re.compile(r"[\n#$%&+\-:=>@\\\]^{}]")
_BEGINS_AN_ITEM = re.compile(r"[•◦▪▫‣●○■□–—·➢➤→✓✔✗✘☐☑☒*+-]\s|(?:\d{1,3}|[A-Za-z])[.)]\s")
_RUNS = {sign: re.compile(re.escape(sign) + "+") for sign in "*_~"}
_FIRST_WORD = re.compile(r"\S*")


def text(state: StateInline, silent: bool) -> bool:
    """A run up to the next sign that means something, or one address."""
    pos = state.pos
    spent = state.env.get("delimiters", 0) >= MOST_DELIMITERS
    sign = (_WITHOUT_DELIMITERS if spent else _TERMINATORS).search(state.src, pos, state.posMax)
    end = sign.start() if sign else state.posMax
    if not silent and (address := next_address(state)) is not None:
        if address.start() == pos and take_address(state, address):
            return True
        end = address.start() if pos < address.start() < end else end
    if not silent and end > pos:
        state.append_pending(state.src[pos:end])
    state.pos = end
    return end > pos


def measured(rule: InlineRule, signs: str) -> InlineRule:
    """Return `rule`, which begins at one of `signs`, so that these count and end with the room."""

    def counted(state: StateInline, silent: bool) -> bool:
        sign = state.src[state.pos]
        if sign not in signs:
            return False
        spent = state.env.get("delimiters", 0)
        if sign not in _RUNS:
            state.env["delimiters"] = spent + 2  # with the one that ends what it begins
            return spent < MOST_DELIMITERS and rule(state, silent)
        if silent:
            return False
        run = _RUNS[sign].match(state.src, state.pos, state.posMax)
        length = len(run[0]) if run else 1
        if spent + length > MOST_DELIMITERS:
            state.append_pending(sign * length)
            state.pos += length
            return True
        state.env["delimiters"] = spent + length
        return rule(state, silent)

    return counted


def newline(state: StateInline, silent: bool) -> bool:
    """A line break: it stays after two spaces or where a line was ended on purpose."""
    pos = state.pos
    if state.src[pos] != "\n":
        return False
    if not silent:
        pending = state.pending
        state.pending = pending.rstrip(" ")
        stays = pending.endswith("  ") or _was_meant(state.src, pos)
        state.push("hardbreak" if stays else "softbreak", "br", 0)
    state.pos = pos + 1
    while state.pos < state.posMax and state.src[state.pos] in " \t":
        state.pos += 1
    return True


def _was_meant(src: str, pos: int) -> bool:
    """Whether the break at `pos` was meant, or else came of wrapping a long line."""
    line = src[src.rfind("\n", 0, pos) + 1 : pos].rstrip()
    end = src.find("\n", pos + 1)
    following = src[pos + 1 : end if end >= 0 else None].lstrip()
    if "\t" in line or "\t" in following or _BEGINS_AN_ITEM.match(following):
        return True
    first_word = _FIRST_WORD.match(following)
    return len(line) + 1 + len(first_word[0] if first_word else "") <= WRAPPED_FROM
