"""How long pages take with 10³ to 10⁶ action items, and how many statements they ask.

`python -m bench.pages [--short] [--sizes 1000,1000000] [--databases sqlite,postgresql]`
"""

import argparse
import gc
import json
import logging
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event

from app import create_app
from app.extensions import db
from bench import databases, environment
from bench.counted import count_months
from bench.fill import ADMIN, MEMBER, fill
from bench.founding import PASSWORD
from bench.line import Line, Row, Run
from bench.years import RARE

SIZES, SHORT_SIZES = (1_000, 10_000, 100_000, 1_000_000), (1_000, 10_000)
ROUNDS, SHORT_ROUNDS = 30, 4
SETTINGS = "/organizations/{slug}/settings/integrations/jira"
PAGES: dict[str, str] = {
    "home": "/organizations/{slug}",
    "settings": SETTINGS,
    "sync log": f"{SETTINGS}/sync-log",
    "sync log, failed": f"{SETTINGS}/sync-log?shown=failed",
    "action items": "/organizations/{slug}/action-items",
    "action items, complete": "/organizations/{slug}/action-items?state=complete",
    "follow-through": "/organizations/{slug}/follow-through",
    "follow-through of a team": "/organizations/{slug}/follow-through?team={team}",
    "panel of 50": "/retrospectives/{retrospective}/panel",
    "home of a member": "/organizations/{slug}",
    "action items of a member": "/organizations/{slug}/action-items",
}
SEARCHES: dict[str, str] = {
    "search, a rare word": "/organizations/{slug}/action-items?state=all&text=" + RARE,
    "search, a word of many": "/organizations/{slug}/action-items?text=pipeline",
    "search, a key": "/organizations/{slug}/action-items?state=all&text=PLAT-123",
    "search, two letters": "/organizations/{slug}/action-items?text=Ha",
    "log, a word of many": f"{SETTINGS}/sync-log?text=pipeline",
    "log, a rare word": f"{SETTINGS}/sync-log?text={RARE}",
}
ALLOWED_FACTOR, ALLOWED_MS, SEARCH_MS = 1.3, 15.0, 300.0


@dataclass(frozen=True)
class Case:
    """So many items in so many organizations, within so many days."""

    items: int
    organizations: int = 1
    days: int = 5 * 365

    @property
    def words(self) -> str:
        more = f" in {self.organizations:,}" if self.organizations > 1 else ""
        return f"{self.items:,}{more}" + (f" in {self.days} days" if self.days < 1000 else "")


@dataclass(frozen=True)
class Measured:
    """Milliseconds of a page, and the statements it asked; `bound` is what p95 keeps to."""

    database: str
    case: str
    page: str
    p50: float
    p95: float
    statements: int
    bound: float | None = None

    @property
    def falls_short(self) -> bool:
        return self.bound is not None and self.p95 > self.bound


def cases(short: bool, sizes: Sequence[int] | None) -> list[Case]:
    """What is measured; the first is what the others are held against."""
    chosen = [Case(each) for each in sizes or (SHORT_SIZES if short else SIZES)]
    if sizes or short:
        return chosen
    return [*chosen, Case(1_000_000, organizations=1_000), Case(100_000, days=14)]


def measure(
    urls: Callable[[str], str], databases: Sequence[str], chosen: Sequence[Case], rounds: int
) -> Iterator[Measured]:
    """Each page in each case. `urls` gives the URL of a migrated database without rows."""
    for kind in databases:
        base: dict[str, Measured] = {}
        for case in chosen:
            for found in _of_case(kind, case, urls(kind), rounds):
                base.setdefault(found.page, found)
                yield _bounded(found, base[found.page])


def _bounded(found: Measured, base: Measured) -> Measured:
    if found.page in SEARCHES:
        return Measured(**{**asdict(found), "bound": SEARCH_MS})
    if found.case == base.case:
        return found
    bound = max(base.p95 * ALLOWED_FACTOR, base.p95 + ALLOWED_MS)
    return Measured(**{**asdict(found), "bound": bound})


def _of_case(kind: str, case: Case, url: str, rounds: int) -> Iterator[Measured]:
    app = create_app(
        environment.settings(DATABASE_URL=url, REDIS_URL="redis://localhost:1", UNPACK_DEMO="1")
    )
    app.logger.setLevel(logging.ERROR)
    with app.app_context():
        began = time.monotonic()
        filled = fill(db.engine, case.items, organizations=case.organizations, days=case.days)
        count_months(filled.slug)
        print(f"{kind}: {case.words} filled in {time.monotonic() - began:.0f} s", file=sys.stderr)
    admin, member = signed_in(app, ADMIN), signed_in(app, MEMBER)
    for page, address in {**PAGES, **SEARCHES}.items():
        client = member if "member" in page else admin
        path = address.format(
            slug=filled.slug, team=filled.team_id, retrospective=filled.retrospective_id
        )
        yield _page(app, client, path, Measured(kind, case.words, page, 0, 0, 0), rounds)
    with app.app_context():
        db.engine.dispose()


