"""`python -m tests.simulation`: lives through seeds, keeps a ledger, and tells what it found."""

import argparse
import os
import sys
import time

HASH_SEED = "0"


def main() -> int:
    """0 when nothing was found beyond the known list; 1 with a story and a test otherwise."""
    options = _options()
    if os.environ.get("PYTHONHASHSEED") != HASH_SEED:  # the order of sets is under the seed, too
        again = [sys.executable, "-m", "tests.simulation", *sys.argv[1:]]
        os.execve(sys.executable, again, {**os.environ, "PYTHONHASHSEED": HASH_SEED})  # noqa: S606
    if options.postgresql:
        os.environ["SIMULATION_DATABASE"] = "postgresql"  # read by installation.py
    if options.faults is not None or options.three_faults_of:
        from tests.simulation import find_planted

        if options.three_faults_of:
            return find_planted.three_of(options.three_faults_of)
        return find_planted.main(options.faults)
    from tests.simulation import many

    return many.show(options) if options.show_ledger else many.main(options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--seeds", help="such as 1-200; without it, go on where the ledger ends")
    parser.add_argument("--count", type=int, default=100, help="so many, where the ledger ends")
    parser.add_argument("--hours", type=float, default=24.0, help="simulated, for each seed")
    parser.add_argument("--postgresql", action="store_true", help="instead of SQLite in memory")
    parser.add_argument("--minutes", type=float, help="stop after so many, fresh seeds by the time")
    parser.add_argument("--ledger", default="tests/simulation/ledger.json", help="the file")
    parser.add_argument("--show-ledger", action="store_true", help="list it, and what is owed")
    parser.add_argument("--tell", action="store_true", help="print the history of each seed")
    parser.add_argument("--faults", nargs="*", help="look for planted faults: these, or all")
    parser.add_argument("--three-faults-of", metavar="COMMIT", help="look for three, by a commit")
    options = parser.parse_args()
    if options.minutes is not None and options.seeds is None:
        options.seeds = f"{int(time.time())}-"
    return options


if __name__ == "__main__":
    sys.exit(main())
