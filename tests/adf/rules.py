"""What a document must keep beyond, and without, the schema: what Jira's editor counts on."""

from collections.abc import Iterator

from app.jira.adf import Node

INLINE = {"text", "hardBreak", "inlineCard"}
IN_QUOTE = {"paragraph", "bulletList", "orderedList", "codeBlock"}
IN_ITEM = IN_QUOTE | {"taskList"}
IN_PANEL = IN_ITEM | {"heading", "rule"}
IN_EXPAND = IN_PANEL | {"blockquote", "table", "panel"}
CHILDREN = {
    "doc": IN_EXPAND | {"expand"},
    "expand": IN_EXPAND,
    "panel": IN_PANEL,
    "inlineCard": set[str](),
    "paragraph": INLINE,
    "heading": INLINE,
    "taskItem": INLINE,
    "codeBlock": {"text"},
    "bulletList": {"listItem"},
    "orderedList": {"listItem"},
    "listItem": IN_ITEM,
    "blockquote": IN_QUOTE,
    "taskList": {"taskItem", "taskList"},
    "table": {"tableRow"},
    "tableRow": {"tableCell", "tableHeader"},
    "tableCell": {"paragraph"},
    "tableHeader": {"paragraph"},
    "rule": set[str](),
    "hardBreak": set[str](),
    "text": set[str](),
}
FIRST = {"listItem": {"paragraph", "codeBlock"}, "taskList": {"taskItem"}}
MAY_BE_EMPTY = {"paragraph", "taskItem", "rule", "hardBreak", "text", "inlineCard"}
SCHEMES = ("http://", "https://", "mailto:", "tel:", "ftp://", "sftp://", "ssh://", "slack://")


def walk(node: Node, parent: str = "") -> Iterator[tuple[Node, str]]:
    """Every node of a document with the type of the one it stands in."""
    yield node, parent
    for child in node.get("content", []):
        yield from walk(child, node["type"])


def problems(document: Node) -> list[str]:
    """What is wrong with a document, in words; nothing for a good one."""
    found = [problem for node, parent in walk(document) for problem in _of(node, parent)]
    ids = [node["attrs"]["localId"] for node, _ in walk(document) if "localId" in _attrs(node)]
    widths = [_widths(node) for node, _ in walk(document) if node["type"] == "table"]
    found += ["two tasks share a localId"] if len(ids) != len(set(ids)) else []
    return found + ["a table is ragged" for width in widths if len(width) != 1]


def _attrs(node: Node) -> Node:
    return node.get("attrs", {})


def _widths(table: Node) -> set[int]:
    return {len(row["content"]) for row in table["content"]}


def _of(node: Node, parent: str) -> Iterator[str]:
    kind = node["type"]
    children = [child["type"] for child in node.get("content", [])]
    if not children and kind not in MAY_BE_EMPTY:
        yield f"{kind} is empty"
    if wrong := set(children) - CHILDREN[kind]:
        yield f"{kind} holds {wrong}"
    if children and children[0] not in FIRST.get(kind, CHILDREN[kind]):
        yield f"{kind} begins with {children[0]}"
    if kind == "text":
        yield from _of_text(node, parent)


def _of_text(node: Node, parent: str) -> Iterator[str]:
    text, marks = node["text"], node.get("marks", [])
    names = {mark["type"] for mark in marks}
    if not text:
        yield "a text is empty"
    if not _printable(text.replace("\n", "") if parent == "codeBlock" else text):
        yield f"a text has a line break or a control: {text!r}"
    if len(names) != len(marks) or ("code" in names and not names <= {"code", "link"}):
        yield f"marks do not go together: {names}"
    if marks and parent == "codeBlock":
        yield "code has marks"
    for mark in marks:
        if mark["type"] == "link" and not mark["attrs"]["href"].lower().startswith(SCHEMES):
            yield f"a link goes to {mark['attrs']['href']}"


def _printable(text: str) -> bool:
    """Whether no control, line break or lone surrogate is in `text`; tabs are fine."""
    return all(sign == "\t" or not _is_control(ord(sign)) for sign in text)


def _is_control(code: int) -> bool:
    return code < 32 or 0x7F <= code < 0xA0 or code in (0x2028, 0x2029) or 0xD800 <= code < 0xE000
