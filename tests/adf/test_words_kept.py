"""What CommonMark would swallow: no line, cell or address that somebody wrote may vanish."""

import pytest

from app.jira import adf
from app.markdown import render_html
from tests.adf.nodes import BREAK, body, node, paragraph, text
from tests.support.pages import Page


def words(markdown: str) -> str:
    return adf.text_of(adf.document(markdown))


def test_a_name_in_brackets_is_no_definition() -> None:
    assert body("[Mia]: done\n[Tom]: later") == [paragraph("[Mia]: done", BREAK, "[Tom]: later")]


def test_a_definition_that_nothing_refers_to_is_shown() -> None:
    address = "https://wiki.example.com/runbook"
    assert body(f"[Runbook]: {address}\n\nEnd") == [
        paragraph("[Runbook]: ", text(address, href=address)),
        paragraph("End"),
    ]


def test_a_definition_that_a_link_refers_to_is_its_address() -> None:
    assert body("[a][r] and [r]\n\n[r]: https://a.b") == [
        paragraph(text("a", href="https://a.b"), " and ", text("r", href="https://a.b"))
    ]


def test_a_second_definition_of_a_label_is_shown() -> None:
    assert words("[r]\n\n[r]: https://a.b\n[r]: https://c.d") == "r\n[r]: https://c.d"


@pytest.mark.parametrize("inside", ["- {}", "> {}", "1. a\n\n   {}"])
def test_a_definition_inside_a_list_or_quote_is_shown(inside: str) -> None:
    assert words(inside.format("[Mia]: done")).endswith("[Mia]: done")


def test_cells_beyond_the_header_are_columns_of_their_own() -> None:
    table = "| Step | Who |\n|---|---|\n| Rotate the key | Mia | by Friday |\n| Tell | Tom |"
    rows = body(table)[0]["content"]

    assert words(table) == "Step\nWho\nRotate the key\nMia\nby Friday\nTell\nTom"
    assert [len(row["content"]) for row in rows] == [3, 3, 3]


def test_a_row_too_long_for_a_column_each_ends_in_one_cell() -> None:
    table = "|a|\n|-|\n" + "|x|\n" * 4_998 + "|1|2|3|4|\n"
    cells = Page(str(render_html(table))).texts("td")

    assert len(cells) == 2 * 4_999
    assert cells[-2:] == ["1", "2 | 3 | 4"]


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("[docs](docs/x.md)", "docs (docs/x.md)"),
        ("[Runbook](/wiki/runbook)", "Runbook (/wiki/runbook)"),
        ("[Share](file:///S:/ops/plan.docx)", "Share (file:///S:/ops/plan.docx)"),
        ("[Chat](msteams:/l/chat/1)", "Chat (msteams:/l/chat/1)"),
        ("[x](“https://e.org”)", "x (“https://e.org”)"),
        ("[x](javascript:alert(1))", "x (javascript:alert(1))"),
        ("[x](docs/ü.md 'the title')", 'x (docs/ü.md "the title")'),
        ("[docs/x.md](docs/x.md)", "docs/x.md"),
        ("![logo](data:image/png;base64,AAAA)", "logo (data:image/png;base64,AAAA)"),
        ("![](data:image/png;base64,AAAA)", "data:image/png;base64,AAAA"),
        ("[](cat.png) [x]()", "cat.png x"),
    ],
)
def test_an_address_that_is_no_link_is_shown(markdown: str, shown: str) -> None:
    assert body(markdown) == [paragraph(shown)]


def test_an_address_without_a_scheme_is_shown_as_a_link() -> None:
    assert body("[doc](www.example.com/x)") == [
        paragraph("doc (", text("www.example.com/x", href="http://www.example.com/x"), ")")
    ]


def test_the_title_of_a_link_goes_with_it() -> None:
    mark = body('[a](https://a.b "Who is on call")')[0]["content"][0]["marks"][0]

    assert mark["attrs"] == {"href": "https://a.b", "title": "Who is on call"}


def test_words_after_a_fence_are_the_first_line_of_the_code() -> None:
    assert body("``` npm install\nnpm test\n```") == [
        node("codeBlock", text("npm install\nnpm test"))
    ]


@pytest.mark.parametrize(
    "typed",
    [
        r"C:\_temp\*.log",
        r"(see D:\[old]\#1)",
        r"\\files\team\_archive",
        r"“\\files\*x*”",
    ],
)
def test_a_path_of_windows_keeps_its_backslashes(typed: str) -> None:
    assert body(typed) == [paragraph(typed)]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        (r"C:\\_temp\\*.log", r"C:\_temp\*.log"),
        (r"\\\\files\team", r"\\files\team"),
        (r"\*not emphasis\*", "*not emphasis*"),
        (r"**C:\temp**", r"C:\temp"),
    ],
)
def test_what_is_escaped_is_read_as_markdown(typed: str, shown: str) -> None:
    assert words(typed) == shown
