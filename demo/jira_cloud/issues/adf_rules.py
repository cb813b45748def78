"""Which Atlassian Documents Jira takes: the rules of the official schema, written down by hand.

Stricter in two places that the schema leaves open (jira-platform.md §6): links of dangerous schemes
are refused, and so is text beyond Jira's limit.
"""

import re
from collections.abc import Callable
from typing import Any

TEXT_LIMIT = 32_767
BYTE_LIMIT = 1_048_576

Check = Callable[[Any], bool]
Node = dict[str, Any]

_DANGEROUS = ("javascript:", "data:", "vbscript:")
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")


def _is_text(value: Any) -> bool:
    return isinstance(value, str)


def _is_filled(value: Any) -> bool:
    return isinstance(value, str) and value != ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _is_flag(value: Any) -> bool:
    return isinstance(value, bool)


def _is_level(value: Any) -> bool:
    return _is_number(value) and 1 <= value <= 6


def _is_order(value: Any) -> bool:
    return _is_number(value) and value >= 0


def _is_color(value: Any) -> bool:
    return isinstance(value, str) and _COLOR.fullmatch(value) is not None


def _is_href(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    return not re.sub(r"[\s\x00-\x1f]", "", value).lower().startswith(_DANGEROUS)


def _is_widths(value: Any) -> bool:
    return isinstance(value, list) and all(_is_number(each) for each in value)


def _one_of(*words: str) -> Check:
    return lambda value: value in words


_LOCAL: dict[str, Check] = {"localId": _is_text}
# Mark: (required attributes, optional attributes).
_MARKS: dict[str, tuple[dict[str, Check], dict[str, Check]]] = {
    "strong": ({}, {}),
    "em": ({}, {}),
    "strike": ({}, {}),
    "underline": ({}, {}),
    "code": ({}, {}),
    "link": (
        {"href": _is_href},
        {"title": _is_text, "id": _is_text, "collection": _is_text, "occurrenceKey": _is_text},
    ),
    "subsup": ({"type": _one_of("sub", "sup")}, {}),
    "textColor": ({"color": _is_color}, {}),
    "backgroundColor": ({"color": _is_color}, {}),
    "annotation": ({"id": _is_text, "annotationType": _one_of("inlineComment")}, {}),
    "alignment": ({"align": _one_of("center", "end")}, {}),
    "indentation": ({"level": _is_level}, {}),
    "fontSize": ({"fontSize": _one_of("small")}, {}),
}
_BESIDE_CODE = {"code", "link", "annotation"}
_TEXT_MARKS = set(_MARKS) - {"alignment", "indentation", "fontSize"}

_PANELS = _one_of("info", "note", "tip", "warning", "error", "success", "custom")
_CELL: dict[str, Check] = {
    "colspan": _is_number,
    "rowspan": _is_number,
    "colwidth": _is_widths,
    "background": _is_text,
    "valign": _one_of("top", "middle", "bottom"),
} | _LOCAL
_TASK_STATE: dict[str, Check] = {"localId": _is_text, "state": _one_of("TODO", "DONE")}
# Node: (required attributes, optional attributes).
_ATTRIBUTES: dict[str, tuple[dict[str, Check], dict[str, Check]]] = {
    "paragraph": ({}, _LOCAL),
    "heading": ({"level": _is_level}, _LOCAL),
    "bulletList": ({}, _LOCAL),
    "orderedList": ({}, {"order": _is_order} | _LOCAL),
    "listItem": ({}, _LOCAL),
    "blockquote": ({}, _LOCAL),
    "codeBlock": (
        {},
        {"language": _is_text, "uniqueId": _is_text, "wrap": _is_flag, "hideLineNumbers": _is_flag}
        | _LOCAL,
    ),
    "rule": ({}, _LOCAL),
    "panel": (
        {"panelType": _PANELS},
        {"panelIcon": _is_text, "panelIconId": _is_text, "panelIconText": _is_text}
        | {"panelColor": _is_text}
        | _LOCAL,
    ),
    "table": (
        {},
        {
            "displayMode": _one_of("default", "fixed"),
            "isNumberColumnEnabled": _is_flag,
            "layout": _one_of(
                "wide", "full-width", "center", "align-end", "align-start", "default"
            ),
            "localId": _is_filled,
            "width": _is_number,
        },
    ),
    "tableRow": ({}, _LOCAL),
    "tableCell": ({}, _CELL),
    "tableHeader": ({}, _CELL),
    "taskList": ({"localId": _is_text}, {}),
    "taskItem": (_TASK_STATE, {}),
    "decisionList": ({"localId": _is_text}, {}),
    "decisionItem": ({"localId": _is_text, "state": _is_text}, {}),
    "expand": ({}, {"title": _is_text} | _LOCAL),
    "nestedExpand": ({"title": _is_text}, _LOCAL),
    "blockCard": ({"url": _is_href}, _LOCAL),
    "hardBreak": ({}, {"text": _one_of("\n")} | _LOCAL),
    "inlineCard": ({"url": _is_href}, _LOCAL),
    "emoji": ({"shortName": _is_text}, {"id": _is_text, "text": _is_text} | _LOCAL),
    "date": ({"timestamp": _is_filled}, _LOCAL),
    "mention": (
        {"id": _is_text},
        {"text": _is_text, "accessLevel": _is_text}
        | {"userType": _one_of("DEFAULT", "SPECIAL", "APP")}
        | _LOCAL,
    ),
    "status": ({"text": _is_filled, "color": _is_text}, {"style": _is_text} | _LOCAL),
}

_INLINE = {"text", "hardBreak", "inlineCard", "emoji", "date", "mention", "status"}
_LINES = {"paragraph", "heading", "codeBlock", "taskItem", "decisionItem"}
_LISTS = {"bulletList", "orderedList"}
_PLAIN = {"paragraph", "heading", "codeBlock", "rule", "taskList", "decisionList"} | _LISTS
_TOP = _PLAIN | {"blockquote", "panel", "table", "expand", "blockCard"}
_IN_CELL = _PLAIN | {"panel", "blockquote", "blockCard", "nestedExpand"}
# Node: (what may stand in it, whether it must hold something).
_CONTENT: dict[str, tuple[set[str], bool]] = {
    "doc": (_TOP, False),
    "paragraph": (_INLINE, False),
    "heading": (_INLINE, False),
    "codeBlock": ({"text"}, False),
    "blockquote": ({"paragraph", "codeBlock"} | _LISTS, True),
    "bulletList": ({"listItem"}, True),
    "orderedList": ({"listItem"}, True),
    "listItem": ({"paragraph", "taskList", "codeBlock"} | _LISTS, True),
    "panel": (_PLAIN | {"blockCard"}, True),
    "table": ({"tableRow"}, True),
    "tableRow": ({"tableCell", "tableHeader"}, False),
    "tableCell": (_IN_CELL, True),
    "tableHeader": (_IN_CELL, True),
    "taskList": ({"taskItem", "taskList"}, True),
    "taskItem": (_INLINE, False),
    "decisionList": ({"decisionItem"}, True),
    "decisionItem": (_INLINE, False),
    "expand": ((_TOP - {"expand"}) | {"nestedExpand"}, True),
    "nestedExpand": (_PLAIN | {"panel", "blockquote"}, True),
}
# Where a paragraph or heading may carry a mark of its own.
_MARKED_IN = {
    "doc": {"alignment", "indentation", "fontSize"},
    "tableCell": {"alignment", "indentation"},
    "tableHeader": {"alignment", "indentation"},
    "listItem": {"fontSize"},
    "panel": {"fontSize"},
    "expand": {"fontSize"},
    "nestedExpand": {"fontSize"},
}


def is_document(value: Any) -> bool:
    """Whether the value is an Atlassian Document (ADF, version 1)."""
    if not isinstance(value, dict) or set(value) != {"type", "version", "content"}:
        return False
    if value["type"] != "doc" or value["version"] != 1 or isinstance(value["version"], bool):
        return False
    return _content_fits("doc", value)


def _content_fits(kind: str, node: Node) -> bool:
    children = node.get("content")
    if kind not in _CONTENT:
        return "content" not in node
    allowed, needed = _CONTENT[kind]
    if children is None:
        # Cells, rows, lists and quotes must bring the list along even where it may be empty.
        return "content" not in node and not needed and kind not in ("doc", "tableRow")
    if not isinstance(children, list) or (needed and not children):
        return False
    return all(_fits(kind, allowed, child) for child in children)


def _fits(parent: str, allowed: set[str], node: Any) -> bool:
    if not isinstance(node, dict) or node.get("type") not in allowed:
        return False
    kind = node["type"]
    if kind == "text":
        return _is_text_node(parent, node)
    if not set(node) <= {"type", "attrs", "content", "marks"}:
        return False
    return (
        _attributes_fit(_ATTRIBUTES[kind], node)
        and _block_marks_fit(parent, node)
        and _content_fits(kind, node)
    )


def _attributes_fit(rule: tuple[dict[str, Check], dict[str, Check]], node: Node) -> bool:
    required, optional = rule
    if "attrs" not in node:
        return not required
    attributes = node["attrs"]
    if not isinstance(attributes, dict) or not set(required) <= set(attributes):
        return False
    checks = required | optional
    return all(name in checks and checks[name](value) for name, value in attributes.items())


def _block_marks_fit(parent: str, node: Node) -> bool:
    if "marks" not in node:
        return True
    kind, marks = node["type"], node["marks"]
    if kind not in ("paragraph", "heading", "codeBlock", "expand", "table"):
        return False
    allowed = _MARKED_IN.get(parent, set()) if kind in ("paragraph", "heading") else set()
    if kind == "heading":
        allowed = allowed - {"fontSize"}
    return _marks_fit(marks, allowed)


def _marks_fit(marks: Any, allowed: set[str]) -> bool:
    if not isinstance(marks, list):
        return False
    for mark in marks:
        if not isinstance(mark, dict) or mark.get("type") not in allowed:
            return False
        if not set(mark) <= {"type", "attrs"} or not _attributes_fit(_MARKS[mark["type"]], mark):
            return False
    return True


def _is_text_node(parent: str, node: Node) -> bool:
    if not set(node) <= {"type", "text", "marks"} or not _is_filled(node.get("text")):
        return False
    marks = node.get("marks", [])
    if parent == "codeBlock":
        return "marks" not in node or node["marks"] == []
    if not _marks_fit(marks, _TEXT_MARKS):
        return False
    kinds = {mark["type"] for mark in marks}
    return "code" not in kinds or kinds <= _BESIDE_CODE


def may_have_id(kind: str) -> bool:
    """Whether a node of that type may carry a `localId`."""
    return kind in _ATTRIBUTES and "localId" in _ATTRIBUTES[kind][1]


def text_of(node: Any) -> str:
    """All text of a document, blocks apart by a newline: what Jira's limit counts."""
    if not isinstance(node, dict):
        return ""
    kind = node.get("type")
    if kind == "text":
        return str(node["text"])
    if kind == "hardBreak":
        return "\n"
    parts = [text_of(child) for child in node.get("content", [])]
    return ("" if kind in _LINES else "\n").join(parts)


def java_length(words: str) -> int:
    """Characters as Jira counts them, in UTF-16 units: an emoji is two."""
    return len(words.encode("utf-16-le", "surrogatepass")) // 2