def _page(app: Flask, client: FlaskClient, path: str, named: Measured, rounds: int) -> Measured:
    asked: list[str] = []
    with app.app_context():
        engine = db.engine

    def hear(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    gc.collect()
    gc.freeze()  # as a web process leaves out what it keeps
    took = []
    for number in range(rounds + 2):  # the first two fill caches
        began = time.perf_counter()
        answer = client.get(path)
        seconds = time.perf_counter() - began
        assert answer.status_code == 200, f"{path} answered {answer.status_code}"
        if number >= 2:
            took.append(seconds * 1000)
    event.listen(engine, "before_cursor_execute", hear)
    client.get(path)
    event.remove(engine, "before_cursor_execute", hear)
    p95 = quantiles(took, n=20)[-1]
    return Measured(
        named.database, named.case, named.page, round(median(took), 1), round(p95, 1), len(asked)
    )


def signed_in(app: Flask, email: str) -> FlaskClient:
    """The browser of somebody whom `fill` has made."""
    client = app.test_client()
    shown = client.get("/sign-in").get_data(as_text=True)
    found = re.search(r'name="csrf_token"[^>]* value="([^"]*)"', shown)
    assert found, "the sign-in page has a form"
    form = {"email": email, "password": PASSWORD, "csrf_token": found[1]}
    answer = client.post("/sign-in", data=form, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303, f"{email} could not sign in"
    return client


def table(found: Sequence[Measured]) -> str:
    """The figures side by side: a row for a page, a column for a case."""
    lines = []
    for kind in dict.fromkeys(each.database for each in found):
        of_kind = [each for each in found if each.database == kind]
        columns = list(dict.fromkeys(each.case for each in of_kind))
        lines.append(f"\n{kind}: p50 / p95 in ms (statements)")
        lines.append(" " * 26 + "".join(f"{each:>26}" for each in columns))
        for page in dict.fromkeys(each.page for each in of_kind):
            cells = [_cell(each) for each in of_kind if each.page == page]
            lines.append(f"{page:26}" + "".join(f"{cell:>26}" for cell in cells))
    return "\n".join(lines)


def _cell(each: Measured) -> str:
    short = " SHORT" if each.falls_short else ""
    return f"{each.p50:.0f} / {each.p95:.0f} ({each.statements}){short}"


def rows_of(run: Run) -> list[Row]:
    """As a line of `make bench`: the 95th percentile of each page in each case."""
    chosen = cases(run.short, None)
    kinds = databases.KINDS[:1] if run.short else databases.KINDS
    rounds = SHORT_ROUNDS if run.short else ROUNDS

    def url(kind: str) -> str:
        return databases.migrated(kind, run.postgresql, run.folder)

    found = list(measure(url, kinds, chosen, rounds))
    return [
        Row(
            f"{each.page}, {each.case}, {each.database}",
            each.p95,
            "ms",
            bound=each.bound,
            against=f"p50 {each.p50:.0f} ms, {each.statements} statements",
        )
        for each in found
    ]


LINE = Line(
    name="pages",
    how=(
        "Home, settings, Sync Log, lists, follow-through, a panel of 50, searches with 10³ to 10⁶ "
        "action items of five years in one organization, 10⁶ in 1,000 organizations and 10⁵ of 14 "
        "days: the same page again and again, the 95th percentile against that of 10³ items."
    ),
    simulated="No HTTP: the app is called in the process. One person. Rows are written in bulk.",
    minutes=25,
    measure=rows_of,
)


def main() -> int:
    """Print the table, write the JSON; 1 where a page falls short. A short run is not judged."""
    parser = argparse.ArgumentParser(prog="python -m bench.pages", description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("--sizes", default="")
    parser.add_argument("--databases", default=",".join(databases.KINDS))
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--json", type=Path, default=Path("instance/bench-pages.json"))
    asked = parser.parse_args()
    sizes = [int(each) for each in asked.sizes.split(",") if each]
    kinds = asked.databases.split(",")
    rounds = asked.rounds or (SHORT_ROUNDS if asked.short else ROUNDS)
    logging.disable(logging.INFO)
    with tempfile.TemporaryDirectory(prefix="bench-pages-") as name:
        folder = Path(name) / "own"
        folder.mkdir()
        with databases.server(Path(name)) as address:

            def url(kind: str) -> str:
                return databases.migrated(kind, address, folder)

            found = list(measure(url, kinds, cases(asked.short, sizes), rounds))
    print(table(found))
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps([asdict(each) for each in found], indent=1) + "\n")
    return 0 if asked.short else int(any(each.falls_short for each in found))


if __name__ == "__main__":
    sys.exit(main())
