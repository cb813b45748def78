"""An Atlassian Document as HTML, for the issue page."""

from collections.abc import Callable
from typing import Any

from markupsafe import Markup, escape

Node = dict[str, Any]
_SIMPLE = {
    "paragraph": "p",
    "bulletList": "ul",
    "listItem": "li",
    "blockquote": "blockquote",
    "tableRow": "tr",
    "tableCell": "td",
    "tableHeader": "th",
    "decisionList": "ul",
    "decisionItem": "li",
}
_MARKS = {"strong": "strong", "em": "em", "strike": "s", "underline": "u", "code": "code"}
_SAFE = ("http://", "https://", "mailto:", "tel:", "ftp://", "sftp://", "ssh://", "slack://")


def html(node: Any) -> Markup:
    """The node and everything in it. All text is escaped; unknown nodes show their content."""
    if not isinstance(node, dict):
        return Markup("")
    kind = node.get("type", "")
    if kind == "text":
        return _text(node)
    inside = Markup("").join(html(child) for child in node.get("content", []))
    if kind in _SIMPLE:
        return _wrapped(_SIMPLE[kind], inside)
    special = _SPECIAL.get(kind)
    return special(node, inside) if special else inside


def _text(node: Node) -> Markup:
    shown = escape(node["text"])
    for mark in node.get("marks", []):
        kind = mark["type"]
        if kind in _MARKS:
            shown = _wrapped(_MARKS[kind], shown)
        elif kind == "link":
            shown = _link(mark["attrs"]["href"], shown)
        elif kind == "subsup":
            shown = _wrapped(mark["attrs"]["type"], shown)
    return shown


def _wrapped(tag: str, inside: Markup) -> Markup:
    # Escaping would do nothing to the tags of our own tables.
    return Markup("<{0}>{1}</{0}>").format(tag, inside)


def _link(target: str, shown: Markup) -> Markup:
    if not target.lower().startswith(_SAFE):
        return shown
    return Markup('<a href="{}" rel="noreferrer">{}</a>').format(target, shown)


def _heading(node: Node, inside: Markup) -> Markup:
    # The page has its own h1 and h2.
    level = min(6, int(node["attrs"]["level"]) + 2)
    return Markup("<h{0}>{1}</h{0}>").format(level, inside)


def _ordered(node: Node, inside: Markup) -> Markup:
    start = int(node.get("attrs", {}).get("order", 1))
    return Markup('<ol start="{}">{}</ol>').format(start, inside)


def _code(_: Node, inside: Markup) -> Markup:
    return Markup("<pre><code>{}</code></pre>").format(inside)


def _table(_: Node, inside: Markup) -> Markup:
    return Markup('<div class="scroll"><table>{}</table></div>').format(inside)


def _task(node: Node, inside: Markup) -> Markup:
    done = node["attrs"]["state"] == "DONE"
    words = "done" if done else "to do"
    return Markup(
        '<li class="task"><span class="box" role="img" aria-label="{}">{}</span> {}</li>'
    ).format(words, "☑" if done else "☐", inside)


def _expand(node: Node, inside: Markup) -> Markup:
    title = node.get("attrs", {}).get("title", "")
    summary = _wrapped("summary", escape(title)) if title else Markup("")
    return Markup('<details class="panel" open>{}{}</details>').format(summary, inside)


def _card(node: Node, _: Markup) -> Markup:
    return _link(node["attrs"]["url"], escape(node["attrs"]["url"]))


def _named(name: str) -> Callable[[Node, Markup], Markup]:
    return lambda node, _: escape(node["attrs"].get(name, ""))


_SPECIAL: dict[str, Callable[[Node, Markup], Markup]] = {
    "heading": _heading,
    "orderedList": _ordered,
    "codeBlock": _code,
    "table": _table,
    "taskList": lambda _, inside: Markup('<ul class="tasks">{}</ul>').format(inside),
    "taskItem": _task,
    "panel": lambda _, inside: Markup('<div class="panel">{}</div>').format(inside),
    "expand": _expand,
    "rule": lambda *_: Markup("<hr>"),
    "hardBreak": lambda *_: Markup("<br>"),
    "inlineCard": _card,
    "blockCard": _card,
    "mention": _named("text"),
    "emoji": _named("shortName"),
    "status": _named("text"),
    "date": _named("timestamp"),
}
