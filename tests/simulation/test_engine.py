"""The list of the engine's files is complete: what a run runs stands on it."""

import cProfile
import pstats
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from tests.simulation import engine, installation, known
from tests.simulation.play import play
from tests.simulation.script import HOUR, PERIOD, weather_of
from tests.simulation.subjects import SUBJECTS

FOLDERS = tuple(f"{engine.ROOT}/{name}/" for name in ("app", "jobs", "demo", "tests/simulation"))
# Asks for the run.
BESIDE = {"tests/simulation/test_engine.py"}


def files_that_run(work: Callable[[], object]) -> set[str]:
    """The files of ours whose functions are called meanwhile."""
    profile = cProfile.Profile()
    profile.runcall(work)
    called = {name for name, _, _ in pstats.Stats(profile).stats}  # type: ignore[attr-defined]
    return {name.removeprefix(f"{engine.ROOT}/") for name in called if name.startswith(FOLDERS)}


@pytest.mark.parametrize("weather", ["mixed", *(w for each in SUBJECTS for w in each.weathers)])
def test_what_a_run_runs_is_on_the_list(weather: str) -> None:
    installation.built()
    seed = next(each for each in count(1) if weather_of(each) == weather)

    called = files_that_run(lambda: play(seed, PERIOD / HOUR, known=known.RULES))

    assert len(called) > 100
    assert called - engine.files() - engine.excused() - BESIDE == set()


@pytest.mark.parametrize("pattern", [*engine.MAKES_HISTORIES, *engine.MAKES_NONE])
def test_every_pattern_of_the_list_is_of_some_file(pattern: str) -> None:
    assert next(engine.ROOT.glob(pattern), None) is not None


def test_a_file_that_changed_comes_or_goes_or_a_library_makes_another_engine(
    tmp_path: Path,
) -> None:
    prints = []
    for names, text in ((["a.py"], "1"), (["a.py"], "2"), (["a.py", "b.py"], "2"), (["b.py"], "2")):
        for name in names:
            (tmp_path / name).write_text(text)
        prints.append(engine.fingerprint_of(tmp_path, names))

    prints.append(engine.fingerprint_of(tmp_path, names, ["flask 3"]))
    prints.append(engine.fingerprint_of(tmp_path, names, ["flask 4"]))

    assert len(set(prints)) == 6
