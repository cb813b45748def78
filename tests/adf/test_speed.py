"""A text made to hurt costs little: 100 kB of any sign is read in less than a breath."""

import gc
from collections.abc import Callable
from time import process_time

import pytest

from app.jira import adf
from app.markdown import render_html

SIZE = 100_000
HALF = SIZE // 2
DELIMITERS = {
    "stars": "x" + "*" * SIZE,
    "stars around": "*" * HALF + "a" + "*" * HALF,
    "underscores around": "_" * HALF + "a" + "_" * HALF,
    "openers, then closers": "*a " * (HALF // 3) + "a* " * (HALF // 3),
    "bold within bold": "**a " * (HALF // 4) + "a** " * (HALF // 4),
    "a star a letter": "*a" * HALF,
    "struck": "~~a" * (SIZE // 3),
    "two kinds": "*_" * HALF,
    "runs of all lengths": " ".join("*" * length + "a" for length in range(1, 440)),
    "backticks": "`a" * HALF,
    "brackets": "[" * SIZE,
    "images": "![" * HALF,
    "brackets around": "[" * HALF + "a" + "]" * HALF,
    "colons": ":" * SIZE,
    "addresses begun": "http:" * (SIZE // 5),
    "addresses": "https://a.b " * (SIZE // 120),
    "mail begun": "a@" * HALF,
    "parentheses": "https://a.b/" + ")" * SIZE,
    "comments begun": "<!-- " * (SIZE // 5),
    "tags": "<b>" * (SIZE // 3),
    "keys": "PROJ-" * (SIZE // 5),
}


def seconds(work: Callable[[str], object], markdown: str) -> float:
    """The least of three, because others use the machine, too.

    Without the garbage collector: it goes through all that other tests have left, too.
    """
    gc.disable()
    try:
        return min(_seconds(work, markdown) for _ in range(3))
    finally:
        gc.enable()


def _seconds(work: Callable[[str], object], markdown: str) -> float:
    began = process_time()
    work(markdown)
    return process_time() - began


@pytest.mark.parametrize("markdown", DELIMITERS.values(), ids=DELIMITERS.keys())
def test_signs_cost_little(markdown: str) -> None:
    assert seconds(adf.document, markdown) < 0.3
    assert seconds(render_html, markdown) < 0.3


LINES = {
    "comments begun": "<!--\n",
    "comments begun in a quote": "> <!--\n",
    "details begun": "<details>\n",
    "details in details": "<details>\n\na\n\n",
    "definitions": "[a]: https://a.b\n",
    "front matter": "a: b\n",
    "long rows": "|a|b|c|\n",
    "tasks": "- [ ] a\n  - b\n",
}


@pytest.mark.parametrize("line", LINES.values(), ids=LINES.keys())
def test_four_times_the_text_takes_not_sixteen_times_as_long(line: str) -> None:
    def markdown(size: int) -> str:
        return "---\n|a|\n|-|\n" + line * (size // len(line)) + "\n-->"

    less, more = (seconds(adf.document, markdown(size)) for size in (16_000, 64_000))
    assert more < 8 * max(less, 0.02)
