"""Lists and tasks to ADF nodes.

A `taskItem` holds inline nodes only, so what stands under a task follows it in lines of its own;
other tasks under it are a list of their own, and what no line can hold comes after the list.
"""

from collections.abc import Callable, Sequence
from itertools import takewhile

from app.jira.adf.inlines import inlines, text_node
from app.jira.adf.text import Node
from app.jira.adf.tree import Block, Place

Convert = Callable[[list[Block], Place], list[Node]]
"""Blocks at a place to nodes."""

_INDENT = "\u2003"


def ordered_list(block: Block, convert: Convert) -> list[Node]:
    """Return an orderedList; its tasks show a box, because a task has no number in Jira."""
    items = [_item(child, convert) for child in block.children]
    return [{"type": "orderedList", "attrs": {"order": _first_number(block)}, "content": items}]


def bullet_list(block: Block, place: Place, convert: Convert) -> list[Node]:
    """Return a bulletList, or where tasks may stand whatever run of both lists it mixes."""
    nodes: list[Node] = []
    for item in block.children:
        if item.is_task and place.takes_tasks:
            tasks, rest = _task(item, place, convert)
            _extend(nodes, "taskList", tasks, {"attrs": {"localId": _local_id("list", item)}})
            nodes += rest
        else:
            _extend(nodes, "bulletList", [_item(item, convert)], {})
    return nodes


def _first_number(block: Block) -> int:
    start = block.token.attrGet("start")
    return 1 if start is None else int(start)


def _item(block: Block, convert: Convert) -> Node:
    content = convert(block.children, Place.ITEM)
    if not content or content[0]["type"] not in ("paragraph", "codeBlock"):
        content.insert(0, {"type": "paragraph", "content": []})
    return {"type": "listItem", "content": content}


def _extend(nodes: list[Node], kind: str, content: list[Node], attrs: Node) -> None:
    if nodes and nodes[-1]["type"] == kind:
        nodes[-1]["content"] += content
    else:
        nodes.append({"type": kind, **attrs, "content": content})


def _task(item: Block, place: Place, convert: Convert) -> tuple[list[Node], list[Node]]:
    """Return a task with the tasks under it, and the blocks that no task can hold."""
    mark = item.children[0].words[0]
    first = Block(item.children[0].token, words=item.children[0].words[1:])
    lines, rest = _lines_first([first, *item.children[1:]])
    state = "DONE" if mark.meta["checked"] else "TODO"
    attrs = {"localId": _local_id("task", item), "state": state}
    task: Node = {"type": "taskItem", "attrs": attrs, "content": _broken(lines)}
    below = convert(rest, place)
    if below and below[0]["type"] == "taskList":
        return [task, below[0]], below[1:]
    return [task], below


def _lines_first(blocks: list[Block]) -> tuple[list[list[Node]], list[Block]]:
    """Return the lines of as many of `blocks` as are nothing but lines, and the other blocks."""
    lines: list[list[Node]] = []
    for at, block in enumerate(blocks):
        if (more := _lines(block)) is not None:
            lines += more
            continue
        plain = list(takewhile(lambda item: _lines(item) is not None, _items(block)))
        lines += _lines(Block(block.token, plain)) or []
        left = Block(block.token, block.children[len(plain) :], block.words)
        return lines, [left, *blocks[at + 1 :]]
    return lines, []


def _items(block: Block) -> list[Block]:
    return block.children if block.kind == "bullet_list" else []


def _lines(block: Block, depth: int = 0) -> list[list[Node]] | None:
    """Return the lines of a paragraph, list or item; None for one that is more than lines."""
    if block.kind == "paragraph":
        words = inlines(block.words)
        return [words] if words else []
    if block.kind not in ("bullet_list", "ordered_list", "list_item") or block.is_task:
        return None
    lines: list[list[Node]] = []
    for number, child in enumerate(block.children, _first_number(block)):
        more = _lines(child, depth + (block.kind == "list_item"))
        if more is None:
            return None
        if child.kind == "list_item":
            sign = "•" if block.kind == "bullet_list" else f"{number}."
            more = [_signed(f"{_INDENT * depth}{sign} ", *more[:1]), *more[1:]]
        lines += more
    return lines


def _signed(sign: str, line: Sequence[Node] = ()) -> list[Node]:
    if line and line[0]["type"] == "text" and "marks" not in line[0]:
        return [text_node(sign + line[0]["text"], []), *line[1:]]
    return [text_node(sign, []), *line]


def _broken(lines: list[list[Node]]) -> list[Node]:
    nodes: list[Node] = []
    for line in lines:
        nodes += [{"type": "hardBreak"}, *line] if nodes else line
    return nodes


def _local_id(prefix: str, item: Block) -> str:
    """Name a task by its line, so that the same text always gives the same document."""
    line = item.token.map[0] + 1 if item.token.map else 0
    return f"{prefix}-{line}"
