"""What a person finds in the issue for what they wrote in the action item."""

import pytest

from app.jira import adf
from tests.adf.nodes import body, item, node, paragraph, text

LINK = adf.Backlink("Sprint 14 Retro", "https://unpack.test/retrospectives/14")


def test_headings_and_styles_stay_what_they_are() -> None:
    assert body("## Plan\n\n*a* **b** ~~c~~ `d` ***e***") == [
        node("heading", text("Plan"), level=2),
        paragraph(
            *(text("a", "em"), " ", text("b", "strong"), " ", text("c", "strike"), " "),
            *(text("d", "code"), " ", text("e", "em", "strong")),
        ),
    ]


def test_images_are_links_with_their_words() -> None:
    assert body("![a cat](https://i.i/c.png) ![](https://i.i/d.png)") == [
        paragraph(
            text("a cat", href="https://i.i/c.png"),
            " ",
            text("https://i.i/d.png", href="https://i.i/d.png"),
        )
    ]


def test_a_link_around_an_image_leads_where_the_link_says() -> None:
    assert body("[![build](https://i.i/b.svg)](https://ci.ci)") == [
        paragraph(text("build", href="https://ci.ci"))
    ]


def test_code_inside_bold_is_code_alone() -> None:
    assert body("**a `b`**") == [paragraph(text("a ", "strong"), text("b", "code"))]


def test_lists_nest() -> None:
    inner = node("orderedList", item(paragraph("b")), order=4)
    assert body("- a\n\n  4. b\n- c") == [
        node("bulletList", item(paragraph("a"), inner), item(paragraph("c")))
    ]


def test_items_deeper_than_jiras_editor_goes_move_up() -> None:
    deep = body("".join("  " * depth + f"- a{depth}\n" for depth in range(8)))

    for _ in range(5):
        deep = deep[0]["content"][0]["content"][1:]
    assert deep == [node("bulletList", *(item(paragraph(f"a{depth}")) for depth in (5, 6, 7)))]


def test_a_heading_in_a_list_or_quote_is_bold() -> None:
    bold = paragraph(text("h", "strong"))
    assert body("- # h") == [node("bulletList", item(bold))]
    assert body("> # h") == [node("blockquote", bold)]


def test_a_quote_in_a_quote_or_list_leaves_its_words() -> None:
    assert body("> a\n> > b") == [node("blockquote", paragraph("a"), paragraph("b"))]
    assert body("- a\n  > b") == [node("bulletList", item(paragraph("a"), paragraph("b")))]


def test_a_list_that_begins_with_a_list_begins_with_an_empty_line() -> None:
    assert body("- - a") == [
        node("bulletList", item(paragraph(), node("bulletList", item(paragraph("a")))))
    ]


def test_code_blocks_keep_their_lines_and_language() -> None:
    assert body("```python\na\n  b\n```") == [node("codeBlock", text("a\n  b"), language="python")]


def test_a_table_has_headers_and_every_row_all_its_cells() -> None:
    header = node("tableRow", *(node("tableHeader", paragraph(c)) for c in "ab"))
    row = node("tableRow", node("tableCell", paragraph("1")), node("tableCell", paragraph()))
    assert body("|a|b|\n|-|-|\n|1|") == [node("table", header, row)]


def test_a_table_in_a_quote_becomes_a_line_a_row() -> None:
    assert body("> |a|b|\n> |-|-|\n> |1|2|") == [
        node(
            "blockquote",
            paragraph(text("a | b", "strong")),
            paragraph("1 | 2"),
        )
    ]


def test_the_link_to_the_retrospective_is_the_last_paragraph_after_a_rule() -> None:
    assert adf.document("a", LINK) == {
        "type": "doc",
        "version": 1,
        "content": [
            paragraph("a"),
            {"type": "rule"},
            paragraph(text("Sprint 14 Retro", href=LINK.url)),
        ],
    }


@pytest.mark.parametrize(
    ("markdown", "kinds"), [("", ["paragraph"]), ("---", ["rule", "paragraph"])]
)
def test_no_second_rule_divides_the_link(markdown: str, kinds: list[str]) -> None:
    assert [node["type"] for node in adf.document(markdown, LINK)["content"]] == kinds


def test_a_link_that_may_not_be_followed_is_words_at_the_end_too() -> None:
    document = adf.document("", adf.Backlink("Retro\x00\n14", "javascript:x"))

    assert document["content"] == [paragraph("Retro 14")]


def test_nothing_at_all_is_an_empty_paragraph() -> None:
    assert body("") == [paragraph()]
