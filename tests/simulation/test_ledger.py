"""The ledger counts what the engine as it is was lived through by, whoever notes it."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.simulation import engine, ledger
from tests.simulation.ledger import Kind, Ledger, Range

KIND = Kind(engine.fingerprint(), "abc", "sqlite", 24.0)
NOTING = """
import sys
from pathlib import Path
from tests.simulation.ledger import Kind, Ledger, Range
book, kind = Ledger(Path(sys.argv[1])), Kind("e", "abc", "sqlite", 24.0)
for _ in range(40):
    seed = book.claim(kind)
    book.add(Range(kind, seed, seed, seconds=1.0))
"""


@pytest.fixture
def book(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger.json")


def live(book: Ledger, seeds: range, kind: Kind = KIND) -> None:
    for seed in seeds:
        book.add(Range(kind, seed, seed, (seed,) if seed == 2 else (), 1.5, 80, 100))


def spans(book: Ledger) -> list[tuple[str, int, int]]:
    return [(each.kind.commit, each.first, each.last) for each in book.ranges()]


def test_seeds_of_one_commit_are_one_range(book: Ledger) -> None:
    live(book, range(1, 4))
    live(book, range(4, 5), replace(KIND, commit="def"))

    assert spans(book) == [("abc", 1, 3), ("def", 4, 4)]
    assert "seeds 1-3: 3 x 24 h, 16.0 h/s, 3.3 events/h, found in [2]" in ledger.listed(
        book.ranges()
    )


def test_a_seed_that_is_lived_through_again_is_noted_once(book: Ledger) -> None:
    live(book, range(1, 4))
    live(book, range(2, 3))

    assert [(each.first, each.last, each.seconds) for each in book.ranges()] == [(1, 3, 4.5)]


def test_it_goes_on_at_another_commit_of_the_same_engine(book: Ledger) -> None:
    live(book, range(1, 4))

    assert book.claim(replace(KIND, commit="def")) == 4


def test_another_engine_has_to_live_through_seeds_of_its_own(book: Ledger) -> None:
    live(book, range(1, 4), replace(KIND, engine="before"))
    live(book, range(4, 6))

    assert book.claim(KIND) == 6
    assert "in all         2 of 10000" in ledger.owed(book.ranges(), "abc")


def test_a_gap_that_a_killed_process_left_is_filled(book: Ledger) -> None:
    live(book, range(1, 3))
    live(book, range(4, 6))

    assert book.claim(KIND) == 3


def test_shorter_runs_and_other_databases_are_seeds_of_their_own(book: Ledger) -> None:
    live(book, range(1, 4))
    live(book, range(1, 6), replace(KIND, hours=6.0))
    live(book, range(1, 3), replace(KIND, database="postgresql"))
    said = ledger.owed(book.ranges(), "abc")

    assert book.claim(replace(KIND, hours=6.0)) == 6
    assert "in all         3 of 10000" in said
    assert "on PostgreSQL  2 of 200" in said


def test_what_is_owed_at_the_commit_counts_that_commit_alone(book: Ledger) -> None:
    live(book, range(1, 4))
    live(book, range(4, 6), replace(KIND, commit="def"))
    said = ledger.owed(book.ranges(), "def")

    assert "in all         5 of 10000" in said
    assert "at this commit 2 of 2000" in said
    assert "found in       2" in said


def test_seeds_chosen_freely_do_not_move_where_it_goes_on(book: Ledger) -> None:
    live(book, range(ledger.CHOSEN_FREELY, ledger.CHOSEN_FREELY + 2))

    assert book.claim(KIND) == 1


def test_two_processes_at_once_share_the_seeds_and_lose_none(book: Ledger) -> None:
    command = [sys.executable, "-c", NOTING, str(book.path)]
    both = [subprocess.Popen(command, cwd=engine.ROOT) for _ in range(2)]

    assert [each.wait() for each in both] == [0, 0]
    assert [(each.first, each.last, each.seconds) for each in book.ranges()] == [(1, 80, 80.0)]


def test_the_ledger_of_the_project_can_be_read() -> None:
    noted = Ledger(engine.ROOT / ledger.FILE).ranges()

    assert (engine.ROOT / ledger.FILE).exists()
    assert noted == ledger.merged(noted)
