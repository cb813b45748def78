"""Block Markdown tokens to ADF block nodes, within what ADF lets stand inside what.

A list item and a quote take paragraphs, lists and code blocks only (jira-platform.md §6), so in
them a heading becomes a bold paragraph, a table a paragraph a row, and a quote its own contents.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum

from markdown_it.token import Token

from app.jira.adf.inlines import inlines, text_node
from app.jira.adf.text import Node

_LANGUAGE = re.compile(r"[\w+#.-]{1,40}")


class Place(Enum):
    """Where a block stands: it decides what the block may become."""

    ROOT = "root"
    QUOTE = "quote"
    ITEM = "item"


@dataclass(slots=True)
class Block:
    """A block token with what stands inside it; `words` are its inline tokens."""

    token: Token
    children: list["Block"] = field(default_factory=list)
    words: list[Token] = field(default_factory=list)

    @property
    def kind(self) -> str:
        return self.token.type.removesuffix("_open")

    @property
    def is_task(self) -> bool:
        return bool(self.children) and _starts_with_mark(self.children[0].words)


def _starts_with_mark(words: list[Token]) -> bool:
    return bool(words) and words[0].type == "task_mark"


def tree(tokens: list[Token]) -> list[Block]:
    """Return the blocks of a token stream as a tree."""
    root = Block(Token("root", "", 0))
    branch = [root]
    for token in tokens:
        if token.type == "inline":
            branch[-1].words = token.children or []
        elif token.nesting < 0:
            branch.pop()
        else:
            block = Block(token)
            branch[-1].children.append(block)
            branch += [block] if token.nesting > 0 else []
    return root.children


def nodes_of(blocks: list[Block], place: Place = Place.ROOT) -> list[Node]:
    """Return the ADF nodes that `blocks` become at `place`, in order; blocks without words go."""
    nodes: list[Node] = []
    for block in blocks:
        nodes += _CONVERTERS[block.kind](block, place)
    return nodes


def _paragraph(block: Block, place: Place) -> list[Node]:
    return _paragraph_of(inlines(block.words))


def _paragraph_of(words: list[Node]) -> list[Node]:
    return [{"type": "paragraph", "content": words}] if words else []


def _heading(block: Block, place: Place) -> list[Node]:
    if place is not Place.ROOT:
        return _paragraph_of(inlines(block.words, strong=True))
    words = inlines(block.words)
    level = int(block.token.tag.removeprefix("h"))
    return [{"type": "heading", "attrs": {"level": level}, "content": words}] if words else []


def _code(block: Block, place: Place) -> list[Node]:
    # The one place where a text node holds newlines: a code block takes no hardBreak.
    text = block.token.content.removesuffix("\n")
    if not text:
        return []
    language = _LANGUAGE.match(block.token.info.strip())
    attrs = {"attrs": {"language": language[0]}} if language else {}
    return [{"type": "codeBlock", **attrs, "content": [text_node(text, [])]}]


def _rule(block: Block, place: Place) -> list[Node]:
    return [{"type": "rule"}] if place is Place.ROOT else []


def _quote(block: Block, place: Place) -> list[Node]:
    if place is not Place.ROOT:
        return nodes_of(block.children, place)
    content = nodes_of(block.children, Place.QUOTE)
    return [{"type": "blockquote", "content": content}] if content else []


def _ordered_list(block: Block, place: Place) -> list[Node]:
    start = block.token.attrGet("start")
    order = 1 if start is None else int(start)
    items = [_item(child) for child in block.children]
    return [{"type": "orderedList", "attrs": {"order": order}, "content": items}]


def _item(block: Block) -> Node:
    content = nodes_of(block.children, Place.ITEM)
    if not content or content[0]["type"] not in ("paragraph", "codeBlock"):
        content.insert(0, {"type": "paragraph", "content": []})
    return {"type": "listItem", "content": content}


def _bullet_list(block: Block, place: Place) -> list[Node]:
    """Return a bulletList, or at the root whatever run of task and bullet lists it mixes."""
    nodes: list[Node] = []
    for item in block.children:
        if place is Place.ROOT and item.is_task:
            tasks, rest = _task(item)
            _extend(nodes, "taskList", tasks, {"attrs": {"localId": _local_id("list", item)}})
            nodes += rest
        else:
            _extend(nodes, "bulletList", [_item(item)], {})
    return nodes


def _extend(nodes: list[Node], kind: str, content: list[Node], attrs: Node) -> None:
    if nodes and nodes[-1]["type"] == kind:
        nodes[-1]["content"] += content
    else:
        nodes.append({"type": kind, **attrs, "content": content})


def _task(item: Block) -> tuple[list[Node], list[Node]]:
    """Return a task with the tasks under it, and the blocks that a task cannot hold.

    A taskItem is one line of text, so further paragraphs follow after a hard break.
    """
    mark, words = item.children[0].words[0], inlines(item.children[0].words[1:])
    position = 1
    while position < len(item.children) and item.children[position].kind == "paragraph":
        more = inlines(item.children[position].words)
        words += [{"type": "hardBreak"}, *more] if words and more else more
        position += 1
    state = "DONE" if mark.meta["checked"] else "TODO"
    attrs = {"localId": _local_id("task", item), "state": state}
    task: Node = {"type": "taskItem", "attrs": attrs, "content": words}
    below = nodes_of(item.children[position:])
    if below and below[0]["type"] == "taskList":
        return [task, below[0]], below[1:]
    return [task], below


def _local_id(prefix: str, item: Block) -> str:
    """Name a task by its line, so that the same text always gives the same document."""
    line = item.token.map[0] + 1 if item.token.map else 0
    return f"{prefix}-{line}"


def _table(block: Block, place: Place) -> list[Node]:
    rows = [row for section in block.children for row in section.children]
    if place is not Place.ROOT:
        return [node for row in rows for node in _paragraph_of(_line(row))]
    return [{"type": "table", "content": [_row(row) for row in rows]}]


def _row(row: Block) -> Node:
    return {"type": "tableRow", "content": [_cell(cell) for cell in row.children]}


def _cell(cell: Block) -> Node:
    kind = "tableHeader" if cell.kind == "th" else "tableCell"
    return {"type": kind, "content": [{"type": "paragraph", "content": inlines(cell.words)}]}


def _line(row: Block) -> list[Node]:
    words: list[Token] = []
    for cell in row.children:
        words += [Token("text", "", 0, content=" | ")] if cell is not row.children[0] else []
        words += cell.words
    return inlines(words, strong=row.children[0].kind == "th")


_CONVERTERS: dict[str, Callable[[Block, Place], list[Node]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "fence": _code,
    "code_block": _code,
    "hr": _rule,
    "blockquote": _quote,
    "bullet_list": _bullet_list,
    "ordered_list": _ordered_list,
    "table": _table,
}
