"""The little HTML that means something, and what of GitHub's Markdown has a block in Jira."""

from typing import Any

import pytest

from app.jira import adf
from app.markdown import render_html
from tests.adf.nodes import BREAK, body, item, node, paragraph, text
from tests.support.pages import Page, text_of


def test_styles_by_their_tags() -> None:
    sub: dict[str, Any] = {"type": "subsup", "attrs": {"type": "sub"}}
    assert body("<b>b</b> <i>i</i> <u>u</u> H<sub>2</sub>O <kbd>k</kbd> <B>*x*</B>") == [
        paragraph(
            *(text("b", "strong"), " ", text("i", "em"), " ", text("u", "underline"), " H"),
            {"type": "text", "text": "2", "marks": [sub]},
            *("O ", text("k", "code"), " ", text("x", "em", "strong")),
        )
    ]


@pytest.mark.parametrize("tag", ["<br>", "<br/>", "<BR />", "<br>\n"])
def test_a_line_break_breaks_in_a_paragraph_and_in_a_cell(tag: str) -> None:
    assert body(f"one{tag}two") == [paragraph("one", BREAK, "two")]
    assert "<br>" in render_html(f"|a|\n|-|\n|one{tag.strip()}two|")
    cell = body(f"|a|\n|-|\n|one{tag.strip()}two|")[0]["content"][1]["content"][0]
    assert cell == node("tableCell", paragraph("one", BREAK, "two"))


@pytest.mark.parametrize(
    "markdown",
    [
        "<div>a</div>",
        "<script>alert(1)</script>",
        '<b onclick="x">a</b>',
        "</b> and <b>open",
        "<!-- never ended",
        "</details>",
        "<summary>a</summary>",
        "<details>",
        "1 < 2 > 0",
    ],
)
def test_all_other_html_is_text(markdown: str) -> None:
    assert body(markdown) == [paragraph(markdown)]
    assert "".join(Page(str(render_html(markdown))).all("p")[0].itertext()) == markdown


def test_a_comment_is_dropped_and_swallows_nothing() -> None:
    numbered = node("orderedList", item(paragraph("a")), item(paragraph("b")), order=1)
    assert body("<!-- steps -->\n1. a\n2. b") == [numbered]
    assert body("<!--\n\nsteps\n\n- x\n-->\n\n1. a\n2. b") == [numbered]
    assert body("a <!-- b\nc --> d") == [paragraph("a  d")]
    assert body("`<!-- a -->`") == [paragraph(text("<!-- a -->", "code"))]


UNFOLDED = "<details><summary>More</summary>\n\ntext\n\n</details>"


@pytest.mark.parametrize(
    "markdown",
    [
        UNFOLDED,
        "<details open>\n<summary>More</summary>\ntext\n</details>",
        "<details><summary><b>More</b></summary>text</details>",
        "<DETAILS>\n<SUMMARY>More</SUMMARY>\n\ntext\n</DETAILS>",
    ],
)
def test_details_can_be_unfolded(markdown: str) -> None:
    assert body(markdown) == [node("expand", paragraph("text"), title="More")]
    page = Page(str(render_html(markdown)))
    assert page.all("summary")[0].text == "More"
    assert text_of(page.all("details")[0]) == "More text"


def test_details_inside_something_else_are_flattened() -> None:
    flat = [paragraph(text("More", "strong")), paragraph("text")]
    inside = "\n".join(f"  {line}" for line in UNFOLDED.split("\n"))

    assert body(f"- a\n\n{inside}") == [node("bulletList", item(paragraph("a"), *flat))]
    outer = body(f"<details><summary>Outer</summary>\n\n{UNFOLDED}\n\n</details>")
    assert outer == [node("expand", *flat, title="Outer")]


def test_a_note_is_a_panel() -> None:
    assert body("> [!NOTE]\n> text") == [node("panel", paragraph("text"), panelType="note")]
    page = Page(str(render_html("> [!NOTE]\n> text")))
    assert page.values("aria-label") == ["Note"]


@pytest.mark.parametrize(
    ("kind", "panel"),
    [("TIP", "success"), ("IMPORTANT", "info"), ("WARNING", "warning"), ("CAUTION", "error")],
)
def test_each_kind_of_note_has_its_panel(kind: str, panel: str) -> None:
    assert body(f"> [!{kind}]\n> # a")[0]["attrs"] == {"panelType": panel}


def test_a_note_where_no_panel_may_stand_shows_its_sign() -> None:
    assert body("- > [!WARNING]\n  > careful") == [node("bulletList", item(paragraph("⚠ careful")))]


def test_a_note_with_words_beside_its_kind_is_a_quote_with_all_its_words() -> None:
    assert adf.text_of(adf.document("> [!NOTE] Watch out\n> text")) == "[!NOTE] Watch out\ntext"


@pytest.mark.parametrize(
    "markdown", ["---\ntitle: x\n---\ntext", "---\ntags:\n  - a\n# c\nlayout: y\n---\n\ntext"]
)
def test_front_matter_is_dropped(markdown: str) -> None:
    assert body(markdown) == [paragraph("text")]


@pytest.mark.parametrize(
    "markdown",
    [
        "---\nOwner: Jane\n---\ntext",
        "---\nHello team\n\n---\ntext",
        "---\ntitle: x\n---\n",
        "text\n\n---\ntitle: x\n---\n",
    ],
)
def test_words_between_two_rules_are_no_front_matter(markdown: str) -> None:
    said = adf.text_of(adf.document(markdown)).split()

    assert said == [word for word in markdown.split() if word != "---"]


def test_columns_keep_their_alignment() -> None:
    markdown = "|a|b|c|\n|:-:|--:|:-|\n|1|2|3|"
    rows = body(markdown)[0]["content"]

    aligned = [[cell["content"][0].get("marks") for cell in row["content"]] for row in rows]
    center, end = ([{"type": "alignment", "attrs": {"align": a}}] for a in ("center", "end"))
    assert aligned == [[center, end, None]] * 2
    cells = Page(str(render_html(markdown))).all("td")
    assert [cell.get("class") for cell in cells] == ["align-center", "align-right", "align-left"]
