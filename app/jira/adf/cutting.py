"""Shortening ADF content that is too long for a Jira field, at a word and without torn blocks."""

import json
import re
from dataclasses import dataclass

from app.jira.adf.inlines import text_node
from app.jira.adf.text import ELLIPSIS, Node, own_words, start_of, units, untorn

_LONGEST_WORD = 200
"""Characters; what is longer is no word, and is cut where the room ends."""

_ELLIPSIS_SIZE = 100
_INLINE = ("text", "hardBreak", "inlineCard")
_CONTAINERS = (
    *("bulletList", "orderedList", "listItem", "taskList", "blockquote", "panel", "expand"),
    *("table", "tableRow", "tableCell", "tableHeader"),
)
_SPACE = re.compile(r"\s")


@dataclass
class Room:
    """What is left: UTF-16 units of text, and bytes of JSON in UTF-8."""

    units: int
    size: int
    full: bool = False

    def take(self, units: int, size: int) -> bool:
        """Take this much, or find the room full and take nothing."""
        self.full = self.full or units > self.units or size > self.size
        if not self.full:
            self.units -= units
            self.size -= size
        return not self.full


def size_of(value: object) -> int:
    """Return the bytes of `value` as JSON, as it is sent: what is not ASCII takes six or twelve."""
    return len(json.dumps(value))


def fit(content: list[Node], limit: int, size: int, *, cut: bool = False) -> list[Node]:
    """Return the block nodes of `content` that fit `limit` UTF-16 units and `size` JSON bytes.

    What does not fit, or was `cut` before, ends at a word with "…" in place.
    """
    if not cut and fits(content, limit, size):
        return content
    # No line break stands before the first block.
    kept = _kept(content, Room(limit + 1 - units(ELLIPSIS), size - _ELLIPSIS_SIZE))
    last = _last_text(kept)
    if last is None:
        return [*kept[:-1], {"type": "paragraph", "content": [text_node(ELLIPSIS, [])]}]
    last["text"] = last["text"].rstrip() + ELLIPSIS
    return kept


def fits(content: list[Node], limit: int, size: int) -> bool:
    """Whether `content` is within `limit` UTF-16 units and `size` JSON bytes."""
    taken = size_of(content)
    # As JSON no unit and no line break takes less than a byte: what is short is not counted.
    return taken <= size and (taken <= limit or units_of(content) <= limit)


def units_of(content: list[Node]) -> int:
    """Return the UTF-16 units of the text of block nodes, with line breaks between the blocks."""
    return max(sum(map(_units_with_break, content)) - 1, 0)


def _units_with_break(node: Node) -> int:
    return _own_units(node) + sum(map(_units_with_break, node.get("content", [])))


def _own_units(node: Node) -> int:
    has_break = node["type"] not in ("text", "inlineCard", *_CONTAINERS)
    return units(own_words(node)) + has_break


def _kept(nodes: list[Node], room: Room) -> list[Node]:
    kept: list[Node] = []
    for node in nodes:
        if node["type"] in _INLINE:
            return _kept_words(nodes, room)
        kept += _kept_block(node, room)
        if room.full:
            break
    return kept


def _kept_block(node: Node, room: Room) -> list[Node]:
    if node["type"] == "tableRow":
        return _kept_row(node, room)
    content = node.get("content")
    shell = node if content is None else {**node, "content": []}
    if not room.take(_own_units(node), size_of(shell) + 2):
        return []
    if not content:
        return [shell]
    shell["content"] = _kept(content, room)
    return [shell] if shell["content"] else []


def _kept_row(row: Node, room: Room) -> list[Node]:
    """Keep a row with all its cells, or a table would no longer be a rectangle."""
    cells = [{**cell, "content": [_empty(cell["content"][0])]} for cell in row["content"]]
    if not room.take(len(cells), size_of({**row, "content": cells}) + 2):
        return []
    for kept, cell in zip(cells, row["content"], strict=True):
        if not room.full:
            kept["content"][0]["content"] = _kept_words(cell["content"][0]["content"], room)
    return [{**row, "content": cells}]


def _empty(paragraph: Node) -> Node:
    return {**paragraph, "content": []}


def _kept_words(nodes: list[Node], room: Room) -> list[Node]:
    kept: list[Node] = []
    for node in nodes:
        text = node.get("text", "")
        left = Room(room.units, room.size)
        if room.take(_own_units(node), size_of(node) + 2):
            kept.append(node)
            continue
        start = _fitting_start(node, left)
        return _ended_at_word([*kept, {**node, "text": start}], text[len(start) :])
    return kept


def _fitting_start(node: Node, room: Room) -> str:
    """Return the longest start of a text node's text for which there is room."""
    text = start_of(node.get("text", ""), room.units)
    room_for_text = room.size - size_of({**node, "text": ""}) - 2
    while text and size_of(text) - 2 > room_for_text:
        # A character takes at most twelve bytes, as an emoji does.
        text = text[: -max((size_of(text) - 2 - room_for_text) // 12, 1)]
    return untorn(text, len(text))


def _ended_at_word(nodes: list[Node], rest: str) -> list[Node]:
    """Return inline `nodes`, which `rest` was to follow, without the word that would be torn."""
    if not rest or _SPACE.match(rest):
        return _without_empty(nodes)
    kept, torn = list(nodes), 0
    while kept and kept[-1]["type"] == "text" and torn <= _LONGEST_WORD:
        last = kept.pop()
        words = _up_to_space(last["text"])
        torn += len(last["text"]) - len(words)
        if words:
            kept.append({**last, "text": words})
            break
    return _without_empty(kept if torn <= _LONGEST_WORD else nodes)


def _up_to_space(text: str) -> str:
    spaces = [found.start() for found in _SPACE.finditer(text)]
    return text[: spaces[-1] + 1] if spaces else ""


def _without_empty(nodes: list[Node]) -> list[Node]:
    """Drop what has become empty at the end; a hard break there breaks nothing."""
    length = len(nodes)
    while length and not own_words(nodes[length - 1]).strip():
        length -= 1
    return nodes[:length]


def _last_text(nodes: list[Node]) -> Node | None:
    for node in reversed(nodes):
        found = node if node["type"] == "text" else _last_text(node.get("content", []))
        if found:
            return found
    return None
