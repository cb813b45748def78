"""The simulator itself: it repeats exactly, its judge is independent, it tells what it finds."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.simulation import known, shrinking
from tests.simulation.__main__ import HASH_SEED
from tests.simulation.planted import FAULTS, planted
from tests.simulation.play import Outcome, play
from tests.simulation.script import (
    HOUR,
    PERIOD,
    WEATHERS,
    customers_of,
    script,
    weather_of,
)
from tests.simulation.subjects import SUBJECTS, subject_of

ROOT = Path(__file__).resolve().parents[2]
AUDITOR = sorted((ROOT / "tests/simulation/auditor").glob("*.py"))
A_PERIOD = PERIOD / HOUR
# What every run of some hours finds soon: nobody remembers that a create may have left.
SOON_FOUND, ITS_RULE = "no stamp", "one-issue"
WEATHERS_BEFORE = ["mixed", "mixed", "texts", "mixed", "farewells", "two pens"]


def a_life(seed: int) -> bytes:
    """The history of a seed, told by a process of its own."""
    tell = f"from tests.simulation.play import play; print(play({seed}, {A_PERIOD:g}).text)"
    return subprocess.run(  # noqa: S603
        [sys.executable, "-c", tell],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": HASH_SEED},
        stdout=subprocess.PIPE,
        check=True,
    ).stdout


def test_the_same_seed_twice_is_the_same_history_byte_for_byte() -> None:
    first, second = a_life(5), a_life(5)

    assert first.count(b"\n") > 50
    assert first == second


def test_another_seed_is_another_history() -> None:
    assert script(5, 24) == script(5, 24)
    assert script(5, 24) != script(6, 24)


def test_more_than_three_things_happen_in_an_hour_to_each_organization() -> None:
    for seed in range(1, 20):
        assert len(script(seed, 24)) / customers_of(seed) / 24 > 3


def test_each_weather_comes_and_two_organizations_do() -> None:
    seeds = range(1, 400)

    later = {name for each in SUBJECTS for name in each.weathers}
    assert {weather_of(seed) for seed in seeds} == {*WEATHERS, *later}
    assert {customers_of(seed) for seed in seeds} == {1, 2}


def test_a_subject_more_leaves_the_seeds_of_others_as_they_were() -> None:
    """The same weathers as before there were subjects, and no seed that two of them have."""
    seeds = [2, 3, 10, 6, 65, 138]

    assert [weather_of(seed) for seed in seeds] == WEATHERS_BEFORE
    assert [seed for seed in seeds if subject_of(seed)] == []
    shared = [seed for seed in range(200) if sum(each.has(seed) for each in SUBJECTS) > 1]
    assert shared == []


@pytest.mark.parametrize("path", AUDITOR, ids=lambda path: path.stem)
def test_the_auditor_knows_nothing_of_the_product(path: Path) -> None:
    imported = {
        name
        for node in ast.walk(ast.parse(path.read_text()))
        for name in (
            [alias.name for alias in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }

    assert [name for name in imported if name.split(".")[0] in {"app", "jobs"}] == []


@pytest.fixture(scope="module")
def failed() -> Outcome:
    """A run in which a planted fault showed."""
    with planted(SOON_FOUND):
        return next(each for each in map(lives, range(1, 20)) if ITS_RULE in rules(each))


def lives(seed: int) -> Outcome:
    return play(seed, A_PERIOD, known=known.RULES)


def rules(outcome: Outcome) -> set[str]:
    return {each.rule for each in outcome.broken}


def test_a_planted_fault_is_found_and_only_while_it_is_there(failed: Outcome) -> None:
    assert ITS_RULE in rules(failed)
    assert ITS_RULE not in rules(play(failed.seed, A_PERIOD, known=known.RULES))


def test_a_failing_seed_is_shrunk_to_few_events_and_told(failed: Outcome) -> None:
    with planted(SOON_FOUND):
        shortest = shrinking.shrink(failed, known.RULES)

    assert ITS_RULE in rules(shortest)
    assert len(shortest.events) <= 4
    assert f"broken: {ITS_RULE}" in shrinking.story(shortest)
    compile(shrinking.as_test(shortest, ITS_RULE), "pasted", "exec")


def test_there_is_a_planted_fault_for_each_of_twelve_promises() -> None:
    assert len({fault.promise for fault in FAULTS}) >= 12


def test_what_is_known_to_be_broken_still_is() -> None:
    """Strict: a rule that holds again has to leave the list, which may be empty."""
    held = [
        each.rule
        for each in known.KNOWN
        if each.rule not in rules(play(each.seed, each.hours, each.only, known=known.RULES))
    ]

    assert held == []
