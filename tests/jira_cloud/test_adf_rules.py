"""Which documents Jira takes; wherever the official schema is at hand, never more than it does."""

import random
from typing import Any

import pytest

from demo.jira_cloud.issues.adf_rules import (
    _ATTRIBUTES,
    _CONTENT,
    is_document,
    java_length,
    text_of,
)
from demo.jira_cloud.pages.adf_html import html
from tests.support.adf_schema import validator_for
from tests.support.pages import Page
from tests.support.structure import structure

Node = dict[str, Any]


def doc(*content: Node) -> Node:
    return {"type": "doc", "version": 1, "content": list(content)}


def paragraph(*content: Node, **more: Any) -> Node:
    return {"type": "paragraph", "content": list(content), **more}


def text(words: str = "words", *marks: Node) -> Node:
    return {"type": "text", "text": words, "marks": list(marks)}


def link(target: str) -> Node:
    return {"type": "link", "attrs": {"href": target}}


def holding(kind: str, *content: Node, **attributes: Any) -> Node:
    node: Node = {"type": kind, "content": list(content)}
    return node | ({"attrs": attributes} if attributes else {})


def items(*content: Node, kind: str = "bulletList", **attributes: Any) -> Node:
    return holding(kind, holding("listItem", *content), **attributes)


def cells(*content: Node) -> Node:
    return holding("table", holding("tableRow", *content))


def tasks(*content: Node, **state: Any) -> Node:
    return holding("taskList", holding("taskItem", *content, localId="b", **state), localId="a")


GOOD = {
    "empty": doc(),
    "empty paragraph": doc({"type": "paragraph"}),
    "marks": doc(paragraph(text("a", {"type": "strong"}, {"type": "em"}, link("https://x.test")))),
    "code with link": doc(paragraph(text("a", {"type": "code"}, link("mailto:a@b.test")))),
    "newline in text": doc(paragraph(text("a\nb"))),
    "heading": doc(holding("heading", text(), level=6)),
    "lists": doc(items(paragraph(), items(paragraph(), kind="orderedList", order=3))),
    "code block": doc(holding("codeBlock", {"type": "text", "text": "x"}, language="python")),
    "quote": doc(holding("blockquote", paragraph(text()), items(paragraph()))),
    "table": doc(
        cells(holding("tableHeader", paragraph(text())), holding("tableCell", paragraph()))
    ),
    "tasks": doc(tasks(text(), state="DONE")),
    "panel": doc(holding("panel", paragraph(), panelType="info")),
    "rule": doc({"type": "rule"}),
    "break": doc(paragraph(text(), {"type": "hardBreak"}, text())),
}

BAD: dict[str, Any] = {
    "plain text": "text",
    "no version": {"type": "doc", "content": []},
    "version 2": {"type": "doc", "version": 2, "content": []},
    "attribute on doc": doc() | {"attrs": {}},
    "text at the root": doc(text()),
    "empty text": doc(paragraph({"type": "text", "text": ""})),
    "unknown node": doc({"type": "image"}),
    "unknown mark": doc(paragraph(text("a", {"type": "blink"}))),
    "code with strong": doc(paragraph(text("a", {"type": "code"}, {"type": "strong"}))),
    "link without href": doc(paragraph(text("a", {"type": "link"}))),
    "script link": doc(paragraph(text("a", link("java\nscript:alert(1)")))),
    "heading without level": doc(holding("heading", text())),
    "heading 7": doc(holding("heading", text(), level=7)),
    "empty list": doc(holding("bulletList")),
    "bare text in item": doc(items(text())),
    "heading in item": doc(items(holding("heading", level=1))),
    "quote in quote": doc(holding("blockquote", holding("blockquote", paragraph()))),
    "heading in quote": doc(holding("blockquote", holding("heading", level=1))),
    "quote in item": doc(items(holding("blockquote", paragraph()))),
    "rule in item": doc(items({"type": "rule"})),
    "table in cell": doc(cells(holding("tableCell", cells(holding("tableCell", paragraph()))))),
    "marks in code block": doc(holding("codeBlock", text("x", {"type": "strong"}))),
    "break in code block": doc(holding("codeBlock", {"type": "hardBreak"})),
    "task without state": doc(tasks()),
    "task list without id": doc({**tasks(state="TODO"), "attrs": {}}),
    "paragraph in task": doc(tasks(paragraph(), state="TODO")),
    "extra key": doc(paragraph(text()) | {"style": "x"}),
}


