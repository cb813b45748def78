r"""Small texts that real people wrote and that once lost words, links or lines, each as a whole.

A document is written as one line: `kind(…)`, a text as it is, a link as `words<address>`.
"""

import pytest
from jsonschema import Draft4Validator

from app.jira import adf
from app.markdown import render_html
from tests.adf.reading import words_of, words_of_html

WHOLE = [
    (
        "names and a definition that nothing refers to",
        "[Mia]: done\n[Tom]: later\n\n[Runbook]: https://wiki.example.com/runbook\n\nEnd\n",
        "p([Mia]: done ⏎ [Tom]: later) "
        "p([Runbook]: https://wiki.example.com/runbook<https://wiki.example.com/runbook>) p(End)",
    ),
    (
        "a cell beyond the header",
        "| Step | Who |\n|---|---|\n| Rotate the key | Mia | by Friday |\n",
        "table(tableRow(tableHeader(p(Step)) tableHeader(p(Who)) tableHeader(p())) "
        "tableRow(tableCell(p(Rotate the key)) tableCell(p(Mia)) tableCell(p(by Friday))))",
    ),
    (
        "addresses that may not be followed",
        "[doc](www.example.com/x) [Runbook](/wiki/runbook) [Share](file:///S:/ops/plan.docx) "
        "[Chat](msteams:/l/chat/1) [x](“https://e.org”)\n![](data:image/png;base64,AAAA)\n",
        "p(doc (www.example.com/x<http://www.example.com/x>) Runbook (/wiki/runbook) "
        "Share (file:///S:/ops/plan.docx) Chat (msteams:/l/chat/1) x (“https://e.org”) "
        "data:image/png;base64,AAAA)",
    ),
    (
        "bare addresses",
        "See https://github.com/acme/app/blob/main/app/__init__.py\n"
        "and https://x.org/?a=1&copy;b\nand www.example.org/start, or mail mia@example.org.\n",
        "p(See https://github.com/acme/app/blob/main/app/__init__.py"
        "<https://github.com/acme/app/blob/main/app/__init__.py> and "
        "https://x.org/?a=1&copy;b<https://x.org/?a=1&copy;b> ⏎ and "
        "www.example.org/start<http://www.example.org/start>, or mail "
        "mia@example.org<mailto:mia@example.org>.)",
    ),
    ("rows of a sheet", "Name\tOwner\nBuild\tMia\n", "p(Name\tOwner ⏎ Build\tMia)"),
    (
        "items of a mail",
        "To do:\n• rotate the key\n• tell Mia\n• close the ticket\n",
        "p(To do: ⏎ • rotate the key ⏎ • tell Mia ⏎ • close the ticket)",
    ),
    (
        "breaks in cells",
        "| Step | Who |\n|---|---|\n| one<br>two | Mia<br/>Tom |\n",
        "table(tableRow(tableHeader(p(Step)) tableHeader(p(Who))) "
        "tableRow(tableCell(p(one ⏎ two)) tableCell(p(Mia ⏎ Tom))))",
    ),
    # Four backslashes are the two of a share, as Markdown has it.
    (
        "paths of Windows",
        "C:\\_temp\\*.log and \\\\\\\\files\\team\n",
        "p(C:\\_temp\\*.log and \\\\files\\team)",
    ),
    ("short lines", "Owner: Jane\nDue: Friday", "p(Owner: Jane ⏎ Due: Friday)"),
    (
        "a box in a list",
        "- group\n  - [ ] a",
        "bulletList(listItem(p(group) taskList(taskItem(a))))",
    ),
    (
        "an item under a task",
        "- [ ] t\n  - sub\n- [ ] n",
        "taskList(taskItem(t ⏎ • sub) taskItem(n))",
    ),
    (
        "a comment before a list",
        "<!-- steps -->\n1. a\n2. b",
        "orderedList(listItem(p(a)) listItem(p(b)))",
    ),
    (
        "what unfolds",
        "<details><summary>More</summary>\n\ntext\n\n</details>",
        "expand«More»(p(text))",
    ),
    ("a note", "> [!NOTE]\n> text", "panel«note»(p(text))"),
    ("front matter", "---\ntitle: x\n---\ntext", "p(text)"),
    ("a file of the project", "[docs](docs/x.md)", "p(docs (docs/x.md))"),
    ("a number to call", "[call](tel:+49123)", "p(call<tel:+49123>)"),
]


def written(node: adf.Node) -> str:
    if node["type"] == "text":
        links = [mark["attrs"]["href"] for mark in node.get("marks", []) if mark["type"] == "link"]
        return str(node["text"]) + "".join(f"<{href}>" for href in links)
    if node["type"] == "hardBreak":
        return " ⏎ "
    blocks = node["type"] not in {"paragraph", "taskItem"}
    inside = (" " if blocks else "").join(map(written, node.get("content", [])))
    attributes = node.get("attrs", {})
    name = attributes.get("title") or attributes.get("panelType")
    kind = {"paragraph": "p"}.get(node["type"], node["type"]) + (f"«{name}»" if name else "")
    return inside if node["type"] == "doc" else f"{kind}({inside})"


@pytest.mark.parametrize(("_name", "source", "document"), WHOLE, ids=[each[0] for each in WHOLE])
def test_a_small_text_becomes_what_its_writer_meant(
    _name: str, source: str, document: str, adf_schema: Draft4Validator
) -> None:
    made = adf.document(source)

    assert written(made) == document
    assert list(adf_schema.iter_errors(made)) == []
    assert words_of_html(render_html(source)) == words_of(adf.text_of(made))
