"""What the bench says of its figures."""

import json
from pathlib import Path

import pytest

from bench import __main__ as bench
from bench import lines, report
from bench.line import Line, Row


def line(*rows: Row) -> Line:
    return Line("example", "It is counted.", "nothing", 1, lambda _: list(rows))


@pytest.mark.parametrize(
    ("row", "short"),
    [
        (Row("within", 1.0, "s", 1.0), False),
        (Row("too slow", 1.1, "s", 1.0), True),
        (Row("fast enough", 7.0, "a second", 6.0, at_least=True), False),
        (Row("too few", 5.9, "a second", 6.0, at_least=True), True),
        (Row("only printed", 99.0, "s"), False),
    ],
)
def test_a_row_falls_short_of_its_bound_alone(row: Row, short: bool) -> None:
    assert row.falls_short is short


def test_the_table_says_how_it_was_measured_and_what_falls_short() -> None:
    rows = [Row("too slow", 1.1, "s", 1.0, against="floor 0.5 s"), Row("good", 0.5, "s", 1.0)]
    told = report.table(line(), rows, 3.0, judged=True)

    assert "It is counted." in told
    assert "Simulated: nothing" in told
    assert [each.split()[0] for each in told.splitlines()[-2:]] == ["SHORT", "ok"]


def test_nobody_judges_a_short_run() -> None:
    told = report.table(line(), [Row("too slow", 1.1, "s", 1.0)], 3.0, judged=False)

    assert told.splitlines()[-1].split()[0] == "-"


def test_a_program_reads_the_same_figures(tmp_path: Path) -> None:
    row = Row("too slow", 1.1, "s", 1.0)
    report.write(tmp_path / "new" / "bench.json", {line(): [row]}, {"cores": 2})

    read = json.loads((tmp_path / "new" / "bench.json").read_text())
    assert read["machine"] == {"cores": 2}
    assert read["lines"][0]["rows"][0]["figure"] == 1.1
    assert read["lines"][0]["rows"][0]["falls_short"] is True


def test_every_line_says_how_it_is_measured_and_how_long_it_takes() -> None:
    for each in lines.chosen("", short=False):
        assert each.how.endswith(".")
        assert each.simulated
        assert 0 < each.minutes <= 30


def test_what_is_no_line_ends_with_the_names_of_those_that_there_are(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert bench.main(["--only", "commit,weather"]) == 2
    assert "No line is called weather" in capsys.readouterr().err
