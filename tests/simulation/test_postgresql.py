"""On PostgreSQL, too, the same seed is the same history, whatever was there before it."""

import os
import subprocess
import sys

from tests.simulation.__main__ import HASH_SEED
from tests.simulation.engine import ROOT
from tests.support.requirements import need_postgresql

TELL = """
from tests.simulation.installation import built
from tests.simulation.play import play
first, _, again = play(5, 6.0), play(6, 6.0), play(5, 6.0)
assert "postgresql" in built().database.url
[row] = built().database.rows("SELECT CAST('{\\"a\\": 1}' AS json) AS notes")
assert row["notes"] == '{"a": 1}', row  # the judge reads text, as on SQLite
assert play(1195126647, 6.0).broken == []  # the judge looks once a commit is done, not before
print(first.text == again.text, first.requests)
"""


def test_the_same_seed_twice_is_the_same_history_on_postgresql() -> None:
    need_postgresql()
    environment = {"PYTHONHASHSEED": HASH_SEED, "SIMULATION_DATABASE": "postgresql"}

    done = subprocess.run(
        [sys.executable, "-c", TELL],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )

    same, requests = done.stdout.split()
    assert same == "True"
    assert int(requests) > 20
