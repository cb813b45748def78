"""One word, one thing: what docs/style.md §10 retires stands in no name of the code."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.source_files import ROOT, python_files

STYLE = (ROOT / "docs/style.md").read_text()
PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def retired_words() -> list[str]:
    """The words in code marks of the first column; of the others one meaning only is retired."""
    table = STYLE.partition("## 10. Retired synonyms")[2].partition("\n## ")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("|")]
    return [word for row in rows for word in re.findall(r"`(\w+)`", row)]


def names_of(path: Path) -> Iterator[str]:
    """The names that a module gives or uses, and its own."""
    yield path.stem
    for node in ast.walk(ast.parse(path.read_text())):
        for kind in ("name", "asname", "id", "attr", "arg"):
            if isinstance(name := getattr(node, kind, None), str):
                yield name


def parts_of(name: str) -> set[str]:
    """`next_wish`, `NEXT_WISH` and `NextWish` have the same."""
    return {part.lower() for part in PARTS.findall(name)}


def test_the_page_retires_some_words() -> None:
    assert {"wish", "meeting"} <= set(retired_words())


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("next_wish", {"next", "wish"}),
        ("NEXT_WISH", {"next", "wish"}),
        ("NextWish", {"next", "wish"}),
        ("wishes", {"wishes"}),
        ("ADFWish2", {"adf", "wish"}),
    ],
)
def test_a_name_has_the_same_words_however_it_is_written(name: str, parts: set[str]) -> None:
    assert parts_of(name) == parts


def test_a_retired_word_stands_in_no_name() -> None:
    retired = set(retired_words())
    found = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in python_files("app", "jobs", "demo", "serve", "bench")
        for name in names_of(path)
        if retired & parts_of(name)
    }

    assert found == set(), "docs/style.md §10 says what to call these"
