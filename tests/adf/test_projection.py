"""What a person sees of a document: the same whatever Jira adds, another once a person wrote."""

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft4Validator

from app.jira import adf
from demo.jira_cloud.issues import conversion
from demo.jira_cloud.machine import Machine
from demo.jira_cloud.state.world import Settings, World
from tests.adf.reading import words_of
from tests.adf.shapes import anything, thoroughly
from tests.support.adf_corpus import CORPUS

NAMES, TEXTS = zip(*CORPUS, strict=True)
each_of_the_corpus = pytest.mark.parametrize("markdown", TEXTS, ids=NAMES)
LINK = adf.Backlink("Sprint 14 Retro", "https://unpack.test/retrospectives/14")
RICH = "## Plan\n\nFirst **bold** and [a link](https://a.b).\n\n- [ ] one\n- [x] two\n\n1. three"


def text(words: str, **more: Any) -> adf.Node:
    return {"type": "text", "text": words, **more}


def paragraph(*content: adf.Node, **more: Any) -> adf.Node:
    return {"type": "paragraph", "content": list(content), **more}


def doc(*content: adf.Node) -> adf.Node:
    return {"type": "doc", "version": 1, "content": list(content)}


def changed(find: str, replacement: str) -> adf.Node:
    whole = json.dumps(adf.document(RICH, LINK))
    assert find in whole
    document: adf.Node = json.loads(whole.replace(find, replacement, 1))
    return document


@each_of_the_corpus
def test_ids_that_jira_gives_are_not_seen(markdown: str) -> None:
    world = World(Settings(), machine=Machine())
    world.conditions.local_ids = True
    document = adf.document(markdown, LINK)

    kept = conversion.kept(world, copy.deepcopy(document))

    assert adf.projection(kept) == adf.projection(document)


@pytest.mark.parametrize(
    ("find", "replacement"),
    [
        ("First ", "First, "),
        ('"strong"', '"em"'),
        ("https://a.b", "https://a.c"),
        ('"orderedList"', '"bulletList"'),
        ('"level": 2', '"level": 3'),
        ('"TODO"', '"DONE"'),
        ('{"type": "rule"}, ', ""),
    ],
    ids=["word", "style", "address", "kind of list", "heading", "ticked", "block gone"],
)
def test_what_a_person_changed_is_seen(find: str, replacement: str) -> None:
    assert adf.projection(changed(find, replacement)) != adf.projection(adf.document(RICH, LINK))


def test_what_nobody_wrote_is_not_seen() -> None:
    ours = doc(paragraph(text("a b", marks=[{"type": "strong"}, {"type": "em"}])), {"type": "rule"})
    theirs = doc(
        paragraph(
            text("a ", marks=[{"type": "em"}, {"type": "strong", "attrs": {}}]),
            text("b", marks=[{"type": "em"}, {"type": "strong"}]),
            attrs={"localId": "1"},
            marks=[],
        ),
        {"type": "rule", "attrs": {"localId": "2"}},
    )

    assert adf.projection(theirs) == adf.projection(ours)


def test_what_we_never_write_is_seen_by_its_name() -> None:
    mention = {"type": "mention", "attrs": {"id": "a1", "text": "@Olga"}}
    ours = doc(paragraph(text("Ask ")))

    assert adf.projection(doc(paragraph(text("Ask "), mention))) != adf.projection(ours)


def test_no_description_is_an_empty_one() -> None:
    assert adf.projection(None) == adf.projection(doc())
    assert adf.projection(None) != adf.projection(doc(paragraph(text("a"))))


@pytest.mark.parametrize(
    "odd",
    [
        "plain",
        7,
        [],
        {"content": "x"},
        {"content": [None, 1, {"type": "text"}, {"content": {}}]},
        {"content": [{"type": "text", "text": None, "marks": ["strong", {"attrs": 1}]}]},
        doc(paragraph(text("\ud800"))),
    ],
)
def test_whatever_jira_answers_has_a_projection_and_words(odd: Any) -> None:
    assert adf.projection(odd).startswith("sha256:")
    assert isinstance(adf.words(odd), str)


def nested(levels: int, words: str) -> Any:
    node: Any = text(words)
    for _ in range(levels):
        node = {"type": "expand", "content": [node]}
    return doc(node)


def test_deep_inside_words_still_count() -> None:
    assert adf.projection(nested(300, "a")) != adf.projection(nested(300, "b"))
    assert adf.projection(nested(300, "a")) == adf.projection(nested(300, "a"))


@each_of_the_corpus
def test_words_are_those_of_the_document(markdown: str) -> None:
    document = adf.document(markdown, LINK)

    assert words_of(adf.words(document)) == words_of(adf.text_of(document))


def test_words_tell_what_stands_for_something_else() -> None:
    mention = {"type": "mention", "attrs": {"id": "a1", "text": "@Olga"}}
    card = {"type": "inlineCard", "attrs": {"url": "https://a.b/1"}}
    broken = paragraph(text("Ask "), mention, {"type": "hardBreak"}, text("about  "), card)

    assert adf.words(doc(broken, paragraph(text("Soon.")))) == (
        "Ask @Olga\nabout https://a.b/1\nSoon."
    )


@each_of_the_corpus
def test_a_plain_document_has_the_words_in_paragraphs(
    adf_schema: Draft4Validator, markdown: str
) -> None:
    plain = adf.plain_document(markdown, LINK)

    adf_schema.validate(plain)
    *body, ending = plain["content"]
    assert {node["type"] for node in plain["content"]} == {"paragraph"}
    assert all("marks" not in child for node in body for child in node["content"])
    assert ending["content"][0]["marks"] == [{"type": "link", "attrs": {"href": LINK.url}}]
    rich = adf.document(markdown)
    assert words_of(adf.text_of(doc(*body))) == words_of(adf.text_of(rich))


@thoroughly
@given(anything)
def test_a_plain_document_is_taken_whatever_was_typed(
    adf_schema: Draft4Validator, markdown: str
) -> None:
    adf_schema.validate(adf.plain_document(markdown, LINK))
    adf_schema.validate(adf.plain_document(markdown))
