"""docs/asvs.md names each requirement that it speaks of once, and tests that there are."""

import re

from tests.support.installation import ROOT

PAGE = ROOT / "docs" / "asvs.md"
ROW = re.compile(r"^\| (\d+\.\d+\.\d+)(?: to (\d+\.\d+\.\d+))? \| ", re.MULTILINE)
TEST = re.compile(r"`([\w/]+\.py)::(\w+)`")
OTHERWISE = re.compile(r"\| (open: |none here|(design|operations)\.md)")
# How many requirements up to our level each section has.
SECTIONS = {
    "6.1": 3, "6.2": 12, "6.3": 4, "6.4": 4, "6.5": 5, "6.6": 3, "6.8": 4, "7.1": 3, "7.2": 4,
    "7.3": 2, "7.4": 5, "7.5": 2, "7.6": 2, "8.1": 2, "8.2": 3, "8.3": 1, "8.4": 1, "9.1": 3,
    "9.2": 4, "10.1": 2, "10.2": 3, "10.5": 5,
}  # fmt: skip


def numbers() -> list[str]:
    return [
        f"{first.rpartition('.')[0]}.{each}"
        for first, last in ROW.findall(PAGE.read_text())
        for each in range(_last(first), _last(last or first) + 1)
    ]


def _last(number: str) -> int:
    return int(number.rpartition(".")[2])


def test_each_requirement_stands_there_once() -> None:
    assert sorted(numbers()) == sorted(
        f"{section}.{each}" for section, count in SECTIONS.items() for each in range(1, count + 1)
    )


def test_each_says_by_what_it_is_shown() -> None:
    rows = [line for line in PAGE.read_text().splitlines() if ROW.match(line)]

    assert [row for row in rows if not (TEST.search(row) or OTHERWISE.search(row))] == []


def test_each_test_that_it_names_is_there() -> None:
    named = set(TEST.findall(PAGE.read_text()))

    assert len(named) > 30
    missing = [
        (path, name)
        for path, name in sorted(named)
        if f"def {name}(" not in (ROOT / "tests" / path).read_text()
    ]
    assert missing == []
