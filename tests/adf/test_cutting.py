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
    "words": "word " * 7_000,
    "one word": "x" * 40_000,
    "code": "```\n" + "let a = 1;\n" * 3_000 + "```",
    "items": "- item\n" * 7_000,
    "tasks": "- [ ] task\n" * 7_000,
    "nested": "- a\n  - b\n    - c\n" * 6_000,
    "quotes": "> quote\n\n" * 6_000,
    "rows": "| a | b |\n|---|---|\n" + "| cell | cell |\n" * 4_000,
    "one cell": "| a | b |\n|---|---|\n| " + "cell " * 9_000 + "| b |",
    "wide": "|" + "a|" * 20_000 + "\n|" + "-|" * 20_000,
    "emphasis": "**a**_b_" * 13_000,
    "breaks": "a\\\n" * 20_000,
    "rules": "---\n" * 30_000,
    "chinese": "中文 " * 12_000,
    "emoji": "👍🏽" * 9_000,
    "quotation marks": '"' * 60_000,
    "addresses": ("[a](https://a.b/" + "c" * 1_900 + ") ") * 60,
    "cards": "https://acme.atlassian.net/browse/A-1\n\n" * 1_000,
    "unfolded": "<details><summary>more</summary>\n\na\n\n</details>\n\n" * 4_000,
    "notes": "> [!NOTE]\n> a\n\n" * 9_000,
}
TEXTS = {"paragraph", "heading", "codeBlock", "taskItem"}
each_long_text = pytest.mark.parametrize("markdown", LONG.values(), ids=LONG.keys())


def java_length(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def text_units(document: adf.Node) -> int:
    """The characters that Jira may count: with a line break between blocks, whichever they are."""
    return java_length(_joined(document))


def _joined(node: adf.Node) -> str:
    if node["type"] in ("text", "hardBreak", "inlineCard"):
        return str(node.get("text") or node.get("attrs", {}).get("url", "\n"))
    words = [_joined(child) for child in node.get("content", [])]
    return ("" if node["type"] in TEXTS else "\n").join(words)


@each_long_text
def test_an_over_long_text_fits_jiras_field_and_keeps_its_link(markdown: str) -> None:
    document = adf.document(markdown, LINK, site=adf.Site("https://acme.atlassian.net"))

    assert text_units(document) <= 32_767
    assert len(json.dumps(document)) <= 1_048_576
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
    document = adf.document("word " * 10_000, LINK)

    assert text_units(document) > 32_767 - len("word…")


def test_a_text_of_just_the_limit_is_not_cut() -> None:
    assert adf.text_of(adf.document("a" * 32_767)) == "a" * 32_767
    assert adf.text_of(adf.document("a" * 32_768)).endswith("a…")


def test_a_table_of_a_hundred_rows_keeps_them_all() -> None:
    row = "|" + " cell |" * 10 + "\n"

    document = adf.document(f"{row}|{'---|' * 10}\n{row * 99}", LINK)

    assert len(document["content"][0]["content"]) == 100


def test_a_table_that_is_cut_stays_a_rectangle() -> None:
    table = "| one | two | three |\n|---|---|---|\n| four five | six | seven |"

    document = adf.document(table, limit=21)

    assert adf.text_of(document) == "one\ntwo\nthree\nfour…"
    assert [len(row["content"]) for row in document["content"][0]["content"]] == [3, 3]


def test_an_emoji_is_not_torn() -> None:
    assert adf.text_of(adf.document("👍🏽" * 300, limit=1_004)) == "👍🏽" * 250 + "…"


@pytest.mark.parametrize("limit", [0, 1, 5, 40])
@pytest.mark.parametrize("markdown", [text for _, text in CORPUS], ids=[name for name, _ in CORPUS])
def test_what_others_stumble_over_is_good_after_a_cut(markdown: str, limit: int) -> None:
    assert problems(adf.document(markdown, LINK, limit=limit)) == []
