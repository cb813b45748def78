"""What the indexes that pages and searches stand on cost whoever writes."""

from statistics import median

from sqlalchemy import Engine, create_engine

from app.models.few_rows import FEW_ROWS_INDEXES
from bench import databases
from bench.databases import KINDS
from bench.fill import NAMES, fill, found, write_more
from bench.line import Line, Row, Run

ITEMS, SHORT_ITEMS = 100_000, 1_000
ROUNDS, SHORT_ROUNDS = 40, 2
WRITTEN = 50  # action items in a transaction

# What keeps searched text, by kind and name.
SEARCH = {
    "sqlite": (
        "SELECT 'TRIGGER' AS kind, name FROM sqlite_master"  # noqa: S608
        f" WHERE type = 'trigger' AND tbl_name IN ({NAMES}) AND sql LIKE '%!_text%' ESCAPE '!'"
    ),
    "postgresql": (
        "SELECT 'INDEX' AS kind, indexname AS name FROM pg_indexes WHERE indexname LIKE '%trigrams'"
    ),
}


def measure(run: Run) -> list[Row]:
    return [row for kind in KINDS for row in _rows(run, kind)]


def _rows(run: Run, kind: str) -> list[Row]:
    items, rounds = (SHORT_ITEMS, SHORT_ROUNDS) if run.short else (ITEMS, ROUNDS)
    whole = databases.migrated(kind, run.postgresql, run.folder)
    _fill(whole, items)
    unsearched, bare = (databases.copied(whole, run.postgresql, run.folder) for _ in range(2))
    engines = [create_engine(url) for url in (whole, unsearched, bare)]
    for engine in engines[1:]:
        _drop(engine, _listed(engine, SEARCH[kind]))
    _drop(engines[2], [("INDEX", name) for name in FEW_ROWS_INDEXES])
    with_all, without_search, without_both = _in_turn(engines, rounds)
    for engine in engines:
        engine.dispose()
    return [
        Row(f"a write, {kind}", with_all, "ms",
            against=f"{with_all / without_both:.2f} times that without"),
        Row(f"a write without the index of searches, {kind}", without_search, "ms"),
        Row(f"a write without those of pages, too, {kind}", without_both, "ms"),
    ]  # fmt: skip


def _fill(url: str, items: int) -> None:
    engine = create_engine(url)
    fill(engine, items)
    engine.dispose()  # the last connection takes what lies beside SQLite's file into it


def _listed(engine: Engine, which: str) -> list[tuple[str, str]]:
    with engine.connect() as connection:
        return [(kind, name) for kind, name in connection.exec_driver_sql(which)]


def _drop(engine: Engine, which: list[tuple[str, str]]) -> None:
    with engine.connect() as connection:
        for kind, name in which:
            connection.exec_driver_sql(f"DROP {kind} {name}")
        connection.commit()


def _in_turn(engines: list[Engine], rounds: int) -> list[float]:
    """The median of milliseconds that an action item takes in each."""
    places = [found(engine, rounds, teams=1) for engine in engines]
    took: list[list[float]] = [[] for _ in engines]
    for number in range(rounds):
        for engine, of_engine, seconds in zip(engines, places, took, strict=True):
            seconds.append(write_more(engine, of_engine[number], WRITTEN) / WRITTEN * 1000)
    return [median(each) for each in took]


LINE = Line(
    name="writes",
    how=(
        f"Beside {ITEMS:,} action items, {WRITTEN} more with their links, log entries and tries "
        f"in one transaction, {ROUNDS} times: milliseconds for each, medians. In turn in three "
        "copies of a database: as it is, without the indexes and triggers of searches, and "
        "without the indexes that were made for pages, either."
    ),
    simulated="Rows are written past the models. Nobody else writes, and nothing is read.",
    minutes=1.5,
    measure=measure,
)