@pytest.mark.parametrize("name", GOOD)
def test_documents_that_jira_takes(name: str) -> None:
    assert is_document(GOOD[name])


@pytest.mark.parametrize("name", BAD)
def test_documents_that_jira_refuses(name: str) -> None:
    assert not is_document(BAD[name])


def test_the_schema_takes_whatever_these_rules_take() -> None:
    official = validator_for(structure("adf.json"))
    dice = random.Random(11)
    taken = 0
    for _ in range(1500):
        made = _grown("doc", dice, 0) | {"version": 1}
        if is_document(made):
            taken += 1
            assert official.is_valid(made), made
    assert taken > 300


def test_text_counts_as_jira_counts_it() -> None:
    assert text_of(doc(paragraph(text("a")), paragraph(text("b"), text("c")))) == "a\nbc"
    assert java_length("🎉a") == 3


_MARKS: list[Node] = [
    {"type": "strong"}, {"type": "code"}, link("https://x.test"), {"type": "fontSize"},
    {"type": "alignment", "attrs": {"align": "center"}},
    {"type": "indentation", "attrs": {"level": 2}},
    {"type": "fontSize", "attrs": {"fontSize": "small"}},
    {"type": "breakout", "attrs": {"mode": "wide"}},
    {"type": "subsup", "attrs": {"type": "sub"}},
]  # fmt: skip
_NEEDED: dict[str, Node] = {
    "heading": {"level": 2},
    "panel": {"panelType": "info"},
    "taskList": {"localId": "a"},
    "taskItem": {"localId": "a", "state": "TODO"},
    "decisionList": {"localId": "a"},
    "decisionItem": {"localId": "a", "state": "DECIDED"},
    "blockCard": {"url": "https://x.test"},
    "inlineCard": {"url": "https://x.test"},
    "emoji": {"shortName": ":tada:"},
    "date": {"timestamp": "1"},
    "mention": {"id": "1"},
    "status": {"text": "a", "color": "blue"},
}


def _grown(kind: str, dice: random.Random, depth: int) -> Node:
    """A document that is nearly right, and now and then not."""
    if kind == "text":
        marks = [dice.choice(_MARKS) for _ in range(dice.choice([0, 0, 1, 2]))]
        return {"type": "text", "text": dice.choice(["a", "b c", "d", ""])} | (
            {"marks": marks} if marks else {}
        )
    node: Node = {"type": kind}
    if kind in _NEEDED and dice.random() < 0.97:
        node["attrs"] = dict(_NEEDED[kind])
    elif dice.random() < 0.05:
        node["attrs"] = {dice.choice(["localId", "order", "layout", "x"]): dice.choice(["a", 1])}
    if dice.random() < 0.05:
        node["marks"] = [dice.choice(_MARKS)]
    if kind in _CONTENT and dice.random() < 0.97:
        fitting, every = sorted(_CONTENT[kind][0]), sorted(set(_CONTENT) | set(_ATTRIBUTES))
        count = dice.choice([0, 1, 1, 2]) if depth < 4 else 0
        node["content"] = [
            _grown(dice.choice(fitting if dice.random() < 0.95 else every), dice, depth + 1)
            for _ in range(count)
        ]
    return node


def test_a_task_is_one_line_however_many_styles_it_has() -> None:
    several = tasks(text("a"), text("b", {"type": "strong"}), state="TODO")

    assert text_of(doc(several, paragraph(text("c")))) == "ab\nc"


def test_a_page_shows_the_title_of_what_unfolds() -> None:
    shown = Page(str(html(holding("expand", paragraph(text()), title="More & more"))))

    assert shown.texts("summary") == ["More & more"]
