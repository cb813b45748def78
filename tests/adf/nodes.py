"""Nodes of a document, short enough to read in a test, and what a text becomes."""

from typing import Any

from app.jira import adf


def text(words: str, *marks: str, href: str = "") -> adf.Node:
    link = [{"type": "link", "attrs": {"href": href}}] if href else []
    styles = link + [{"type": mark} for mark in marks]
    return {"type": "text", "text": words} | ({"marks": styles} if styles else {})


def node(kind: str, *content: adf.Node, **attrs: Any) -> adf.Node:
    return {"type": kind} | ({"attrs": attrs} if attrs else {}) | {"content": list(content)}


def paragraph(*content: adf.Node | str) -> adf.Node:
    return node("paragraph", *(text(c) if isinstance(c, str) else c for c in content))


def body(markdown: str) -> list[adf.Node]:
    return adf.document(markdown)["content"]


def item(*content: adf.Node) -> adf.Node:
    return node("listItem", *content)


def task(words: str, line: int, state: str = "TODO") -> adf.Node:
    return node("taskItem", text(words), localId=f"task-{line}", state=state)


BREAK: adf.Node = {"type": "hardBreak"}
