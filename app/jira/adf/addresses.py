"""Addresses in plain text: bare ones become links, and paths of Windows stay as they were typed.

They are taken while a paragraph is read and not from its finished words, because emphasis and
escapes would have cost them underscores and backslashes by then. Of the library's two ways, its
linkify reads finished words, and the plugin for GitHub's takes quadratic time.
"""

import re

from markdown_it.rules_inline import StateInline

_ADDRESS = re.compile(
    r"""
    (?<![a-z0-9+.-]) (?P<web> https?://(?=[^\W_]) )
  | (?<![a-z0-9@.-]) (?P<www> www\.(?=[^\W_][^\s./]{0,62}\.[^\W_]) )
  | (?<![a-z0-9.%+-]) (?<![a-z0-9.%+-]_)
    (?P<mail> (?:mailto:)? [a-z0-9][a-z0-9_.%+-]{0,63} @ (?:[a-z0-9-]{1,63}\.)+[a-z]{2,63} )
    (?! [a-z0-9_@-] | [.:][a-z0-9_] )
  | (?<![a-z0-9]) (?P<path> [a-z]:\\(?=[^\s\\]) )
  | (?<![^\s("'„“]) (?P<share> \\\\[\w.$-]+\\(?=[^\s\\]) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
# Quotation marks end an address, and so do the signs that stand without a space in Chinese.
_REST = re.compile(r"[^\s<>|\"`“”„«»‹›、。，；：！？（）「」『』【】《》]*")
# What is escaped already, as in C:\\temp, is read as Markdown.
_REST_OF_PATH = re.compile(r"(?:(?!\\\\)[^\s<>|\"`?“”„«»])*")
_ENTITY = re.compile(r"&[A-Za-z0-9#]{1,32};\Z")
_ESCAPE = re.compile(r"\\([!-/:-@\[-`{-~])")
_ENDS_A_SENTENCE = "?!.,:;*_~'’…"
_OPENERS = {")": "(", "]": "[", "}": "{"}


def next_address(state: StateInline) -> re.Match[str] | None:
    """Return the first address at or after the position, as far as its beginning.

    Looked for once and remembered, or a paragraph would be searched again from every sign.
    """
    known: dict[str, tuple[int, re.Match[str] | None]] = state.env.setdefault("addresses", {})
    if state.src not in known and not _may_hold_one(state.src):
        known[state.src] = (0, None)
    searched_from, found = known.get(state.src, (state.pos + 1, None))
    if state.pos < searched_from or (found is not None and found.start() < state.pos):
        found = _ADDRESS.search(state.src, state.pos)
        known[state.src] = (state.pos, found)
    return found


def _may_hold_one(text: str) -> bool:
    """Quicker to say than where the first one is, and mostly no."""
    return "://" in text or "@" in text or "\\" in text or "www." in text.lower()


def take_address(state: StateInline, begun: re.Match[str]) -> bool:
    """Take the address that begins at the position, with exactly its characters."""
    kind = begun.lastgroup or ""
    typed = state.src[begun.start() : _end(state, begun, kind)]
    if not typed or len(typed) < len(begun[0]):
        return False
    if kind in ("web", "www"):
        shown = _ESCAPE.sub(r"\1", typed)
        _push_link(state, shown if kind == "web" else f"http://{shown}", shown)
    elif kind == "mail":
        _push_link(state, f"mailto:{typed.removeprefix('mailto:')}", typed)
    else:
        state.append_pending(typed)
    state.pos += len(typed)
    return True


def _end(state: StateInline, begun: re.Match[str], kind: str) -> int:
    if kind == "mail":
        return begun.end() if begun.end() <= state.posMax else begun.start()
    is_path = kind in ("path", "share")
    rest = (_REST_OF_PATH if is_path else _REST).match(state.src, begun.end(), state.posMax)
    if rest is None:
        return begun.start()
    signs = _ENDS_A_SENTENCE if is_path else _ENDS_A_SENTENCE + "\\"
    return begun.end() + _trimmed_length(rest[0], signs)


def _trimmed_length(text: str, signs: str) -> int:
    """The length of `text` without what belongs to the sentence around it: "(see …/a_(b).)"."""
    unopened = {closer: text.count(closer) - text.count(_OPENERS[closer]) for closer in _OPENERS}
    end = len(text)
    while end:
        sign = text[end - 1]
        if sign == ";" and (entity := _ENTITY.search(text, max(end - 34, 0), end)):
            end = entity.start()
        elif sign in signs:
            end -= 1
        elif unopened.get(sign, 0) > 0:
            unopened[sign] -= 1
            end -= 1
        else:
            break
    return end


def _push_link(state: StateInline, url: str, shown: str) -> None:
    if state.linkLevel > 0:
        # In the words of a link an address is text, but exactly what was typed even so.
        state.append_pending(shown)
        return
    state.push("link_open", "a", 1).attrs = {"href": url}
    state.push("text", "", 0).content = shown
    state.push("link_close", "a", -1)
