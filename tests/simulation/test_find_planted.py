"""Which faults are looked for, and with which seeds first."""

import json
from itertools import islice
from pathlib import Path

import pytest
from sqlalchemy import TextClause, text

from app.models.prepared import prepared
from tests.simulation import find_planted
from tests.simulation.planted import FAULTS, planted
from tests.simulation.planted_fault import Fault
from tests.simulation.script import weather_of

ROOT = Path(__file__).resolve().parents[2]


def test_a_commit_chooses_three_faults_and_always_the_same() -> None:
    chosen = find_planted.chosen("5c237f8a9489")

    assert len({fault.name for fault in chosen}) == 3
    assert chosen == find_planted.chosen("5c237f8a9489")


def test_each_fault_is_chosen_by_some_commit() -> None:
    chosen = {fault.name for number in range(100) for fault in find_planted.chosen(str(number))}

    assert chosen == {fault.name for fault in FAULTS}


def test_the_search_begins_with_the_seed_that_showed_it_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "seeds.json"
    kept.write_text(json.dumps({"rare": 700}))
    monkeypatch.setattr(find_planted, "FIRST_SEEDS", kept)
    rare = Fault("rare", "a promise", lambda stack: None, "haste")

    first, *others = islice(find_planted._seeds(rare), 30)

    assert first == 700
    assert {weather_of(seed) for seed in others} == {"haste"}
    assert others == sorted(set(others))


def test_what_is_prepared_is_put_together_with_the_fault_and_without_it_again() -> None:
    built = []

    @prepared
    def asked() -> TextClause:
        built.append("anew")
        return text("SELECT 1")

    asked()
    with planted("no waits"):
        asked()
        asked()
    asked()

    assert len(built) == 3


def test_the_documentation_has_the_line_of_each_fault() -> None:
    lines = (ROOT / "docs/simulation.md").read_text().splitlines()
    seeds = json.loads(find_planted.FIRST_SEEDS.read_text())

    for fault in FAULTS:
        found = find_planted.Found(fault, seeds[fault.name], "RULE").row.split("`RULE`")
        line = next((each for each in lines if each.startswith(found[0])), "")
        assert line.endswith(found[1]), f"{fault.name}: {line}"
