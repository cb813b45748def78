"""Which line breaks stay: those that somebody made, not those of a wrapped paragraph."""

import pytest

from app.markdown import render_html
from tests.adf.nodes import BREAK, body, paragraph, text
from tests.adf.reading import words_of_html

PROSE = "We agreed to look at the deployment once more, because it has\ntaken too long twice."


@pytest.mark.parametrize(
    "markdown",
    [
        "Owner: Jane\nDue: Friday",
        "To do:\n• rotate the key\n• tell Mia\n• close the ticket",
        "Name\tOwner\nBuild\tMia",
        "Steps:\n2. look at what the deployment does in its first five minutes\n3. b",
        "a long cell that somebody pasted from a sheet together with its neighbour\tMia\nb\tTom",
    ],
)
def test_lines_that_were_ended_on_purpose_stay_apart(markdown: str) -> None:
    first, *others = markdown.split("\n")
    expected = [text(first)]
    for line in others:
        expected += [BREAK, text(line)]

    assert body(markdown) == [paragraph(*expected)]
    assert render_html(markdown).count("<br>") == len(others)


def test_wrapped_prose_stays_one_paragraph() -> None:
    assert body(PROSE) == [paragraph(PROSE.replace("\n", " "))]
    assert "<br>" not in render_html(PROSE)


def test_two_spaces_or_a_backslash_break_any_line() -> None:
    lines = PROSE.split("\n")
    broken = [paragraph(lines[0], BREAK, lines[1])]

    assert body(PROSE.replace("\n", "  \n")) == broken
    assert body(PROSE.replace("\n", "\\\n")) == broken


def test_breaks_stay_in_quotes_lists_and_headings() -> None:
    for opening in ("> {}\n> {}", "- {}\n  {}", "{}\n{}\n==="):
        markdown = opening.format("Owner: Jane", "Due: Friday")
        assert "hardBreak" in str(body(markdown))
        assert words_of_html(render_html(markdown)) == ["Owner:", "Jane", "Due:", "Friday"]
