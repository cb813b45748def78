"""Whatever somebody types, Jira takes the document and no word is lost."""

from typing import Any

import pytest
from hypothesis import given
from jsonschema import Draft4Validator

from app.jira import adf
from app.markdown import render_html
from tests.adf.reading import words_of, words_of_html
from tests.adf.rules import problems
from tests.adf.shapes import anything, shaped, syntax, thoroughly
from tests.support.adf_corpus import CORPUS

NAMES, TEXTS = zip(*CORPUS, strict=True)
each_of_the_corpus = pytest.mark.parametrize("markdown", TEXTS, ids=NAMES)
LINK = adf.Backlink("Sprint 14 Retro", "https://unpack.test/retrospectives/14")


def written(markdown: str) -> list[str]:
    return words_of(adf.text_of(adf.document(markdown)))


@each_of_the_corpus
def test_atlassians_schema_accepts_what_others_stumble_over(
    adf_schema: Draft4Validator, markdown: str
) -> None:
    adf_schema.validate(adf.document(markdown, LINK))


@given(markdown=anything)
@thoroughly
def test_atlassians_schema_accepts_any_text(adf_schema: Draft4Validator, markdown: str) -> None:
    adf_schema.validate(adf.document(markdown))


@given(markdown=shaped)
@thoroughly
def test_atlassians_schema_accepts_any_markdown(adf_schema: Draft4Validator, markdown: str) -> None:
    adf_schema.validate(adf.document(markdown, LINK))


@each_of_the_corpus
def test_jiras_editor_can_show_what_others_stumble_over(markdown: str) -> None:
    assert problems(adf.document(markdown)) == []


@given(markdown=anything)
@thoroughly
def test_jiras_editor_can_show_any_text(markdown: str) -> None:
    assert problems(adf.document(markdown, LINK)) == []


@given(markdown=shaped)
@thoroughly
def test_jiras_editor_can_show_any_markdown(markdown: str) -> None:
    assert problems(adf.document(markdown)) == []


@each_of_the_corpus
def test_the_issue_says_what_the_page_says(markdown: str) -> None:
    assert written(markdown) == words_of_html(render_html(markdown))


@given(markdown=syntax)
@thoroughly
def test_the_issue_says_what_the_page_says_for_any_text(markdown: str) -> None:
    assert written(markdown) == words_of_html(render_html(markdown))


@given(markdown=shaped)
@thoroughly
def test_no_word_is_lost_and_none_changes_places(markdown: str) -> None:
    def ours(text: str) -> list[str]:
        return [word for word in _letters(text).split() if word.startswith("w")]

    assert ours(adf.text_of(adf.document(markdown))) == ours(markdown)


@pytest.mark.parametrize("marker", [">", "> ", "- ", "1. ", "> - ", "- [ ] "])
def test_a_thousand_levels_lose_nothing(marker: str) -> None:
    assert written(marker * 1000 + "deep\n\n" + marker * 7 + "after")[-1] == "after"
    assert written(f"before\n\n{marker * 1000}deep")[-1].endswith("deep")


def _letters(text: str) -> str:
    return "".join(sign if sign.isalpha() else " " for sign in text)


@each_of_the_corpus
def test_the_same_text_gives_the_same_document(markdown: str) -> None:
    first, second = adf.document(markdown, LINK), adf.document(markdown, LINK)

    assert first == second
    assert adf.digest(first) == adf.digest(second)


def test_another_text_gives_another_digest() -> None:
    digests = {adf.digest(adf.document(markdown)) for markdown in ("a", "b", "# a", "- a", "")}

    assert len(digests) == 5
    assert all(digest.startswith("sha256:") and len(digest) == 71 for digest in digests)


HOSTILE: dict[str, Any] = {
    "tasks": "- [ ] a\n\n\n\n\n\n\n" * 80_000,
    "cells": ("|" + "a|" * 60 + "\n|" + "-|" * 60 + "\n" + "x\n" * 60 + "\n") * 3_000,
    "quotes": (">" * 2000 + " a\n") * 500,
    "definitions": "[a]: https://a.b\n" * 60_000,
}


@pytest.mark.timeout(30)
@pytest.mark.parametrize("markdown", HOSTILE.values(), ids=HOSTILE.keys())
def test_a_megabyte_made_to_hurt_is_read_in_seconds(markdown: str) -> None:
    document = adf.document(markdown, LINK)

    assert problems(document) == []
    assert adf.text_of(document).endswith("…\nSprint 14 Retro")
