"""`python -m tests.simulation.at_each_commit`: what the simulator is asked wherever all tests run.

Fresh seeds for three minutes, a few on PostgreSQL, and whether it still finds three faults that are
put in on purpose. The commit chooses seeds and faults: the same commit is asked the same again.
"""

import subprocess
import sys

from tests.simulation import ledger

NOTED = "instance/simulation.json"  # not the project's ledger: nothing here is committed
SIX_HOURS = ["--hours", "6", "--ledger", NOTED]


def main() -> int:
    """0 when nothing was found, but for the faults."""
    commit = ledger.commit()
    print(f"Simulated days of commit {commit}, from seed {first_seed(commit)}", flush=True)
    command = [sys.executable, "-m", "tests.simulation"]
    codes = [subprocess.run([*command, *each]).returncode for each in asked(commit)]
    return int(any(codes))


def asked(commit: str) -> list[list[str]]:
    """The arguments of each part."""
    seeds = [*SIX_HOURS, "--seeds", f"{first_seed(commit)}-"]
    return [
        [*seeds, "--minutes", "3"],
        [*seeds, "--minutes", "0.5", "--postgresql"],
        ["--three-faults-of", commit],
    ]


def first_seed(commit: str) -> int:
    """Far above the seeds of the ledger, and another one for most commits."""
    return ledger.CHOSEN_FREELY + int(commit[:7], 16)


if __name__ == "__main__":
    sys.exit(main())
