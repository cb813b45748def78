"""Plain text on its way into Jira: cleaning, measuring, shortening, reading back."""

import re
import unicodedata
from typing import Any

Node = dict[str, Any]
"""One node of an ADF document: `type`, and `attrs`, `content`, `text`, `marks` as it needs."""

SUMMARY_LIMIT = 255
ELLIPSIS = "…"

# Nobody can see these, and Jira has refused some of them: controls, and what is no character.
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ufdd0-\ufdef\ufffe\uffff]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_FRONT_MATTER = re.compile(
    r"---[ \t]*\n[a-z][\w-]*:(?:[ \t][^\n]*)?\n"
    r"(?:(?:[a-z][\w-]*:(?:[ \t][^\n]*)?|[ \t]+[^\s][^\n]*|- [^\n]*|#[^\n]*)\n)*"
    r"---[ \t]*\n(?=[ \t\n]*[^\s])"
)
# A letter in name, but nobody sees them: fillers of Hangul and Braille.
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"
_JOINED = re.compile("[\u0300-\u036f\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")


def clean_source(text: str) -> str:
    """Return `text` with every kind of line break as a newline and nothing unprintable."""
    return _BREAKS.sub("\n", _printable(text).replace("\x1f", " "))


def clean_line(text: str) -> str:
    """Return `text` on one line, with nothing unprintable; spaces are left as they are."""
    if text.isprintable():  # as nearly all of it is
        return text
    return _BREAKS.sub(" ", _printable(text).replace("\x1f", " "))


def clean_title(text: str) -> str:
    """Return `text` as a title: one line, single spaces, and "" if nobody would see anything."""
    line = " ".join(clean_line(text).split())
    return line if any(map(_is_seen, line)) else ""


def _is_seen(sign: str) -> bool:
    # Marks (M) change what stands before them; format controls (C) and separators (Z) show nothing.
    return unicodedata.category(sign)[0] not in "CMZ" and sign not in _BLANK_LETTERS


def without_front_matter(source: str) -> str:
    """Return `source` without the lines of YAML at its top, if a text follows them.

    Their keys begin with small letters, as tools write them: "Owner: Jane" between two rules is
    what somebody says.
    """
    found = _FRONT_MATTER.match(source)
    return source[found.end() :] if found else source


def _printable(text: str) -> str:
    return _CONTROLS.sub("", _SURROGATES.sub("\ufffd", text))


def units(text: str) -> int:
    """Return the length of `text` as Jira, which is Java, counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le")) // 2


def start_of(text: str, limit: int) -> str:
    """Return the longest start of `text` within `limit` UTF-16 units, no character torn."""
    if limit <= 0:
        return ""
    start = text[:limit].encode("utf-16-le")[: limit * 2].decode("utf-16-le", "ignore")
    return untorn(text, len(start))


def untorn(text: str, length: int) -> str:
    """Return `text[:length]`, a little less where that would tear an accent or emoji apart."""
    for end in range(length, max(length - 16, 0), -1):
        if end == len(text) or not (_JOINED.match(text[end]) or text[end - 1] == "\u200d"):
            return text[:end]
    return text[:length]


def summary(title: str) -> str:
    """Return `title` as an issue's summary: one line, at most 255 UTF-16 units, never empty.

    A longer title is cut at a word and ends with "…". Limit: jira-platform.md §6.
    """
    line = clean_title(title) or "Action item"
    if units(line) <= SUMMARY_LIMIT:
        return line
    start = start_of(line, SUMMARY_LIMIT - 1)
    words = start if line[len(start)] == " " else start.rpartition(" ")[0]
    return (words or start).rstrip() + ELLIPSIS


def text_of(document: Node) -> str:
    """Return the words of an ADF document in order, a line for each block and hard break."""
    lines: list[str] = []
    _read(document, lines)
    return "\n".join(line for line in lines if line)


def _read(node: Node, lines: list[str]) -> None:
    line = own_words(node)
    for child in node.get("content", []):
        if child["type"] in ("text", "inlineCard"):
            line += own_words(child)
            continue
        lines.append(line)
        line = ""
        _read(child, lines)
    lines.append(line)


def own_words(node: Node) -> str:
    """Return what `node` itself shows, beside what stands in it."""
    attrs = node.get("attrs", {})
    return str(node.get("text", "") or attrs.get("url", "") or attrs.get("title", ""))
