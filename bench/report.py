"""What was measured, as a table for people and as JSON for programs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from textwrap import fill
from typing import Any

from bench.line import Line, Row

Results = Mapping[Line, Sequence[Row]]
WIDTH = 100


def table(line: Line, rows: Sequence[Row], seconds: float, *, judged: bool) -> str:
    """The rows of one line, below how they were measured."""
    head = [
        f"{line.name}  ({seconds:.0f} s)",
        fill(line.how, WIDTH, initial_indent="  ", subsequent_indent="  "),
        fill(f"Simulated: {line.simulated}", WIDTH, initial_indent="  ", subsequent_indent="  "),
    ]
    return "\n".join([*head, *(_row(row, judged) for row in rows), ""])


def _row(row: Row, judged: bool) -> str:
    words = f"  {_judgement(row, judged):5} {row.what:52} {_figure(row.figure):>9} {row.unit}"
    if row.bound is not None:
        words += f"  ({'at least' if row.at_least else 'at most'} {_figure(row.bound)})"
    return f"{words}  {row.against}".rstrip()


def _judgement(row: Row, judged: bool) -> str:
    if row.bound is None or not judged:
        return "-"
    return "SHORT" if row.falls_short else "ok"


def _figure(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"


def write(path: Path, results: Results, machine: Mapping[str, Any]) -> None:
    """All of it as JSON, with what the machine was."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [
        {
            "line": line.name,
            "how": line.how,
            "simulated": line.simulated,
            "rows": [_json(row) for row in rows],
        }
        for line, rows in results.items()
    ]
    path.write_text(json.dumps({"machine": machine, "lines": lines}, indent=1) + "\n")


def _json(row: Row) -> dict[str, Any]:
    return {
        "what": row.what,
        "figure": row.figure,
        "unit": row.unit,
        "bound": row.bound,
        "bound_is": "at least" if row.at_least else "at most",
        "against": row.against,
        "falls_short": row.falls_short,
    }
