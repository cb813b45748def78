"""`python -m bench`: measures, prints a table, writes JSON; 1 where a line falls short."""

import argparse
import logging
import os
import platform
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench import databases, lines, report
from bench.line import Line, Row, Run

ROOT = Path(__file__).resolve().parent.parent
RESULTS = ROOT / "instance" / "bench.json"


def main(arguments: list[str] | None = None) -> int:
    """Measure what is asked for. 0 if nothing falls short; short runs are not judged."""
    options = _options(arguments)
    try:
        chosen = lines.chosen(options.only, options.short)
    except lines.NoSuchLine as error:
        print(error, file=sys.stderr)
        return 2
    os.chdir(ROOT)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # ends what it started
    logging.disable(logging.INFO)  # migrations and libraries tell what they do
    print(_announcement(chosen, options.short), flush=True)
    results: dict[Line, list[Row]] = {}
    with _folder() as folder, databases.server(folder) as postgresql:
        for line in chosen:
            own = folder / line.name
            own.mkdir()
            began = time.monotonic()
            results[line] = line.measure(Run(own, postgresql, options.short))
            seconds = time.monotonic() - began
            print(report.table(line, results[line], seconds, judged=not options.short), flush=True)
    report.write(options.json, results, _machine(options.short))
    return 0 if options.short else _judge(results)


@contextmanager
def _folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        yield Path(folder)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", default=os.environ.get("ONLY", ""), help="names, with commas")
    parser.add_argument("--short", action="store_true", help="small sizes, and no verdict")
    parser.add_argument("--json", type=Path, default=RESULTS, help="where the figures go")
    return parser.parse_args(arguments)


def _announcement(chosen: lines.Chosen, short: bool) -> str:
    names = ", ".join(line.name for line in chosen)
    if short:
        return f"The short form of {names}: four minutes at most, and no verdict.\n"
    minutes = sum(line.minutes for line in chosen)
    return (
        f"Measuring {names}. This takes about {minutes:.0f} minutes of a machine that has nothing "
        "else to do.\n"
    )


def _machine(short: bool) -> dict[str, Any]:
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "short": short,
        "load": os.getloadavg()[0],
    }


def _judge(results: dict[Line, list[Row]]) -> int:
    short = [f"{line.name}: {row.what}" for line, rows in results.items() for row in rows
             if row.falls_short]  # fmt: skip
    if not short:
        print("Every line reaches what it must.")
        return 0
    print("These fall short:", *short, sep="\n  ")
    return 1


if __name__ == "__main__":
    sys.exit(main())
