"""An action item's title as an issue's summary."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.jira.adf import summary
from tests.adf.shapes import characters, thoroughly


@given(title=characters | st.builds(str.__mul__, characters, st.integers(2, 40)))
@thoroughly
def test_any_title_is_one_line_that_jira_takes(title: str) -> None:
    line = summary(title)

    assert line.strip() == line != ""
    assert len(line.splitlines()) == 1
    assert len(line.encode("utf-16-le")) <= 2 * 255


@pytest.mark.parametrize(
    ("title", "line"),
    [
        ("Write the on-call rota", "Write the on-call rota"),
        ("  two\nlines\tand \u00a0 spaces ", "two lines and spaces"),
        ("a\x00b\x1b[31m \ud800", "ab[31m \ufffd"),
        ("x" * 255, "x" * 255),
        ("x" * 256, "x" * 254 + "…"),
        ("word " * 60, "word " * 50 + "word…"),
        ("y" * 254 + " end", "y" * 254 + "…"),
        ("😀" * 200, "😀" * 127 + "…"),
        (" \n", "Action item"),
        ("Fix\vbuild\ftoday", "Fix build today"),
        ("Fix\u2028build\u2029now", "Fix build now"),
        ("\u200b\u2060 \ufeff", "Action item"),
        ("\u3164\u2800", "Action item"),
        ("👩\u200d💻 at work", "👩\u200d💻 at work"),
    ],
)
def test_a_title_is_folded_and_cut_at_a_word(title: str, line: str) -> None:
    assert summary(title) == line
