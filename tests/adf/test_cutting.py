"""Over-long text is cut at a word, and the link to the retrospective stands all the same."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jira import adf
from tests.adf.rules import problems
from tests.adf.shapes import shaped, thoroughly
from tests.support.adf_corpus import CORPUS

LINK = adf.Backlink("Sprint 14 Retro", "https://unpack.test/retrospectives/14")
LONG = {
    "words": "word " * 6_100,
    "one word": "x" * 40_000,
    "code": "```\n" + "let a = 1;\n" * 3_000 + "```",
    "items": "- item\n" * 1_500,
    "tasks": "- [ ] task\n" * 1_500,
    "nested": "- a\n  - b\n    - c\n" * 500,
    "quotes": "> quote\n\n" * 1_500,
    "rows": "| a | b |\n|---|---|\n" + "| cell | cell |\n" * 800,
    "one cell": "| a | b |\n|---|---|\n| " + "cell " * 9_000 + "| b |",
    "wide": "|" + "a|" * 1_500 + "\n|" + "-|" * 1_500,
    "emphasis": "**a**_b_" * 2_000,
    "breaks": "a\\\n" * 4_000,
    "rules": "---\n" * 7_000,
    "chinese": "中文 " * 12_000,
    "emoji": "👍🏽" * 8_000,
    "quotation marks": '"' * 60_000,
    "addresses": ("[a](https://a.b/" + "c" * 1_900 + ") ") * 52,
}
each_long_text = pytest.mark.parametrize("markdown", LONG.values(), ids=LONG.keys())


def java_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def text_units(node: adf.Node) -> int:
    return java_length(node.get("text", "")) + sum(map(text_units, node.get("content", [])))


@each_long_text
def test_an_over_long_text_fits_jiras_field_and_keeps_its_link(markdown: str) -> None:
    document = adf.document(markdown, LINK)

    assert text_units(document) <= 30_000
    assert len(json.dumps(document, ensure_ascii=False).encode()) <= 100_000
    assert problems(document) == []
    assert adf.text_of(document).endswith("…\nSprint 14 Retro")
    assert document["content"][-1]["content"][0]["marks"][0]["attrs"]["href"] == LINK.url


@given(markdown=shaped, limit=st.integers(0, 200))
@thoroughly
def test_only_whole_words_are_left(markdown: str, limit: int) -> None:
    whole = adf.text_of(adf.document(markdown, limit=100_000)).split()
    document = adf.document(markdown, limit=limit)
    kept = adf.text_of(document).replace("…", " … ").split()

    assert kept in (whole, [*whole[: len(kept) - 1], "…"])
    assert text_units(document) <= max(limit, 1)
    assert problems(document) == []


@pytest.mark.parametrize("limit", range(45))
def test_a_word_in_several_styles_is_not_torn(limit: int) -> None:
    text = adf.text_of(adf.document("one un**frigging**believable `two three` four", limit=limit))

    whole = "one unfriggingbelievable two three four"
    assert text in ("…", whole, *(f"{whole[:end]}…" for end in (3, 24, 28, 34)))


def test_the_cut_is_made_as_late_as_the_room_allows() -> None:
    text = adf.text_of(adf.document("word " * 10_000, LINK))

    assert java_length(text) - 1 > 30_000 - len("word ")


def test_a_text_of_just_the_limit_is_not_cut() -> None:
    assert adf.text_of(adf.document("a" * 30_000)) == "a" * 30_000


def test_a_table_that_is_cut_stays_a_rectangle() -> None:
    table = "| one | two | three |\n|---|---|---|\n| four five | six | seven |"

    document = adf.document(table, limit=18)

    assert adf.text_of(document) == "one\ntwo\nthree\nfour…"
    assert [len(row["content"]) for row in document["content"][0]["content"]] == [3, 3]


def test_an_emoji_is_not_torn() -> None:
    assert adf.text_of(adf.document("👍🏽" * 300, limit=1_004)) == "👍🏽" * 250 + "…"


@pytest.mark.parametrize("limit", [0, 1, 5, 40])
@pytest.mark.parametrize("markdown", [text for _, text in CORPUS], ids=[name for name, _ in CORPUS])
def test_what_others_stumble_over_is_good_after_a_cut(markdown: str, limit: int) -> None:
    assert problems(adf.document(markdown, LINK, limit=limit)) == []
